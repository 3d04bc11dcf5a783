"""Waiting in line: what becomes free is held for the next in line for a term, once, also for two at once."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from booking.race import count_doubles
from booking.scene import SHANGHAI, at, make_room, make_venue, organisation_of
from chuangbao.accounts.models import Membership, Person
from chuangbao.booking import tasks
from chuangbao.booking.domain import bookings, claims, waiting
from chuangbao.booking.domain.bookings import book, move_booking
from chuangbao.booking.domain.closing_off import close_off, open_again
from chuangbao.booking.domain.offer_terms import end_offer
from chuangbao.booking.domain.resources import retire_resource, update_resource
from chuangbao.booking.domain.series import reschedule
from chuangbao.booking.domain.venues import close_venue, update_venue
from chuangbao.booking.domain.waiting import advance_place, leave_line
from chuangbao.booking.models import Booking, Training, TrainingKind, Waiting
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import visible
from chuangbao.core.models import History, Notice
from chuangbao.core.workflow.refusals import Refused
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")


def span():
    """The hour that these tests wait for."""
    return {"starts": at(9), "ends": at(10)}


@pytest.fixture
def manager():
    return factories.member(role="manager")


@pytest.fixture
def room(manager):
    return make_room(manager)


@pytest.fixture
def people():
    return [factories.founder() for _ in range(3)]


def refuse(code, act, /, **given):
    with pytest.raises(Refused) as refusal:
        act(**given)
    assert refusal.value.code == code, str(refusal.value)


def join_line(*, actor, resource, **wish):
    return waiting.join_line(actor=actor, resource=resource, wish=waiting.LineWish(**wish))


def act(row, verb, actor, **given):
    return move_booking(booking=row, verb=verb, actor=actor, **given)


def stages():
    """The stages of all places in line, in the order in which they were joined."""
    return list(Waiting.objects.order_by("joined_at", "pk").values_list("stage", flat=True))


def offer_of(actor):
    """What is held for a person; none where nothing is."""
    rows = Booking.objects.select_related("resource__venue")
    return rows.filter(person=actor.person_id, stage="offered").first()


def end_terms():
    """Let the term of every offer be over."""
    Waiting.objects.filter(stage="offered").update(offer_until=timezone.now() - timedelta(seconds=1))


def wait_for(room, people, **given):
    """Book a room and let all others wait for it; the booking."""
    holder, *others = people
    row = book(actor=holder, resource=room, **span())
    for person in others:
        join_line(actor=person, resource=room, **span() | given)
    return row


def test_what_is_cancelled_is_held_for_the_next_in_line_and_falls_to_the_one_after(room, people):
    holder, first, second = people
    act(wait_for(room, people), "cancel", holder)
    assert stages() == ["offered", "waiting"]
    refuse("taken", book, actor=holder, resource=room, **span())
    refuse("not_permitted", act, row=offer_of(first), verb="accept", actor=second)
    told = Notice.objects.get(event="booking.offer")
    assert (told.person_id, told.data["resource"]) == (first.person_id, "会议室")
    refuse("too_early", act, row=offer_of(first), verb="lapse", actor=tasks.SYSTEM)
    assert act(offer_of(first), "turn_down", first).stage == "not_taken"
    assert stages() == ["turned_down", "offered"]
    assert act(offer_of(second), "accept", second).stage == "confirmed"
    assert (stages(), count_doubles()) == (["turned_down", "accepted"], 0)


@pytest.mark.parametrize("verb", ["accept", "turn_down"])
def test_an_offer_that_was_answered_is_no_longer_new(room, people, verb):
    holder, first, _second = people
    act(wait_for(room, people[:2]), "cancel", holder)
    told = Notice.objects.filter(person=first.person_id, event="booking.offer", read_at=None)
    assert told.count() == 1
    act(offer_of(first), verb, first)
    assert not told.exists()


def test_an_offer_lapses_by_the_job_and_when_it_is_read(room, people):
    holder, first, second = people
    act(wait_for(room, people), "cancel", holder)
    end_terms()
    row = offer_of(first)
    refuse("offer_over", act, row=row, verb="accept", actor=first)
    assert bookings.read_offer(row).stage == "not_taken"
    assert stages() == ["lapsed", "offered"]
    assert tasks.lapse_offers() == 0
    end_terms()
    assert tasks.lapse_offers() == 1
    assert (stages(), offer_of(second)) == (["lapsed", "lapsed"], None)
    assert Notice.objects.filter(event="booking.offer_over").count() == 2
    assert bookings.read_offer(book(actor=holder, resource=room, **span())).stage == "confirmed"


def test_whoever_books_over_a_lapsed_offer_gets_it_where_no_one_else_waits(room, people):
    act(wait_for(room, people[:2]), "cancel", people[0])
    end_terms()
    assert book(actor=people[2], resource=room, **span()).stage == "confirmed"
    assert stages() == ["lapsed"]


@pytest.mark.parametrize("way", ["call_off", "leave", "move", "open_again", "wider", "swept"])
def test_every_way_in_which_time_becomes_free_offers_it(manager, room, people, way):
    holder, first, _second = people
    row = wait_for(room, people[:2])
    if way == "call_off":
        act(row, "call_off", manager, reason="停电")
    elif way == "leave":
        now = timezone.now()
        Booking.objects.update(starts=now, ends=row.ends, blocked=(now, row.ends), stage="in_use")
        act(row, "leave", holder)
    elif way == "move":
        reschedule(actor=holder, booking=row, starts=at(12), ends=at(13))
    elif way == "open_again":
        span = (at(8), at(12))
        (busy,), _n = close_off(
            actor=manager, venue=room.venue, resources=[room.pk], span=span, reason="x", confirmed=True
        )
        assert offer_of(first) is None
        open_again(actor=manager, busy=busy)
    elif way == "wider":
        update_resource(actor=manager, resource=room, kind="hot_desk", capacity=2)
        Waiting.objects.update(kind="hot_desk")
    else:
        Booking.objects.update(stage="cancelled")
        assert tasks.offer_free_times() == 1
    assert offer_of(first) is not None


def test_any_start_of_the_day_and_any_of_a_kind_are_waited_for(manager, people):
    venue = make_venue(manager)
    rooms = [make_room(manager, venue, name=f"会议室{n}") for n in range(2)]
    holder, first, second = people
    day = {"starts": at(0), "ends": at(24)}
    rows = [book(actor=holder, resource=room, **day) for room in rooms]
    join_line(actor=first, resource=rooms[0], **span(), any_start=True, any_of_kind=True)
    join_line(actor=second, resource=rooms[0], **span(), any_of_kind=True)
    reschedule(actor=holder, booking=rows[1], starts=at(0), ends=at(20))
    assert (offer_of(first).resource_id, offer_of(first).starts) == (rooms[1].pk, at(20))
    assert offer_of(second) is None
    act(rows[0], "cancel", holder)
    assert offer_of(second).starts == at(9)


def test_what_can_be_booked_or_was_asked_for_or_is_never_open_is_not_waited_for(manager, room, people):
    holder, first, _second = people
    refuse("free", join_line, actor=first, resource=room, **span())
    wait_for(room, people[:2])
    refuse("waiting_already", join_line, actor=first, resource=room, **span())
    refuse("waiting_already", join_line, actor=first, resource=room, **span(), any_start=False, purpose="另一次")
    refuse("ends_before_start", join_line, actor=first, resource=room, starts=at(10), ends=at(9))
    refuse("too_many_people", join_line, actor=first, resource=room, **span(), people=9)
    refuse("too_far", join_line, actor=first, resource=room, starts=at(9, days=900), ends=at(10, days=900))
    with pytest.raises(Forbidden):
        join_line(actor=factories.officer(), resource=room, **span())
    assert stages() == ["waiting"]
    leave_line(actor=first, place=Waiting.objects.get())
    assert stages() == ["left"]
    assert join_line(actor=first, resource=room, **span()).stage == "waiting"
    assert [visible(Waiting, to=who).count() for who in (first, holder, manager)] == [2, 0, 2]


def test_who_may_not_have_it_is_passed_over_and_keeps_the_place(manager, people):
    kind = TrainingKind.objects.create(organization=organisation_of(manager), name="激光安全")
    laser = make_room(manager, kind="machine", name="激光切割机", training=kind, weekly_minutes=120)
    for person in people:
        Training.objects.create(
            kind=kind, email=f"{person.person_id}@example.org", person_id=person.person_id, held_on=timezone.localdate()
        )
    member = factories.member()
    Training.objects.create(
        kind=kind, email=f"{member.person_id}@example.org", person_id=member.person_id, held_on=timezone.localdate()
    )
    holder, untrained, greedy = people
    row = wait_for(laser, [holder, untrained, greedy, member])
    Training.objects.filter(person=untrained.person_id).delete()
    book(actor=greedy, resource=laser, starts=at(14), ends=at(16))
    Membership.objects.filter(person=member.person_id).update(ended_at=timezone.now())
    act(row, "cancel", holder)
    assert stages() == ["waiting"] * 3
    Person.objects.filter(pk=member.person_id).update(is_active=False)
    Training.objects.create(
        kind=kind,
        email=f"{untrained.person_id}@example.org",
        person_id=untrained.person_id,
        held_on=timezone.localdate(),
    )
    assert tasks.offer_free_times() == 1
    Training.objects.filter(person=untrained.person_id).delete()
    refuse("training_needed", act, row=offer_of(untrained), verb="accept", actor=untrained)
    assert stages()[0] == "offered"


def test_an_offer_ends_at_its_term_or_before_the_notice_is_due(manager, room, people):
    update_venue(actor=manager, venue=room.venue, offer_minutes=60)
    refuse("out_of_range", update_venue, actor=manager, venue=room.venue, offer_minutes=0)
    act(wait_for(room, people[:2]), "cancel", people[0])
    until = Waiting.objects.get().offer_until
    expected = end_offer(timezone.now(), 60, SHANGHAI, at(9))
    assert abs(until - expected) < timedelta(minutes=1)
    late = make_room(manager, room.venue, name="要提前", notice_minutes=60 * 24)
    span = {"starts": at(9, days=1) + timedelta(days=1), "ends": at(10, days=2)}
    row = book(actor=people[0], resource=late, **span)
    join_line(actor=people[1], resource=late, **span)
    before = span["starts"] - timezone.now() - timedelta(minutes=1)
    late.__class__.objects.filter(pk=late.pk).update(notice_minutes=before // timedelta(minutes=1))
    act(row, "cancel", people[0])
    until = Waiting.objects.order_by("-pk").first().offer_until
    assert until - timezone.now() <= timedelta(minutes=3)


@pytest.mark.parametrize(
    ("made", "last", "until"),
    [
        ((1, 23, 34), (5, 9, 0), (2, 10, 0)),
        ((1, 21, 30), (5, 9, 0), (2, 9, 30)),
        ((2, 3, 0), (5, 9, 0), (2, 10, 0)),
        ((1, 12, 0), (5, 9, 0), (1, 14, 0)),
        ((1, 23, 34), (2, 9, 0), (2, 1, 34)),
        ((1, 23, 34), (2, 0, 30), (2, 0, 30)),
        ((1, 20, 0), (1, 20, 0), (1, 20, 0)),
    ],
)
def test_the_night_does_not_count_where_the_time_is_far_enough_off(made, last, until):
    made, last, until = (datetime(2027, 3, *moment, tzinfo=SHANGHAI) for moment in (made, last, until))
    assert end_offer(made.astimezone(UTC), 120, SHANGHAI, last) == until


def test_a_long_offer_has_fourteen_hours_of_each_day():
    made, last = (datetime(2027, 3, day, 8, tzinfo=SHANGHAI) for day in (1, 30))
    assert end_offer(made, 14 * 60 * 3 + 30, SHANGHAI, last) == datetime(2027, 3, 4, 8, 30, tzinfo=SHANGHAI)


def test_where_the_venue_decides_an_offer_is_accepted_asking(manager, people):
    room = make_room(manager, needs_approval=True)
    holder, first, _second = people
    act(wait_for(room, people[:2]), "cancel", holder)
    refuse("approval_needed", act, row=offer_of(first), verb="accept", actor=first)
    assert act(offer_of(first), "accept_asking", first).stage == "requested"
    assert Notice.objects.filter(event="booking.request", person=manager.person_id).count() == 2


def test_the_operator_puts_a_place_ahead_only_on_the_record(manager, room, people):
    holder, _first, second = people
    row = wait_for(room, people)
    place = Waiting.objects.get(person=second.person_id)
    refuse("reason_needed", advance_place, actor=manager, place=place, reason=" ")
    with pytest.raises(Forbidden):
        advance_place(actor=second, place=place, reason="急")
    advance_place(actor=manager, place=place, reason="残疾人优先")
    kept = History.objects.get(verb="booking.advance_place")
    assert (kept.reason, kept.object_id) == ("残疾人优先", place.pk)
    act(row, "cancel", holder)
    assert stages() == ["waiting", "offered"]
    refuse("not_in_waiting", advance_place, actor=manager, place=place, reason="再来")


def test_places_end_with_what_they_wait_for(manager, room, people):
    holder, first, _second = people
    act(wait_for(room, people), "cancel", holder)
    retire_resource(actor=manager, resource=room)
    assert stages() == ["lapsed", "lapsed"]
    other = make_room(manager, room.venue, name="另一间")
    wait_for(other, people[:2])
    Waiting.objects.filter(stage="waiting").update(window=(at(9, days=-2), at(10, days=-2)))
    assert tasks.lapse_offers() == 1
    join_line(actor=first, resource=other, **span())
    close_venue(actor=manager, venue=room.venue)
    assert set(stages()) == {"lapsed"}


def test_a_taken_time_is_waited_for_offered_and_accepted_on_pages(client, manager, room, people):
    holder, first, second = people
    row = wait_for(room, [holder, second])
    factories.sign_in(client, first)
    sent = {"day": f"{at(9):%Y-%m-%d}", "starts": "09:00", "ends": "10:00", "people": 4, "purpose": "路演"}
    refused = client.post(reverse("booking:book", args=[room.pk]), sent).content.decode()
    page = reverse("booking:wait", args=[room.pk])
    assert f'href="{page}?starts=' in refused
    [onward] = re.findall(rf'href="({page}\?[^"]*)"', refused)
    asked = client.get(unescape(onward)).context["form"].initial
    assert (asked["people"], asked["purpose"]) == (4, "路演"), "what was typed goes along"
    assert client.post(page, sent | {"ends": "08:00"}).status_code == 422
    assert client.post(page, sent | {"any_start": "on"}).status_code == 422, "another hour of that day is free"
    assert client.post(page, sent).url == reverse("booking:mine")
    mine = client.get(reverse("booking:mine")).content.decode()
    assert "排在第 2 位" in mine
    act(row, "cancel", holder)
    move_booking(booking=offer_of(second), verb="turn_down", actor=second)
    held = offer_of(first)
    shown = client.get(reverse("booking:booking", args=[held.pk])).content.decode()
    assert "该时段已为您保留" in shown
    assert "接受或放弃" in client.get(reverse("booking:mine")).content.decode()
    desk = client.get(reverse("portal:desk")).content.decode()
    assert "接受或放弃：会议室" in desk
    assert f'href="{reverse("booking:booking", args=[held.pk])}"' in desk
    client.post(reverse("booking:move", args=[held.pk, "accept"]))
    assert "接受或放弃：会议室" not in client.get(reverse("portal:desk")).content.decode()
    assert Booking.objects.get(pk=held.pk).stage == "confirmed"
    place = join_line(actor=second, resource=room, **span())
    factories.sign_in(client, manager)
    ahead = reverse("booking:advance", args=[room.venue_id, place.pk])
    assert client.post(ahead, {"reason": ""}).status_code == 422
    client.post(ahead, {"reason": "残疾人优先"})
    line = client.get(reverse("booking:line", args=[room.venue_id])).content.decode()
    assert "场所已提前" in line
    factories.sign_in(client, second)
    client.post(reverse("booking:leave-line", args=[place.pk]))
    assert Waiting.objects.get(pk=place.pk).stage == "left"


@pytest.mark.django_db(transaction=True)
def test_an_offer_is_accepted_or_lapses_and_is_never_both(room, people):
    holder, first, second = people
    act(wait_for(room, people), "cancel", holder)
    end_terms()
    row = offer_of(first)
    came_to = at_once(lambda: act(row, "accept", first).stage, tasks.lapse_offers, lambda: bookings.read_offer(row))
    assert came_to[0] in {"offer_over", "not_in_offered"}
    assert (stages(), count_doubles()) == (["lapsed", "offered"], 0)
    row = offer_of(second)
    came_to = at_once(*[lambda verb=verb: act(row, verb, second).stage for verb in ("accept", "turn_down")])
    assert sum(code in {"confirmed", "not_taken"} for code in came_to) == 1


def two_rooms_for_one(people):
    """Two rooms of a kind are booked, and one person waits for either; the two cancellations."""
    manager = factories.member(role="manager")
    venue = make_venue(manager)
    rooms = [make_room(manager, venue, name=f"会议室{n}") for n in range(2)]
    holder, first, _second = people
    rows = [book(actor=holder, resource=room, **span()) for room in rooms]
    join_line(actor=first, resource=rooms[0], **span(), any_of_kind=True)
    return [lambda row=row: act(row, "cancel", holder).stage for row in rows]


@pytest.mark.django_db(transaction=True)
def test_of_two_cancellations_at_once_each_is_done_and_one_is_offered(people):
    assert at_once(*two_rooms_for_one(people)) == ["cancelled", "cancelled"]
    assert (stages(), Booking.objects.filter(stage="offered").count()) == (["offered"], 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_the_line_a_cancellation_fails(people, monkeypatch):
    both_saw_the_line = threading.Barrier(2, timeout=20)
    monkeypatch.setattr(waiting, "lock_line", lambda _venue: None)
    hold = waiting.hold_for
    monkeypatch.setattr(waiting, "hold_for", lambda *given: both_saw_the_line.wait() >= 0 and hold(*given))
    came_to = at_once(*two_rooms_for_one(people))
    assert sorted(came_to) == ["cancelled", "not_in_waiting"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_of_one_shared_resource_go_to_two_in_line(people):
    manager = factories.member(role="manager")
    desk = make_room(manager, kind="hot_desk", name="流动工位", capacity=2)
    holder, first, second = people
    rows = [book(actor=holder, resource=desk, **span()) for _ in range(2)]
    for person in (first, second):
        join_line(actor=person, resource=desk, **span())
    assert at_once(*[lambda row=row: act(row, "cancel", holder).stage for row in rows]) == ["cancelled"] * 2
    assert (stages(), count_doubles()) == (["offered", "offered"], 0)
    assert claims.hold_resource(desk.pk) == desk


def test_the_line_is_searched_and_exported(client, manager, room, people):
    taken = book(actor=people[0], resource=room, **span())
    for n, person in enumerate(people[1:]):
        join_line(actor=person, resource=room, purpose=f"目的{n}", **span())
    factories.sign_in(client, manager)
    page = reverse("booking:line", args=[room.venue_id])
    for query, count in (("", 2), ("?q=目的1", 1), ("?kind=room", 2), ("?kind=vehicle", 0), ("?stage=offered", 0)):
        shown = client.get(page + query).content.decode()
        assert ("目的1" in shown) is (count > 0), query
    assert "排在第2位" in client.get(f"{page}?q=目的1").content.decode().replace(" ", ""), "its number is among all"
    move_booking(booking=taken, verb="cancel", actor=people[0])
    answer = client.get(reverse("booking:line-export", args=[room.venue_id]) + "?stage=offered")
    sheet = load_workbook(BytesIO(answer.content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len([row for row in cells if "目的0" in row]) == 1
    assert not [row for row in cells if "目的1" in row]
