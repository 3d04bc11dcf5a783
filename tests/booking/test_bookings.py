"""One booking, never doubled: rules, stages, buffers, places, and many people at once."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

import factories
from booking.race import count_doubles, people_and_rooms, race
from booking.scene import SHANGHAI, at, make_room, make_venue, organisation_of
from chuangbao.booking.domain import bookings, claims
from chuangbao.booking.domain.bookings import book, move_booking
from chuangbao.booking.domain.rules import ask_for_usage
from chuangbao.booking.models import AccessPass, Booking, Busy, Training, TrainingKind
from chuangbao.booking.tasks import release_no_shows
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import visible
from chuangbao.core.kept_queries import ask_together
from chuangbao.core.models import History, Notice
from chuangbao.core.privacy import HOLDINGS
from chuangbao.core.workflow.refusals import Refused
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")
HALF = timedelta(minutes=30)


@pytest.fixture
def manager():
    return factories.member(role="manager")


@pytest.fixture
def room(manager):
    return make_room(manager)


@pytest.fixture
def guest():
    return factories.founder()


def refuse(code, act=book, /, **given):
    with pytest.raises(Refused) as refusal:
        act(**given)
    assert refusal.value.code == code, str(refusal.value)
    return refusal.value


def move(row, verb, actor, **given):
    return move_booking(booking=row, verb=verb, actor=actor, **given)


def set_clock(row, starts, ends):
    """Move a booking in time, as if it had been made for then."""
    Booking.objects.filter(pk=row.pk).update(starts=starts, ends=ends, blocked=(starts, ends))
    row.refresh_from_db()


def test_a_room_is_booked_and_the_second_is_told_what_is_free_near_it(room, guest):
    row = book(actor=guest, resource=room, starts=at(14), ends=at(16), purpose=" 例会 ", people=6)
    assert (row.stage, row.purpose, row.place, row.price) == ("confirmed", "例会", 1, None)
    refusal = refuse("taken", actor=factories.founder(), resource=room, starts=at(15), ends=at(16))
    assert refusal.field == "starts"
    assert "13:00–14:00" in str(refusal)
    assert "16:00–17:00" in str(refusal)
    assert Booking.objects.count() == 1
    assert [h.verb for h in History.objects.filter(kind="booking.booking")] == ["booking.book"]


def test_buffers_keep_bookings_apart(manager, guest):
    room = make_room(manager, buffer_before=15, buffer_after=15)
    book(actor=guest, resource=room, starts=at(10), ends=at(11))
    refuse("taken", actor=guest, resource=room, starts=at(11), ends=at(12))
    assert book(actor=guest, resource=room, starts=at(11, 30), ends=at(12)).pk


def test_a_shared_resource_gives_each_a_place_until_none_is_left(manager, guest):
    desk = make_room(manager, kind="hot_desk", name="流动工位", capacity=2)
    span = {"starts": at(9), "ends": at(18)}
    first, second = (book(actor=guest, resource=desk, **span) for _ in range(2))
    assert (first.place, second.place) == (1, 2)
    refuse("taken", actor=guest, resource=desk, **span)
    move(first, "cancel", guest)
    assert book(actor=guest, resource=desk, **span).place == 1


def test_what_is_busy_for_another_reason_is_not_booked(room, guest):
    Busy.objects.create(resource=room, period=(at(9), at(12)))
    refuse("taken", actor=guest, resource=room, starts=at(11), ends=at(13))


@pytest.mark.parametrize(
    ("rules", "wish", "code"),
    [
        ({}, lambda: {"starts": at(12), "ends": at(12)}, "ends_before_start"),
        ({}, lambda: {"starts": at(12, days=-1), "ends": at(13, days=-1)}, "past"),
        ({}, lambda: {"starts": at(12, 10), "ends": at(13)}, "odd_times"),
        ({}, lambda: {"starts": at(12), "ends": at(13), "people": 9}, "too_many_people"),
        ({"notice_minutes": 20160}, lambda: {"starts": at(12), "ends": at(13)}, "too_short_notice"),
        ({"max_minutes": 60}, lambda: {"starts": at(12), "ends": at(14)}, "too_long"),
        ({"horizon_days": 3}, lambda: {"starts": at(12), "ends": at(13)}, "too_far"),
        ({"audience": "tenants"}, lambda: {"starts": at(12), "ends": at(13)}, "not_for_you"),
        ({"weekly_minutes": 90}, lambda: {"starts": at(12), "ends": at(14)}, "quota"),
    ],
)
def test_a_wish_against_a_rule_is_refused_and_leaves_nothing(manager, guest, rules, wish, code):
    refuse(code, actor=guest, resource=make_room(manager, **rules), **wish())
    assert not Booking.objects.exists()


def test_a_step_that_runs_is_booked_by_who_walks_in(client, manager, guest):
    now = timezone.now()
    begun = now.replace(minute=now.minute - now.minute % 30, second=0, microsecond=0)
    span = {"starts": begun, "ends": begun + timedelta(hours=1)}
    room = make_room(manager, no_show_minutes=5)
    early = {"starts": begun - timedelta(minutes=30), "ends": begun + timedelta(minutes=30)}
    with override("zh-hans"), pytest.raises(Refused, match="已经开始") as refusal:
        book(actor=guest, resource=room, **early)
    assert "0 分钟" not in str(refusal.value)
    refuse("too_short_notice", actor=guest, resource=make_room(manager, room.venue, "要提前", notice_minutes=5), **span)
    page = client.get(reverse("booking:resource", args=[room.pk]), {"view": "day", "day": f"{at(0, days=0):%Y-%m-%d}"})
    assert f"starts={begun.astimezone(SHANGHAI):%Y-%m-%dT%H}%3A{begun:%M}" in page.content.decode()
    row = book(actor=guest, resource=room, **span)
    assert release_no_shows() == 0, "its people have the minutes from when they booked"
    assert row.stage == "confirmed"


def test_the_quota_counts_the_week_and_not_what_was_cancelled(manager, guest):
    room = make_room(manager, weekly_minutes=120)
    row = book(actor=guest, resource=room, starts=at(9), ends=at(11))
    refuse("quota", actor=guest, resource=room, starts=at(13), ends=at(13, 30))
    assert book(actor=guest, resource=room, starts=at(13, days=14), ends=at(15, days=14)).pk
    move(row, "cancel", guest)
    assert book(actor=guest, resource=room, starts=at(13), ends=at(14)).pk


def test_the_quota_reads_the_weeks_that_it_counts_and_no_others(manager, guest):
    room = make_room(manager, weekly_minutes=120, horizon_days=400)
    sunday = at(22, days=20 - at(0).weekday())
    monday = sunday - timedelta(days=6, hours=13)
    hour = timedelta(hours=1)
    for week in range(-1, 40):
        book(
            actor=guest,
            resource=room,
            starts=monday + timedelta(weeks=week),
            ends=monday + timedelta(weeks=week) + hour,
        )
    [read] = ask_together(ask_for_usage(guest.person_id, [room], (sunday, sunday + hour)))
    assert (monday, monday + hour) in [(starts, ends) for _pk, starts, ends in read]
    assert len(read) <= 3
    book(actor=guest, resource=room, starts=sunday, ends=sunday + hour)
    refuse("quota", actor=guest, resource=room, starts=sunday + hour, ends=sunday + 2 * hour)
    refuse("quota", actor=guest, resource=room, starts=monday + 2 * hour, ends=monday + 3 * hour)
    following = monday + timedelta(weeks=1, hours=3)
    assert book(actor=guest, resource=room, starts=following, ends=following + hour).pk


def test_tenants_and_those_on_the_list_book_what_is_theirs(manager):
    venue = make_venue(manager)
    room = make_room(manager, venue, audience="tenants")
    lab = make_room(manager, venue, name="实验室", audience="listed")
    tenant = factories.member()
    AccessPass.objects.create(venue=venue, for_organization=organisation_of(tenant))
    span = {"starts": at(9), "ends": at(10)}
    assert book(actor=tenant, resource=room, **span).for_organization_id == tenant.organisation_id
    refuse("not_for_you", actor=tenant, resource=lab, **span)
    listed = AccessPass.objects.create(venue=venue, resource=lab, person_id=tenant.person_id)
    row = book(actor=tenant, resource=lab, **span)
    move(row, "cancel", tenant)
    AccessPass.objects.filter(pk=listed.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    refuse("not_for_you", actor=tenant, resource=lab, **span)


def test_a_machine_is_refused_without_its_training_with_what_to_do(manager, guest):
    kind = TrainingKind.objects.create(organization=organisation_of(manager), name="激光安全", how="周三下午开课。")
    laser = make_room(manager, kind="machine", name="激光切割机", training=kind)
    span = {"starts": at(9), "ends": at(10)}
    refusal = refuse("training_needed", actor=guest, resource=laser, **span)
    assert "激光安全" in str(refusal)
    assert "周三下午开课。" in str(refusal)
    held = Training.objects.create(
        kind=kind, email=f"{guest.person_id}@example.org", person_id=guest.person_id, held_on=timezone.localdate()
    )
    row = book(actor=guest, resource=laser, **span)
    move(row, "cancel", guest)
    yesterday = timezone.localdate() - timedelta(days=1)
    Training.objects.filter(pk=held.pk).update(held_on=yesterday, ends_on=yesterday)
    refuse("training_needed", actor=guest, resource=laser, **span)


def test_a_request_waits_for_the_front_desk_and_is_told_what_came_of_it(manager, guest):
    room = make_room(manager, needs_approval=True)
    rows = [book(actor=guest, resource=room, starts=at(h), ends=at(h + 1)) for h in (9, 11)]
    assert {row.stage for row in rows} == {"requested"}
    assert Notice.objects.filter(event="booking.request", person=manager.person_id).count() == 2
    refuse("not_permitted", move, row=rows[0], verb="confirm", actor=guest)
    refuse("not_permitted", move, row=rows[0], verb="confirm", actor=factories.member())
    move(rows[0], "confirm", manager)
    refuse("reason_needed", move, row=rows[1], verb="decline", actor=manager)
    move(rows[1], "decline", manager, reason="维修")
    told = Notice.objects.filter(person=guest.person_id).order_by("pk").values_list("event", flat=True)
    assert list(told) == ["booking.confirm", "booking.decline"]
    own = book(actor=manager, resource=room, starts=at(11), ends=at(12))
    assert own.stage == "confirmed", "the front desk need not ask itself"


def test_a_request_that_was_decided_is_no_longer_new(manager, guest):
    row = book(actor=guest, resource=make_room(manager, needs_approval=True), starts=at(9), ends=at(10))
    told = Notice.objects.filter(person=manager.person_id, event="booking.request", read_at=None)
    assert told.count() == 1
    move(row, "confirm", manager)
    assert not told.exists()


def test_a_price_is_kept_to_the_cent(manager, guest):
    room = make_room(manager, price_per_hour=Decimal("33.33"))
    assert book(actor=guest, resource=room, starts=at(9), ends=at(10, 30)).price == Decimal("50.00")


def test_cancelling_ends_at_the_term_and_the_venue_calls_off_with_a_reason(manager, guest):
    room = make_room(manager, cancel_minutes=20160)
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    refuse("too_late", move, row=row, verb="cancel", actor=guest)
    refuse("reason_needed", move, row=row, verb="call_off", actor=manager)
    assert move(row, "call_off", manager, reason="停电").stage == "cancelled"
    assert Notice.objects.get(person=guest.person_id).data["reason"] == "停电"


def test_people_check_in_leave_early_and_what_is_left_is_free_at_once(manager, guest):
    room = make_room(manager, slot_minutes=5)
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    refuse("not_now", move, row=row, verb="check_in", actor=guest)
    now = timezone.now()
    set_clock(row, now - HALF, now + 4 * HALF)
    assert move(row, "check_in", guest).checked_in_at is not None
    left = move(row, "leave", guest)
    assert (left.stage, left.ends <= timezone.now()) == ("left", True)
    assert Booking.objects.get().blocked.upper == left.ends


def test_strangers_neither_see_nor_move_a_booking(manager, room, guest):
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    for stranger in (factories.founder(), factories.member(), factories.officer()):
        assert not visible(Booking, to=stranger).exists()
        for verb in ("cancel", "call_off", "check_in"):
            refuse("not_permitted", move, row=row, verb=verb, actor=stranger, reason="x")
    assert [visible(Booking, to=who).count() for who in (guest, manager)] == [1, 1]
    with pytest.raises(Forbidden):
        book(actor=factories.officer(), resource=room, starts=at(11), ends=at(12))


def test_what_is_held_of_a_person_is_exported_and_unnamed(room, guest):
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10), purpose="例会")
    assert [one["purpose"] for one in HOLDINGS["bookings"].export(guest.person_id)] == ["例会"]
    HOLDINGS["bookings"].erase(guest.person_id)
    row.refresh_from_db()
    assert (row.person, row.purpose, row.stage) == (None, "", "cancelled")


@pytest.mark.django_db(transaction=True)
def test_of_many_attempts_at_once_none_is_doubled_and_none_ends_in_an_error(monkeypatch):
    clashes = []
    insert = bookings.insert_booking
    monkeypatch.setattr(bookings, "insert_booking", lambda row: insert(row) or clashes.append(row))
    came_to = race(*people_and_rooms(8), attempts=20)
    assert count_doubles() == 0
    assert [code for code in came_to if code.startswith("error")] == []
    assert set(came_to) == {"booked", "cancelled", "taken"}
    assert clashes == [], "behind the lock the constraint has nothing to refuse"


@pytest.fixture
def two_at_one_time(monkeypatch):
    """Without the lock two people find the same hour free, both before either of them takes it."""
    both_found_it_free = threading.Barrier(2, timeout=20)
    insert = bookings.insert_booking
    monkeypatch.setattr(bookings, "insert_booking", lambda row: both_found_it_free.wait() >= 0 and insert(row))
    monkeypatch.setattr(claims, "list_locks", lambda _pk: [])

    def take_it():
        actors, rooms = people_and_rooms(2)
        return at_once(
            *[lambda who=who: book(actor=who, resource=rooms[0], starts=at(9), ends=at(10)) for who in actors]
        )

    return take_it


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_attempts_run_into_the_constraint(two_at_one_time):
    came_to = two_at_one_time()
    assert came_to.count("taken") == 1
    assert (Booking._base_manager.count(), count_doubles()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_constraint_there_are_doubles(two_at_one_time):
    rule = next(one for one in Booking._meta.constraints if one.name == "booking_never_doubled")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Booking, rule)
    try:
        two_at_one_time()
        assert count_doubles() == 1
    finally:
        Booking.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Booking, rule)
