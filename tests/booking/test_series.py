"""Series: preview, book the free ones, change this, those after it, or all; property: edits keep what they must."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories
from booking.race import count_doubles
from booking.scene import SHANGHAI, at, make_room
from chuangbao.booking.domain import series as domain
from chuangbao.booking.domain.bookings import book, move_booking
from chuangbao.booking.domain.resources import update_resource
from chuangbao.booking.domain.series import Wish, list_targets, reschedule
from chuangbao.booking.models import Booking, Series
from chuangbao.core.localization.working_days import is_working_day
from chuangbao.core.workflow.refusals import Refused

pytestmark = pytest.mark.usefixtures("regions")
HALF = timedelta(minutes=30)


@pytest.fixture
def room():
    return make_room(factories.member(role="manager"), horizon_days=1100)


@pytest.fixture
def guest():
    return factories.founder()


def preview_series(*, actor, resource, **wish):
    return domain.preview_series(actor=actor, resource=resource, wish=Wish(**wish))


def book_series(*, actor, resource, **wish):
    return domain.book_series(actor=actor, resource=resource, wish=Wish(**wish))


def last_day(weeks):
    return (at(9) + timedelta(weeks=weeks)).date()


def rows_of(series):
    return list(Booking.objects.filter(series=series).order_by("starts"))


def refuse(code, act, /, **given):
    with pytest.raises(Refused) as refusal:
        act(**given)
    assert refusal.value.code == code


def test_a_year_of_weeks_is_booked_but_for_the_clashes_that_the_preview_shows(room, guest):
    other = factories.founder()
    for week in (2, 5, 9):
        book(actor=other, resource=room, starts=at(9) + timedelta(weeks=week), ends=at(10) + timedelta(weeks=week))
    wish = {
        "actor": guest,
        "resource": room,
        "starts": at(9),
        "ends": at(10),
        "repeat": "weekly",
        "until": last_day(51),
    }
    shown = preview_series(**wish)
    assert [n for n, one in enumerate(shown) if one.problem] == [2, 5, 9]
    assert not Series.objects.exists()
    series, ids = book_series(**wish, purpose="例会")
    assert (len(shown), len(ids)) == (52, 49)
    rows = rows_of(series)
    assert {(row.purpose, row.stage, row.person_id) for row in rows} == {("例会", "confirmed", guest.person_id)}
    assert {row.starts.astimezone(SHANGHAI).hour for row in rows} == {9}
    assert count_doubles() == 0


def test_working_days_and_months_are_counted_as_the_calendar_says(room, guest):
    wish = {"actor": guest, "resource": room, "starts": at(9), "ends": at(10)}
    days = preview_series(**wish, repeat="workdays", until=last_day(10))
    assert all(is_working_day(one.starts.astimezone(SHANGHAI).date()) for one in days)
    assert len(preview_series(**wish, repeat="fortnightly", until=last_day(4))) == 3
    months = preview_series(**wish, repeat="monthly", until=last_day(30))
    assert len({one.starts.astimezone(SHANGHAI).day for one in months}) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda: {"repeat": "hourly"}, "no_repeat"),
        (lambda: {"until": at(9, days=1).date()}, "until_before_start"),
        (lambda: {"repeat": "workdays", "until": at(9, days=1090).date()}, "too_many"),
        (lambda: {"ends": at(8)}, "ends_before_start"),
    ],
)
def test_a_series_that_cannot_be_is_refused(room, guest, change, code):
    wish = {"resource": room, "starts": at(9), "ends": at(10), "repeat": "weekly", "until": last_day(3)}
    refuse(code, book_series, actor=guest, **wish | change())
    assert not Booking.objects.exists()


def test_where_none_is_free_nothing_is_booked(room, guest):
    wish = {"resource": room, "starts": at(9), "ends": at(10), "repeat": "weekly", "until": last_day(3)}
    book_series(actor=factories.founder(), **wish)
    refuse("taken", book_series, actor=guest, **wish)
    assert Series.objects.count() == 1


def make_series(room, guest, weeks=5):
    span = {"starts": at(9), "ends": at(10), "repeat": "weekly", "until": last_day(weeks)}
    series, _ids = book_series(actor=guest, resource=room, **span)
    return rows_of(series)


def shift(row, scope, actor, by, length=timedelta(hours=1)):
    starts = row.starts + by
    return reschedule(actor=actor, booking=row, scope=scope, starts=starts, ends=starts + length)


def test_one_is_moved_and_kept_by_changes_of_the_rest(room, guest):
    rows = make_series(room, guest)
    shift(rows[2], "this", guest, timedelta(days=1))
    moved = Booking.objects.get(pk=rows[2].pk)
    assert moved.is_moved
    done = shift(rows[1], "following", guest, timedelta(hours=2))
    assert {row.pk for row in done.moved} == {rows[n].pk for n in (1, 3, 4, 5)}
    assert Booking.objects.get(pk=rows[2].pk).starts == moved.starts
    assert Booking.objects.get(pk=rows[0].pk).starts == rows[0].starts
    assert Booking.objects.get(pk=rows[5].pk).starts == rows[5].starts + timedelta(hours=2)


def test_a_series_moves_by_a_week_over_its_own_neighbours(room, guest):
    rows = make_series(room, guest)
    done = shift(rows[0], "all", guest, timedelta(weeks=1))
    assert (len(done.moved), done.kept) == (6, [])
    assert [row.starts for row in rows_of(rows[0].series_id)] == [row.starts + timedelta(weeks=1) for row in rows]


def test_what_clashes_stays_and_is_named(room, guest):
    rows = make_series(room, guest)
    taken = rows[3].starts + timedelta(hours=3)
    book(actor=factories.founder(), resource=room, starts=taken, ends=taken + HALF)
    done = shift(rows[0], "all", guest, timedelta(hours=3))
    assert [row.pk for row in done.kept] == [rows[3].pk]
    refuse("taken", reschedule, actor=guest, booking=rows[3], starts=taken, ends=taken + HALF)
    refuse("not_permitted", reschedule, actor=factories.founder(), booking=rows[0], starts=at(15), ends=at(16))
    move_booking(booking=rows[5], verb="cancel", actor=guest)
    refuse("not_pending", reschedule, actor=guest, booking=rows[5], starts=at(15), ends=at(16))


EDITS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["this", "following", "all"]), st.integers(-4, 8), st.integers(1, 4)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_whatever_is_edited_nothing_doubles_and_no_other_booking_changes(room, edits):
    Booking.objects.all().delete()
    guest = factories.founder()
    rows, codes = make_series(room, guest, weeks=3), set()
    for number, scope, steps, halves in edits:
        row = Booking.objects.select_related("resource__venue").get(pk=rows[number].pk)
        before = {one.pk: one for one in Booking.objects.all()}
        targets = {one.pk for one in list_targets(row, scope)}
        try:
            done = shift(row, scope, guest, steps * HALF, halves * HALF)
        except Refused as refusal:
            codes.add(refusal.code)
            assert {one.pk: one.blocked for one in Booking.objects.all()} == {
                pk: one.blocked for pk, one in before.items()
            }
            continue
        after = {one.pk: one for one in Booking.objects.all()}
        moved = {one.pk for one in done.moved}
        assert moved | {one.pk for one in done.kept} == targets
        for pk, was in before.items():
            expected = was.starts + steps * HALF if pk in moved else was.starts
            assert after[pk].starts == expected
            assert was.is_moved <= after[pk].is_moved
            if was.is_moved and pk != row.pk:
                assert after[pk].blocked == was.blocked
        assert count_doubles() == 0
        assert len(after) == 4
    assert codes <= {"taken", "not_open", "past"}


def test_a_series_is_previewed_booked_and_moved_on_its_pages(client, room, guest):
    factories.sign_in(client, guest)
    book(actor=factories.founder(), resource=room, starts=at(9, days=14), ends=at(10, days=14))
    form = reverse("booking:book", args=[room.pk])
    sent = {"day": f"{at(9):%Y-%m-%d}", "starts": "09:00", "ends": "10:00", "people": 1, "repeat": "weekly"}
    assert client.post(form, sent).status_code == 422
    sent["until"] = f"{at(9, days=28):%Y-%m-%d}"
    page = client.post(form, sent).content.decode()
    assert "预约其中 3 个空闲时段" in page
    assert "该时段已被预约" in page
    assert Booking.objects.count() == 1
    assert client.post(form, sent | {"confirm": "1"}).url == reverse("booking:mine")
    row = Booking.objects.exclude(series=None).order_by("starts").first()
    time_form = reverse("booking:time", args=[row.pk])
    assert "本次及以后" in client.get(time_form).content.decode()
    moved = {"day": sent["day"], "starts": "11:00", "ends": "12:00", "scope": "all"}
    assert client.post(time_form, moved).url == reverse("booking:booking", args=[row.pk])
    hours = {one.starts.astimezone(SHANGHAI).hour for one in Booking.objects.exclude(series=None)}
    assert hours == {11}


def test_a_series_is_cancelled_as_a_whole_and_what_has_gone_by_stays(room, guest):
    series, _ids = book_series(
        actor=guest, resource=room, starts=at(9), ends=at(10), repeat="weekly", until=last_day(4)
    )
    first, *others = rows_of(series)
    Booking.objects.filter(pk=others[0].pk).update(stage="done")
    assert domain.move_bookings(booking=first, scope="all", verb="cancel", actor=guest) == len(others)
    assert [row.stage for row in rows_of(series)] == ["cancelled", "done", *["cancelled"] * (len(others) - 1)]


def test_what_cannot_be_moved_is_said_and_stays(room, guest):
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    times = {"starts": at(11), "ends": at(12)}
    refuse("not_permitted", reschedule, actor=factories.founder(), booking=row, **times)
    refuse("ends_before_start", reschedule, actor=guest, booking=row, starts=at(12), ends=at(11))
    move_booking(booking=row, verb="cancel", actor=guest)
    refuse("not_pending", reschedule, actor=guest, booking=row, **times)
    assert Booking.objects.get().starts == at(9)


def test_a_moved_booking_waits_for_approval_again_where_one_is_needed(guest):
    manager = factories.member(role="manager")
    room = make_room(manager, needs_approval=True)
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    move_booking(booking=row, verb="confirm", actor=manager)
    reschedule(actor=guest, booking=row, starts=at(11), ends=at(12))
    assert Booking.objects.get().stage == "requested"


def test_the_minutes_of_a_week_hold_for_series_and_moves(guest):
    room = make_room(factories.member(role="manager"), weekly_minutes=120)
    monday = at(9) - timedelta(days=at(9).weekday()) + timedelta(weeks=1)
    first = book(actor=guest, resource=room, starts=monday, ends=monday + timedelta(hours=1))
    wish = {"starts": monday + timedelta(days=1), "ends": monday + timedelta(days=1, hours=1), "repeat": "workdays"}
    until = (monday + timedelta(days=6)).date()
    shown = preview_series(actor=guest, resource=room, **wish, until=until)
    assert [one.place is not None for one in shown] == [True, *[False] * (len(shown) - 1)]
    times = {"starts": monday, "ends": monday + timedelta(hours=3)}
    refuse("quota", reschedule, actor=guest, booking=first, **times)
    assert reschedule(actor=guest, booking=first, starts=monday, ends=monday + timedelta(hours=2)).moved
    row = book(
        actor=guest, resource=room, starts=monday + timedelta(weeks=1), ends=monday + timedelta(weeks=1, hours=1)
    )
    refuse("quota", reschedule, actor=guest, booking=row, starts=monday + HALF * 6, ends=monday + HALF * 8)
    weeks = {"starts": monday + timedelta(weeks=3), "ends": monday + timedelta(weeks=3, hours=2), "repeat": "weekly"}
    series, ids = book_series(actor=guest, resource=room, **weeks, until=(monday + timedelta(weeks=5)).date())
    extra = monday + timedelta(weeks=4, days=2)
    refuse("quota", book, actor=guest, resource=room, starts=extra, ends=extra + HALF)
    refuse("taken", shift, row=rows_of(series)[0], scope="all", actor=guest, by=HALF, length=HALF * 5)
    assert (len(ids), {one.ends - one.starts for one in rows_of(series)}) == (3, {timedelta(hours=2)})


@pytest.mark.parametrize(
    ("rule", "code", "starts", "ends", "days"),
    [
        ({"max_minutes": 60}, "too_long", 9, 11, 7),
        ({"notice_minutes": 60 * 24 * 3}, "too_short_notice", 9, 10, 1),
        ({"cancel_minutes": 60 * 24 * 30}, "too_late", 9, 10, 9),
        ({"horizon_days": 8}, "too_far", 9, 10, 20),
    ],
)
def test_a_move_is_held_by_the_rules_and_the_front_desk_is_free_of_them(guest, rule, code, starts, ends, days):
    manager = factories.member(role="manager")
    room = make_room(manager, **rule)
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    change = {"starts": at(starts, days=days), "ends": at(ends, days=days)}
    refuse(code, reschedule, actor=guest, booking=row, **change)
    assert reschedule(actor=manager, booking=row, **change).moved


def test_who_has_lost_the_pass_moves_nothing(guest):
    manager = factories.member(role="manager")
    room = make_room(manager)
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    update_resource(actor=manager, resource=room, audience="tenants")
    refuse("not_for_you", reschedule, actor=guest, booking=row, starts=at(11), ends=at(12))


def test_a_time_of_a_series_that_is_ones_own_already_is_called_so(client, room, guest):
    book(actor=guest, resource=room, starts=at(9, days=14), ends=at(10, days=14))
    book(actor=factories.founder(), resource=room, starts=at(9, days=21), ends=at(10, days=21))
    factories.sign_in(client, guest)
    sent = {"day": f"{at(9):%Y-%m-%d}", "starts": "09:00", "ends": "10:00", "people": 1, "repeat": "weekly"}
    page = client.post(reverse("booking:book", args=[room.pk]), sent | {"until": f"{last_day(3):%Y-%m-%d}"})
    words = page.content.decode()
    assert (words.count("您已预约"), words.count("该时段已被占用") + words.count("已被预约")) == (1, 1)
