"""Opening hours that change over what is booked: shown first, then called off or kept; and how hours are written."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils.translation import override

import factories
from booking.scene import at, make_room, make_venue
from chuangbao.booking.domain.bookings import book
from chuangbao.booking.domain.hours import add_exception, read_spoken_week, read_times, remove_exception, set_hours
from chuangbao.booking.models import Booking, DayKind, HoursException, OpeningHours
from chuangbao.core.models import Notice
from chuangbao.core.workflow.refusals import Refused
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")
LONG = {day.value: "8:00-22:00" for day in DayKind}
SHORT = {day.value: "8:00-18:00" for day in DayKind}
REASON = "停电检修"


@pytest.fixture
def manager():
    return factories.member(role="manager")


@pytest.fixture
def guest():
    return factories.founder()


@pytest.fixture
def venue(manager):
    row = make_venue(manager)
    set_hours(actor=manager, venue=row, week=LONG)
    return row


def sent(week, **special):
    """What the form of hours sends."""
    return {f"day_{day}": text for day, text in week.items()} | special


def closed_day():
    """A day without hours, as the form has it."""
    return {"first": f"{at(0):%Y-%m-%d}", "last": "", "times": "", "reason": REASON}


def text_of(answer):
    return answer.content.decode()


@pytest.mark.parametrize("fate", ["call_off", "keep"])
@pytest.mark.parametrize(("week", "closes"), [(SHORT, False), (LONG, True), (SHORT, True)])
def test_what_new_hours_leave_outside_is_shown_then_called_off_or_kept(client, venue, fate, week, closes):
    manager, guest = factories.member(venue.organization, role="manager"), factories.founder()
    special = closed_day() if closes else {}
    room = make_room(manager, venue)
    row = book(actor=guest, resource=room, starts=at(19), ends=at(20), purpose="例会")
    inside = book(actor=guest, resource=room, starts=at(9, days=8), ends=at(10, days=8), purpose="早会")
    factories.sign_in(client, manager)
    page = reverse("booking:hours", args=[venue.pk])
    shown = client.post(page, sent(week, **special), headers={"accept-language": "zh-hans"})
    words = text_of(shown)
    assert shown.status_code == 422
    assert all(one in words for one in ("例会", "有 1 个预约", "取消以上预约并通知", "保留以上预约"))
    assert "早会" not in words
    assert (HoursException.objects.count(), OpeningHours.objects.filter(closes=22 * 60).count()) == (0, 9)
    assert client.post(page, sent(week, **special) | {"fate": fate}).url == page
    row.refresh_from_db()
    inside.refresh_from_db()
    assert (row.stage, inside.stage) == ("cancelled" if fate == "call_off" else "confirmed", "confirmed")
    assert HoursException.objects.count() == bool(special)
    if fate == "call_off":
        assert Notice.objects.get(person=guest.person_id).data["reason"] == (
            special.get("reason") or "该时段场所不再开放。"
        )
    else:
        assert [one.event for one in Notice.objects.filter(person=guest.person_id)] == ["booking.keep"]


def test_days_that_open_a_venue_are_removed_like_hours_that_shorten(client, manager, guest, venue):
    set_hours(actor=manager, venue=venue, week={1: "9:00-10:00"})
    special = {"first": at(0).date(), "times": "18:00-21:00"}
    [exception] = add_exception(actor=manager, venue=venue, **special, fate="keep")
    row = book(actor=guest, resource=make_room(manager, venue), starts=at(19), ends=at(20), purpose="例会")
    with pytest.raises(Refused) as refusal:
        remove_exception(actor=manager, exception=exception)
    assert refusal.value.code == "left_outside"
    factories.sign_in(client, manager)
    address = reverse("booking:remove-exception", args=[venue.pk, exception.pk])
    shown = client.post(address)
    assert shown.status_code == 422
    assert "例会" in text_of(shown)
    assert HoursException.objects.exists()
    client.post(address, {"fate": "call_off"})
    row.refresh_from_db()
    assert (row.stage, HoursException.objects.exists()) == ("cancelled", False)


def test_what_stays_outside_the_hours_is_shown_as_ones_own_and_at_the_desk(client, manager, guest, venue):
    room = make_room(manager, venue)
    row = book(actor=guest, resource=room, starts=at(19), ends=at(20))
    add_exception(actor=manager, venue=venue, first=at(0).date(), fate="keep")
    day = {"day": f"{at(0):%Y-%m-%d}"}
    pages = [reverse("booking:day", args=[venue.pk]), reverse("booking:resource", args=[room.pk])]
    for page in pages:
        assert 'td class="is-taken"' in text_of(client.get(page, day))
    factories.sign_in(client, guest)
    own = f'<td class="is-own"><a href="{reverse("booking:booking", args=[row.pk])}">我的'
    for page in pages:
        assert own in text_of(client.get(page, day))
        assert own in text_of(client.get(page, day | {"view": "day"}))
    factories.sign_in(client, manager)
    assert "不在开放时间内" in text_of(client.get(reverse("booking:desk"), day))


def test_who_keeps_a_booking_outside_the_hours_is_told_and_sees_it_marked(client, manager, guest, venue):
    row = book(actor=guest, resource=make_room(manager, venue), starts=at(19), ends=at(20))
    factories.sign_in(client, guest)
    pages = [reverse("booking:mine"), reverse("booking:booking", args=[row.pk])]
    assert all("不在开放时间内" not in text_of(client.get(page)) for page in pages)
    set_hours(actor=manager, venue=venue, week=SHORT, fate="keep")
    assert all("不在开放时间内" in text_of(client.get(page)) for page in pages)
    assert "您的预约保留" in text_of(client.get(reverse("core:notices")))


@pytest.mark.parametrize("fate", ["call_off", "keep"])
@pytest.mark.parametrize("closed_by", ["week", "the_day_alone"])
def test_a_day_that_is_closed_further_asks_of_all_that_is_booked_on_it(manager, guest, venue, fate, closed_by):
    row = book(actor=guest, resource=make_room(manager, venue), starts=at(19), ends=at(20))
    another = {at(0).isoweekday() % 7 + 1: "8:00-18:00"}
    set_hours(actor=manager, venue=venue, week=another if closed_by == "week" else SHORT, fate="keep")
    given = {"actor": manager, "venue": venue, "first": at(0).date()}
    with pytest.raises(Refused) as refusal:
        add_exception(**given)
    assert refusal.value.code == "left_outside"
    add_exception(**given, fate=fate)
    row.refresh_from_db()
    assert row.stage == ("cancelled" if fate == "call_off" else "confirmed")


def test_what_was_kept_is_not_asked_about_again_where_nothing_is_closed_further(manager, guest, venue):
    book(actor=guest, resource=make_room(manager, venue), starts=at(19), ends=at(20))
    set_hours(actor=manager, venue=venue, week=SHORT, fate="keep")
    set_hours(actor=manager, venue=venue, week={day.value: "8:00-18:30" for day in DayKind})


@pytest.mark.parametrize("fate", ["call_off", "keep"])
def test_an_opening_removed_over_what_is_in_use_asks_and_leaves_it(manager, guest, venue, fate):
    set_hours(actor=manager, venue=venue, week={day.value: "0:00-0:01" for day in DayKind})
    [exception] = add_exception(actor=manager, venue=venue, first=at(0, days=0).date(), times="0:00-24:00")
    room = make_room(manager, venue)
    starts, ends = at(0, 1, days=0), at(24, days=0)
    taken = {"starts": starts, "ends": ends, "blocked": (starts, ends), "stage": "in_use"}
    row = Booking.objects.create(resource=room, person_id=guest.person_id, **taken)
    with pytest.raises(Refused) as refusal:
        remove_exception(actor=manager, exception=exception)
    assert refusal.value.code == "left_outside"
    done = remove_exception(actor=manager, exception=exception, fate=fate)
    row.refresh_from_db()
    assert (row.stage, done.kept, done.called_off) == ("in_use", 1, 0)
    assert [one.event for one in Notice.objects.filter(person=guest.person_id)] == ["booking.keep"]


@pytest.mark.django_db(transaction=True)
def test_a_booking_made_as_the_day_is_closed_is_refused_or_counted(regions):
    manager, guests = factories.member(role="manager"), [factories.founder() for _ in range(4)]
    venue = make_venue(manager)
    rooms = [make_room(manager, venue, name=f"会议室{n}") for n in range(4)]
    set_hours(actor=manager, venue=venue, week=LONG)
    for days in range(5, 10):
        span = {"starts": at(9, days=days), "ends": at(10, days=days)}
        closing = {"venue": venue, "first": at(0, days=days).date(), "fate": "call_off", "reason": "检修"}
        acts = [lambda n=n, span=span: book(actor=guests[n], resource=rooms[n], **span).stage for n in range(4)]
        outcomes = at_once(*acts, lambda closing=closing: len(add_exception(actor=manager, **closing)))
        assert outcomes[-1] == 1
        assert set(outcomes[:-1]) <= {"confirmed", "not_open"}
        assert not Booking.objects.filter(starts=span["starts"], stage="confirmed").exists()


def test_all_wrong_days_are_named_at_once_and_nothing_is_lost(client, manager, venue):
    factories.sign_in(client, manager)
    page = reverse("booking:hours", args=[venue.pk])
    wrong = {1: "9-12", 2: "12:00-9:00", 3: "9:00-12:00, 11:00-13:00", 4: "9:00-25:00"}
    answer = client.post(page, sent(LONG | wrong, times="8:75-9:00", reason=REASON))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"day_1", "day_2", "day_3", "day_4", "times", "first"}
    assert all(one in text_of(answer) for one in (*wrong.values(), "8:75-9:00", REASON))
    saved = client.post(page, sent(SHORT, **closed_day()))
    assert saved.status_code == 302
    assert (HoursException.objects.count(), OpeningHours.objects.filter(closes=18 * 60).count()) == (1, 9)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("9：00—18：00", [(540, 1080)]),
        ("8:30—12:00、13:00～21:00", [(510, 720), (780, 1260)]),
        ("８：３０－１２：００，１３：００－２１：００", [(510, 720), (780, 1260)]),
        ("9点半至12点；13时30分到21时", [(570, 720), (810, 1260)]),
        ("0:00-24:00", [(0, 1440)]),
    ],
)
def test_hours_are_read_as_they_are_written_in_chinese(text, times):
    assert read_times(text, "day_1") == times


def test_an_hour_that_no_day_has_is_named():
    with override("zh-hans"), pytest.raises(Refused, match="没有25:00这个时间"):
        read_times("9:00-25:00", "day_1")


WORKDAYS = {*range(1, 6), 9}


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("工作日8:30—17:30", dict.fromkeys(WORKDAYS, "8:30-17:30")),
        ("工作日（周一至周五）8：30—12：00，13：30—17：30", dict.fromkeys(WORKDAYS, "8:30-12:00, 13:30-17:30")),
        ("周一至周五 9点到18点；周末10:00-16:00", dict.fromkeys(range(1, 6), "9:00-18:00") | {6: "10:00-16:00", 7: "10:00-16:00"}),
        ("每天 8:30-21:00", dict.fromkeys(range(1, 10), "8:30-21:00")),
        ("每天全天，节假日休息", dict.fromkeys((*range(1, 8), 9), "0:00-24:00")),
        ("周一、周三9:00-12:00", {1: "9:00-12:00", 3: "9:00-12:00"}),
        ("weekdays 8:30–17:30", dict.fromkeys(WORKDAYS, "8:30-17:30")),
        ("8:30—17:30", {}),
        ("全年无休", {}),
        ("工作日8:30—17:30，其他时间请预约", {}),
        ("周五至周一9:00-12:00", {}),
        ("工作日", {}),
        ("工作日25:00-26:00", {}),
    ],
)  # fmt: skip
def test_hours_of_a_week_are_read_as_people_say_them(text, week):
    assert read_spoken_week(text) == week
