"""What the verbs of booking refuse, each with its code and the field it is about, and nothing changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

import factories
from booking.scene import SHANGHAI, at, make_room, make_venue, organisation_of
from chuangbao.booking.domain import feeds
from chuangbao.booking.domain.bookings import book, move_booking
from chuangbao.booking.domain.closing_off import close_off
from chuangbao.booking.domain.feeds import LARGEST, read_calendar
from chuangbao.booking.domain.hours import add_exception
from chuangbao.booking.domain.materials import create_material
from chuangbao.booking.domain.passes import admit_organization
from chuangbao.booking.domain.resources import retire_resource, update_resource
from chuangbao.booking.domain.trainings import create_training_kind
from chuangbao.booking.domain.venues import update_venue
from chuangbao.booking.domain.waiting import LineWish, join_line
from chuangbao.booking.models import AccessPass, Busy, HoursException, Resource
from chuangbao.core.workflow.refusals import Refused

pytestmark = pytest.mark.usefixtures("regions")
HEAD = b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n"
YEAR = (datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))


@pytest.fixture
def manager():
    return factories.member(role="manager")


def refuse(code, field, act, **given):
    with pytest.raises(Refused) as refusal:
        act(**given)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_an_organisation_is_admitted_to_what_is_there(manager):
    venue, other = make_venue(manager), make_venue(manager, name="二号场所")
    guest = factories.organisation()
    given = {"actor": manager, "venue": venue, "organization": guest}
    refuse("over", "ends_on", admit_organization, **given, ends_on=timezone.localdate() - timedelta(days=1))
    refuse("no_resource", "resource", admit_organization, **given, resource=make_room(manager, other))
    assert not AccessPass.objects.exists()
    admit_organization(**given)
    refuse("admitted", "code", admit_organization, **given)


def test_times_are_closed_off_for_a_reason(manager):
    room = make_room(manager)
    given = {"actor": manager, "venue": room.venue, "resources": [room.pk]}
    refuse("ends_before_start", "ends", close_off, **given, span=(at(10), at(9)), reason="检修")
    refuse("reason_needed", "reason", close_off, **given, span=(at(9), at(10)), reason=" ")
    refuse("no_resources", "resources", close_off, **(given | {"resources": []}), span=(at(9), at(10)), reason="检修")
    assert not Busy.objects.exists()


def test_what_is_booked_is_not_taken_away(manager):
    desks = make_room(manager, kind="hot_desk", name="流动工位", capacity=2)
    for _ in range(2):
        book(actor=factories.founder(), resource=desks, starts=at(9), ends=at(10))
    refuse("places_taken", "capacity", update_resource, actor=manager, resource=desks, capacity=1)
    with pytest.raises(TypeError):
        update_resource(actor=manager, resource=desks, colour="red")
    retire_resource(actor=manager, resource=desks)
    refuse("retired", "", update_resource, actor=manager, resource=desks, capacity=3)
    refuse("closed", "", book, actor=factories.founder(), resource=desks, starts=at(9), ends=at(10))
    refuse("gone", "", book, actor=factories.founder(), resource=Resource(pk=0), starts=at(9), ends=at(10))


def test_a_room_stays_as_large_as_its_bookings(manager):
    room = make_room(manager, capacity=8)
    book(actor=factories.founder(), resource=room, starts=at(9), ends=at(10), people=6)
    refuse("places_taken", "capacity", update_resource, actor=manager, resource=room, capacity=5)
    assert update_resource(actor=manager, resource=room, capacity=6).capacity == 6


def test_names_are_taken_once(manager):
    venue = make_venue(manager)
    make_venue(manager, name="二号场所")
    refuse("name_taken", "name", update_venue, actor=manager, venue=venue, name="二号场所")
    with pytest.raises(TypeError):
        update_venue(actor=manager, venue=venue, colour="red")
    create_training_kind(actor=manager, name="激光安全")
    refuse("name_taken", "name", create_training_kind, actor=manager, name="激光安全")
    assert organisation_of(manager).venues.count() == 2


def test_a_booking_ends_within_the_horizon(manager):
    room = make_room(manager, horizon_days=30)
    refuse("too_far", "ends", book, actor=factories.founder(), resource=room, starts=at(9), ends=at(9, days=200))


def test_a_calendar_is_read_with_its_bounds(monkeypatch):
    monkeypatch.setattr(feeds, "MOST", 50)  # reading thousands takes longer than a busy machine is given
    refuse(
        "too_large", "content", read_calendar, content=b"x" * (LARGEST + 1), zone=SHANGHAI, since=YEAR[0], until=YEAR[1]
    )
    event = b"BEGIN:VEVENT\nUID:%d\nDTSTART:20270101T%s\nDTEND:20270101T%s\n%sEND:VEVENT\n"
    many = b"".join(event % (n, b"010000Z", b"020000Z", b"") for n in range(51))
    given = {"zone": SHANGHAI, "since": YEAR[0], "until": YEAR[1]}
    refuse("too_many", "content", read_calendar, content=HEAD + many + b"END:VCALENDAR\n", **given)
    odd = event % (1, b"010000Z", b"020000Z", b"STATUS:CANCELLED\n") + event % (2, b"020000Z", b"020000Z", b"")
    day = b"BEGIN:VEVENT\nUID:3\nDTSTART;VALUE=DATE:20270105\nDTEND;VALUE=DATE:20270106\nEND:VEVENT\n"
    local = b"BEGIN:VEVENT\nUID:4\nDTSTART:20270107T090000\nDTEND:20270107T100000\nEND:VEVENT\n"
    spans = read_calendar(content=HEAD + odd + day + local + b"END:VCALENDAR\n", **given)
    assert [start.astimezone(SHANGHAI).isoformat()[:16] for start, _end in spans] == [
        "2027-01-05T00:00",
        "2027-01-07T09:00",
    ]


def press_twice(client, name, *args):
    """Send a form without fields to an address, as from a page that is no longer true; the second answer, in words."""
    address = reverse(f"booking:{name}", args=args)
    client.post(address)
    answer = client.post(address, headers={"accept-language": "zh-hans"})
    assert answer.status_code == 409
    assert 'class="btn btn-primary" href="' in answer.content.decode()
    return answer.content.decode()


def test_a_second_press_of_what_ends_something_is_answered_in_words(client, manager):
    room = make_room(manager)
    venue = room.venue
    given = {"actor": manager, "venue": venue}
    material = create_material(**given, name="打印丝", unit="卷", price=60)
    admitted = admit_organization(**given, organization=factories.organisation())
    [special] = add_exception(**given, first=timezone.localdate())
    [busy], _called_off = close_off(**given, resources=[room.pk], span=(at(9), at(10)), reason="检修")
    factories.sign_in(client, manager)
    assert "资源已停用" in press_twice(client, "retire", room.pk)
    assert "已停用" in press_twice(client, "retire-material", material.pk)
    for name, *args in (
        ("close-venue", venue.pk),
        ("open-time", venue.pk, busy.pk),
        ("remove-pass", venue.pk, admitted.pk),
        ("remove-exception", venue.pk, special.pk),
    ):
        assert "场所已关闭" in press_twice(client, name, *args)


def test_a_place_in_line_that_has_an_offer_is_not_left_in_silence(client, manager):
    room, (holder, other) = make_room(manager), (factories.founder(), factories.founder())
    taken = book(actor=holder, resource=room, starts=at(9), ends=at(10))
    place = join_line(actor=other, resource=room, wish=LineWish(at(9), at(10)))
    move_booking(booking=taken, verb="cancel", actor=holder)
    factories.sign_in(client, other)
    assert "没有办成" in press_twice(client, "leave-line", place.pk)


def test_a_time_off_the_steps_is_refused_in_the_words_of_the_step(manager):
    for minutes, words in ((1440, "整天"), (60, "整点"), (30, "30 分钟")):
        room = make_room(manager, make_venue(manager, name=f"{minutes}号"), slot_minutes=minutes)
        with override("zh-hans"), pytest.raises(Refused, match=words):
            book(actor=factories.founder(), resource=room, starts=at(9, 10), ends=at(10))


def test_what_is_noted_of_a_day_is_not_noted_twice_nor_otherwise(manager):
    venue, day = make_venue(manager), timezone.localdate() + timedelta(days=30)
    add_exception(actor=manager, venue=venue, first=day, last=day + timedelta(days=2))
    later = day + timedelta(days=2)
    for more in ({"first": day, "last": later}, {"first": later, "times": "9:00-10:00"}):
        refuse("noted", "first", add_exception, actor=manager, venue=venue, **more)
    far = day + timedelta(days=1200)
    refuse("too_far", "last", add_exception, actor=manager, venue=venue, first=far)
    assert HoursException.objects.count() == 1


def test_a_time_is_closed_off_once_and_not_for_ever(manager):
    room, other = (make_room(manager, make_venue(manager, name="甲")), make_room(manager, name="乙"))
    given = {"actor": manager, "venue": room.venue, "reason": "检修"}
    close_off(**given, resources=[room.pk], span=(at(9), at(12)))
    refuse("closed_already", "resources", close_off, **given, resources=[room.pk], span=(at(9), at(12)))
    refuse("closed_already", "resources", close_off, **given, resources=[room.pk], span=(at(10), at(11)))
    refuse("too_far", "last_day", close_off, **given, resources=[room.pk], span=(at(9), at(9, days=60_000)))
    assert Busy.objects.count() == 1
    assert not Busy.objects.filter(resource=other).exists()
