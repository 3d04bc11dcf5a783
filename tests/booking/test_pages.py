"""The pages of booking: an operator sets a venue up, a founder finds what is free, books and cancels."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from io import BytesIO
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

import factories
from booking.scene import SHANGHAI, at, make_room, make_venue, organisation_of
from chuangbao.accounts.models import Person
from chuangbao.booking.domain.bookings import book
from chuangbao.booking.domain.hours import add_exception, set_hours
from chuangbao.booking.domain.schedules import day_kind, read_schedules
from chuangbao.booking.domain.search import Need, find_free, find_open_hour
from chuangbao.booking.domain.timetables import find_next_time, read_timetable
from chuangbao.booking.domain.trainings import create_training_kind, record_training
from chuangbao.booking.domain.venues import update_venue
from chuangbao.booking.forms import ResourceForm
from chuangbao.booking.models import (
    AccessPass,
    Booking,
    DayKind,
    HoursException,
    OpeningHours,
    Resource,
    TrainingKind,
    Venue,
)
from chuangbao.core.models import Notice
from chuangbao.core.workflow.refusals import Refused

pytestmark = pytest.mark.usefixtures("regions")
WEEK = {day.value: "9:00-12:00，13:30至18:00" if day <= 5 else "" for day in DayKind}
RULES = {
    "kind": "room", "name": "大会议室", "floor": "3层", "door": "301", "capacity": 8, "features": "投影、白板",
    "audience": "public", "slot_minutes": 30, "buffer_before": 0, "buffer_after": 0, "notice_minutes": 0,
    "cancel_minutes": 0, "horizon_days": 180,
}  # fmt: skip


@pytest.fixture
def manager():
    return factories.member(role="manager")


@pytest.fixture
def guest():
    return factories.founder()


def text_of(answer):
    return answer.content.decode()


def test_an_operator_sets_a_venue_up_and_closes_it(client, manager, guest):
    factories.sign_in(client, manager)
    assert "还没有场所" in text_of(client.get(reverse("booking:venues")))
    refused = client.post(reverse("booking:new-venue"), {"name": "", "region": factories.COUNTY, "address": "某路"})
    assert refused.status_code == 422
    there = {"name": "一号场所", "region": factories.COUNTY, "address": "某路1号", "once": str(uuid4())}
    for _ in range(2):
        client.post(reverse("booking:new-venue"), there)
    venue = Venue.objects.get()
    page = reverse("booking:venue", args=[venue.pk])
    client.post(
        reverse("booking:edit-venue", args=[venue.pk]), there | {"name": "二号场所", "offer_minutes": 90, "once": ""}
    )
    assert client.post(reverse("booking:new-resource", args=[venue.pk]), RULES | {"capacity": 0}).status_code == 422
    answer = client.post(reverse("booking:new-resource", args=[venue.pk]), RULES)
    room = Resource.objects.get()
    assert answer.url == reverse("booking:resource", args=[room.pk])
    assert room.features == ["投影", "白板"]
    client.post(reverse("booking:edit-resource", args=[room.pk]), RULES | {"capacity": 10})
    assert Resource.objects.get().capacity == 10
    book(actor=guest, resource=room, starts=at(9), ends=at(10))
    assert "1 条尚未开始的预约" in text_of(client.get(page))
    client.post(reverse("booking:close-venue", args=[venue.pk]))
    assert Booking.objects.get().stage == "cancelled"
    assert Notice.objects.get(person=guest.person_id).event == "booking.call_off"
    assert "该场所已关闭" in text_of(client.get(page))


def test_hours_go_by_the_kind_of_day_with_exchanged_days_and_exceptions(client, manager):
    factories.sign_in(client, manager)
    venue = make_venue(manager)
    page = reverse("booking:hours", args=[venue.pk])
    for wrong in ("9-12", "12:00-9:00", "9:00-12:00, 11:00-13:00", "9:00-25:00"):
        refused = client.post(page, {"day_1": wrong})
        assert refused.status_code == 422
        assert wrong in text_of(refused), "nothing that was written is lost"
    assert not OpeningHours.objects.exists()
    client.post(page, {f"day_{day}": text for day, text in WEEK.items()})
    assert OpeningHours.objects.count() == 10
    holiday, exchanged, sunday = date(2026, 10, 1), date(2026, 10, 10), date(2026, 11, 29)
    assert [day_kind(day) for day in (holiday, exchanged, sunday)] == [8, 9, 7]
    schedule = read_schedules([venue])[venue.pk]
    assert [bool(schedule.times_of(day)) for day in (holiday, exchanged, sunday)] == [False, True, False]
    client.post(page, {"first": "2027-10-01", "last": "2027-09-30"})
    assert not HoursException.objects.exists()
    first, last = at(9).date(), at(9, days=8).date()
    special = {"first": f"{first}", "last": f"{last}", "times": "10:00-11:00", "reason": "盘点"}
    client.post(page, special)
    assert read_schedules([venue])[venue.pk].times_of(last) == [(600, 660)]
    assert "盘点" in text_of(client.get(page))
    client.post(reverse("booking:remove-exception", args=[venue.pk, HoursException.objects.get().pk]))
    assert not HoursException.objects.exists()


def test_a_booking_outside_the_hours_is_refused_with_what_is_free(manager, guest):
    venue = make_venue(manager)
    room = make_room(manager, venue)
    set_hours(actor=manager, venue=venue, week={day.value: "9:00-18:00" for day in DayKind})
    with pytest.raises(Refused) as refusal:
        book(actor=guest, resource=room, starts=at(17), ends=at(19))
    assert refusal.value.code == "not_open"
    assert "16:00–18:00" in str(refusal.value)
    add_exception(actor=manager, venue=venue, first=at(9).date())
    with pytest.raises(Refused):
        book(actor=guest, resource=room, starts=at(10), ends=at(11))


def test_a_search_begins_with_an_hour_at_which_something_is_open(manager):
    night = datetime(2026, 12, 1, 4, 20, tzinfo=SHANGHAI)  # a Tuesday
    assert find_open_hour(night) == night.replace(hour=6, minute=0)
    assert find_open_hour(night.replace(hour=21)) == night.replace(day=2, hour=9, minute=0)  # not over midnight
    week = {day.value: "8:30-21:00" if day <= 5 else "" for day in DayKind}
    set_hours(actor=manager, venue=make_venue(manager), week=week)
    assert find_open_hour(night) == night.replace(hour=9, minute=0)
    assert find_open_hour(night.replace(hour=13)) == night.replace(hour=15, minute=0)
    always = {day.value: "0:00-24:00" for day in DayKind}
    set_hours(actor=manager, venue=make_venue(manager, name="二号场所"), week=always)
    assert find_open_hour(night) == night.replace(hour=9, minute=0)
    assert find_open_hour(night.replace(hour=18)) == night.replace(day=2, hour=9, minute=0)
    assert find_open_hour(night.replace(hour=20)) == night.replace(day=2, hour=9, minute=0)
    assert find_open_hour(night.replace(day=5)) == night.replace(day=7, hour=9, minute=0)


def test_a_time_over_midnight_is_proposed_only_where_no_other_is_free(manager):
    room = make_room(manager)
    for clock, found in ((time(22, 40), at(23)), (time(23, 20), at(0, days=8))):
        late = datetime.combine(at(0).date(), clock, SHANGHAI)
        table = read_timetable(room, late, late + timedelta(days=7))
        assert find_next_time(table, late, timedelta(hours=1)) == (found, found + timedelta(hours=1))
    longer = timedelta(hours=30)
    assert find_next_time(table, late, longer) == (at(23, 30), at(23, 30) + longer)


def test_a_last_day_left_behind_is_said_beside_it(client, manager, guest):
    room = make_room(manager)
    factories.sign_in(client, guest)
    said = {"day": at(0).date(), "starts": "09:00", "ends": "10:00", "people": 1, "repeat": ""}
    answer = client.post(reverse("booking:book", args=[room.pk]), said | {"last_day": at(0, days=1).date()})
    assert answer.status_code == 422
    assert [*answer.context["form"].errors] == ["last_day"]
    assert "该日期早于开始日期" in text_of(answer)


def test_a_search_may_end_at_midnight(client, manager):
    room = make_room(manager)
    answer = client.get(
        reverse("booking:search"), {"day": at(0).date(), "starts": "22:00", "ends": "00:00", "people": 2}
    )
    assert answer.status_code == 200
    assert room.name in text_of(answer)


def test_the_form_of_a_resource_begins_with_its_next_free_time(client, manager, guest):
    venue = make_venue(manager)
    set_hours(actor=manager, venue=venue, week={day.value: "9:00-11:00" for day in DayKind})
    add_exception(actor=manager, venue=venue, first=at(0, days=0).date(), last=at(0, days=2).date())
    room = make_room(manager, venue, slot_minutes=30)
    book(actor=factories.founder(), resource=room, starts=at(9, 30, days=3), ends=at(10, days=3))
    factories.sign_in(client, guest)
    form = client.get(reverse("booking:book", args=[room.pk])).context["form"]
    said = {name: form.initial[name] for name in ("day", "starts", "ends")}
    assert said == {"day": at(0, days=3).date(), "starts": time(10), "ends": time(11)}
    asked = client.get(
        reverse("booking:book", args=[room.pk]), {"starts": at(9).isoformat(), "ends": at(11).isoformat()}
    )
    assert asked.context["form"].initial["day"] == at(9).date()


def test_a_founder_finds_books_and_cancels(client, manager, guest):
    venue = make_venue(manager)
    small, large = make_room(manager, venue, name="小会议室", capacity=4), make_room(manager, venue, name="大会议室")
    need = {"day": f"{at(14):%Y-%m-%d}", "starts": "14:00", "ends": "16:00", "people": 6, "kind": "room"}
    page = text_of(client.get(reverse("booking:search"), need))
    assert "大会议室" in page
    assert "小会议室" not in page
    assert client.get(reverse("booking:search"), need | {"ends": "13:00"}).status_code == 422
    factories.sign_in(client, guest)
    form = reverse("booking:book", args=[large.pk])
    sent = {**need, "purpose": "例会", "once": str(uuid4())}
    for _ in range(2):
        answer = client.post(form, sent)
    row = Booking.objects.get()
    assert answer.url == reverse("booking:booking", args=[row.pk])
    page = text_of(client.get(answer.url))
    for word in ("3层", "301", "某路1号", "例会"):
        assert word in page
    refused = client.post(form, {**need, "purpose": "周会", "once": str(uuid4())})
    assert refused.status_code == 422
    assert "附近空闲时段" in text_of(refused)
    links = re.findall(r'class="btn" href="(\?starts=[^"]+)">([^<]+)</a>', refused.content.decode())
    assert f"{at(16):%m-%d} 16:00–18:00" in [words for _link, words in links]
    again = client.get(form + unescape(links[-1][0])).content.decode()
    assert 'value="周会"' in again
    assert 'value="6"' in again
    near = text_of(client.get(reverse("booking:search"), need))
    assert "该时段没有空闲" in near
    assert "16:00–18:00" in near
    assert "例会" in text_of(client.get(reverse("booking:mine")))
    cancelled = text_of(client.post(reverse("booking:move", args=[row.pk, "cancel"]), follow=True))
    assert f"{row.resource.name} {row.starts.astimezone(SHANGHAI):%Y年}" in cancelled
    assert "已取消" in cancelled
    assert "例会" in text_of(client.get(reverse("booking:mine"), {"view": "past"}))
    assert client.post(reverse("booking:move", args=[row.pk, "nothing"])).status_code == 404
    assert small.pk != large.pk


def test_the_search_gives_what_is_open_to_the_actor_and_fits(manager, guest):
    venue = make_venue(manager)
    make_room(manager, venue, name="开放", features=["投影"])
    tenants = make_room(manager, venue, name="租户", audience="tenants")
    make_room(manager, make_venue(manager, "外地", factories.OTHER_CITY), name="外地会议室")
    tenant = factories.member()
    AccessPass.objects.create(venue=venue, for_organization=organisation_of(tenant))

    def names(actor, **need):
        found = find_free(actor, Need(at(9), at(10), **need))
        return [row.name for row in found.free]

    assert names(guest, region=factories.CITY) == ["开放"]
    assert names(tenant, region=factories.CITY) == ["开放", "租户"]
    assert names(guest, features=("投影",)) == ["开放"]
    update_venue(actor=manager, venue=venue, region=factories.OTHER_CITY)
    assert names(guest, region=factories.OTHER_CITY) == ["开放", "外地会议室"]
    update_venue(actor=manager, venue=venue, region=factories.COUNTY)
    assert names(guest, kind="machine") == []
    book(actor=tenant, resource=tenants, starts=at(9), ends=at(10))
    assert names(tenant, region=factories.CITY) == ["开放"]


def test_a_search_asks_the_same_few_queries_of_one_and_of_many(manager, guest, django_assert_num_queries):
    venue = make_venue(manager)
    set_hours(actor=manager, venue=venue, week={day.value: "9:00-18:00" for day in DayKind})
    make_room(manager, venue, weekly_minutes=600)
    need, late = Need(at(9), at(10)), Need(at(2), at(3))
    for _round in range(2):
        with django_assert_num_queries(3):
            assert find_free(guest, need).free
        with django_assert_num_queries(5):
            assert find_free(guest, late).near
        if not _round:
            for n in range(9):
                make_room(manager, venue, f"会议室{n}", weekly_minutes=600)


def test_calendars_are_tables_with_a_way_to_book_each_free_cell(client, manager, guest, django_assert_num_queries):
    venue = make_venue(manager)
    room = make_room(manager, venue)
    set_hours(actor=manager, venue=venue, week={day.value: "9:00-12:00" for day in DayKind})
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    page = reverse("booking:resource", args=[room.pk])
    client.get(page)
    with django_assert_num_queries(4):
        week = text_of(client.get(page, {"day": f"{at(9):%Y-%m-%d}"}))
    assert (week.count('td class="is-taken"'), week.count('td class="is-free"')) == (2, 6 * 7 - 2 - past_cells(week))
    day = text_of(client.get(page, {"day": f"{at(9):%Y-%m-%d}", "view": "day"}))
    assert (day.count('td class="is-taken"'), day.count('td class="is-free"')) == (2, 4)
    for page_of_times in (week, day):
        assert re.search(r'class="is-closed">不开放<', page_of_times)
        assert re.search(r'class="is-past">已过', page_of_times)
        assert "左右滑动表格可查看全部" in page_of_times
    hours = text_of(client.get(reverse("booking:day", args=[venue.pk]), {"day": f"{at(9):%Y-%m-%d}"}))
    assert (hours.count('td class="is-taken"'), hours.count('td class="is-free"')) == (1, 2)
    assert client.get(page, {"day": "9999-99-99"}).status_code == 200
    factories.sign_in(client, manager)
    assert reverse("booking:booking", args=[row.pk]) in text_of(client.get(page, {"day": f"{at(9):%Y-%m-%d}"}))


def past_cells(page):
    return page.count('td class="is-past"')


def test_lists_are_searched_counted_and_taken_along(client, manager, guest, django_assert_num_queries):
    factories.sign_in(client, manager)
    venue = make_venue(manager)
    rooms = [make_room(manager, venue, name=f"会议室{n:02}") for n in range(22)]
    for n in range(3):
        book(actor=guest, resource=rooms[n], starts=at(9 + n), ends=at(10 + n))
    for name, words, queries in (("venues", "一号场所", 7), ("resources", "会议室19", 8), ("desk", "会议室02", 9)):
        client.get(reverse(f"booking:{name}"))
        with django_assert_num_queries(queries):
            assert words in text_of(client.get(reverse(f"booking:{name}"), {"day": ""}))
        assert words not in text_of(client.get(reverse(f"booking:{name}"), {"q": "没有这个"}))
    found = text_of(client.get(reverse("booking:resources"), {"q": "会议室21", "kind": "room", "venue": venue.pk}))
    assert "会议室21" in found
    desk = text_of(client.get(reverse("booking:desk"), {"day": f"{at(9):%Y-%m-%d}", "stage": "confirmed"}))
    assert desk.count("cb-result-title") == 3
    for name, count in (("venues", 1), ("resources", 22), ("desk", 3)):
        book_of = load_workbook(BytesIO(client.get(reverse(f"booking:{name}-export"), {"day": ""}).content))
        assert book_of.active.max_row == count + 1


def test_a_search_says_how_many_are_free_and_leads_to_the_rest(client, manager):
    venue = make_venue(manager)
    every = {make_room(manager, venue, name=f"会议室{n:02}", capacity=4 + n % 3).name for n in range(45)}
    need = {"day": f"{at(14):%Y-%m-%d}", "starts": "14:00", "ends": "16:00", "people": 1, "kind": ""}
    address, seen = f"{reverse('booking:search')}?{urlencode(need)}", []
    for words, count in (("第1—20个", 20), ("第21—40个", 20), ("第41—45个", 5)):
        page = text_of(client.get(address))
        found = re.findall(r"会议室\d\d</a>", page)
        assert (words in page, len(found)) == (True, count)
        seen += [name[:5] for name in found]
        [*onward] = re.findall(r'href="(\?[^"]*after=[^"#]*)#found"', page)
        assert len(onward) == (count == 20)
        address = reverse("booking:search") + unescape(onward[0]) if onward else address
    assert (len(seen), set(seen)) == (45, every)
    assert "没有更多" not in page
    past = text_of(client.get(f"{address.split('&after')[0]}&after=99-1-45"))
    assert "没有更多" in past
    assert client.get(f"{address}&after=x-1").status_code == 200
    few = text_of(client.get(reverse("booking:search"), need | {"people": 6}))
    assert "共15个空闲" in few
    assert "after=" not in few


def test_the_front_desk_is_sorted_and_finds_people(client, manager, guest):
    factories.sign_in(client, manager)
    venue = make_venue(manager)
    rooms = [make_room(manager, venue, name=f"会议室{n}") for n in (3, 1, 2)]
    for n, room in enumerate(rooms):
        book(actor=guest, resource=room, starts=at(9 + n), ends=at(10 + n))
    named = {"": "312", "resource": "123", "latest": "213", "x": "312"}
    for sort, order in named.items():
        shown = text_of(client.get(reverse("booking:desk"), {"sort": sort, "day": ""}))
        assert "".join(re.findall(r"会议室(\d)", shown.split('class="cb-results"')[1])) == order, sort
        answer = client.get(reverse("booking:desk-export"), {"sort": sort, "day": ""})
        rows = load_workbook(BytesIO(answer.content)).active.iter_rows(min_row=2, values_only=True)
        assert "".join(row[1][-1] for row in rows) == order
    assert "data-print-page" in shown
    assert text_of(client.get(reverse("booking:desk"), {"q": guest.name})).count("cb-result-title") == 3


def test_the_front_desk_opens_on_today_and_leads_to_every_day(client, manager, guest):
    rooms = [make_room(manager, make_venue(manager), name="大会议室")]
    book(actor=guest, resource=rooms[0], starts=at(9), ends=at(10))
    Booking.objects.create(
        resource=rooms[0], person_id=guest.person_id, starts=at(0, days=0), ends=at(24, days=0), blocked=(at(0, days=0), at(24, days=0))
    )  # fmt: skip
    factories.sign_in(client, manager)
    page = reverse("booking:desk")
    today = text_of(client.get(page))
    assert (today.count("cb-result-title"), f'value="{at(0, days=0):%Y-%m-%d}"' in today) == (1, True)
    assert 'href="?day="' in today
    assert text_of(client.get(page, {"day": ""})).count("cb-result-title") == 2
    assert text_of(client.get(page, {"q": guest.name})).count("cb-result-title") == 2
    assert load_workbook(BytesIO(client.get(reverse("booking:desk-export")).content)).active.max_row == 2


def test_what_is_booked_round_the_clock_does_not_widen_the_day_of_a_venue(client, manager, guest):
    venue = make_venue(manager)
    desk = make_room(manager, venue, name="固定工位", kind="fixed_desk", capacity=1)
    room = make_room(manager, venue)
    book(actor=guest, resource=desk, starts=at(10, days=6), ends=at(18, days=9))

    def read_heads():
        return client.get(reverse("booking:day", args=[venue.pk]), {"day": f"{at(0):%Y-%m-%d}"}).context["grid"].heads

    assert (read_heads()[0], read_heads()[-1]) == ("00:00", "23:00"), "nothing says when it is open"
    book(actor=guest, resource=room, starts=at(6), ends=at(7))
    set_hours(actor=manager, venue=venue, week={day.value: "8:00-21:00" for day in DayKind}, fate="keep")
    assert (read_heads()[0], read_heads()[-1]) == ("06:00", "20:00")
    Booking.objects.filter(resource=room).update(stage="cancelled")
    assert (read_heads()[0], read_heads()[-1]) == ("08:00", "20:00")


def test_a_request_waits_on_the_workbench_and_is_decided_on_its_page(client, manager, guest):
    room = make_room(manager, needs_approval=True)
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    factories.sign_in(client, manager)
    page = reverse("booking:booking", args=[row.pk])
    assert page in text_of(client.get(reverse("portal:desk")))
    refused = client.post(reverse("booking:move", args=[row.pk, "decline"]), {"reason": ""})
    assert refused.status_code == 422
    client.post(reverse("booking:move", args=[row.pk, "decline"]), {"reason": "维修"})
    assert "未通过" in text_of(client.get(page))
    assert page not in text_of(client.get(reverse("portal:desk")))


def test_another_operators_venue_is_not_changed(client, manager):
    room = make_room(manager)
    factories.sign_in(client, factories.member())
    for name, pk in (("edit-venue", room.venue_id), ("hours", room.venue_id), ("edit-resource", room.pk)):
        assert client.get(reverse(f"booking:{name}", args=[pk])).status_code == 403
    assert client.post(reverse("booking:retire", args=[room.pk])).status_code == 403
    assert Resource.objects.get().retired_at is None


def test_a_moment_is_the_venues_and_not_the_readers(client, manager, guest):
    room = make_room(manager)
    factories.sign_in(client, guest)
    wish = {"starts": at(9).astimezone(UTC).isoformat(), "ends": at(10).isoformat()}
    page = text_of(client.get(reverse("booking:book", args=[room.pk]), wish))
    assert 'value="09:00"' in page
    assert 'value="10:00"' in page


def test_a_code_at_the_door_that_is_read_early_says_when_the_next_booking_begins(client, manager, guest):
    room = make_room(manager, no_show_minutes=20)
    factories.sign_in(client, guest)
    here = reverse("booking:here", args=[room.pk])
    assert "您现在没有该资源的预约" in text_of(client.get(here, follow=True))
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    answer = client.get(here, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("booking:booking", args=[row.pk])
    assert f"您在这里的下一次预约从{at(9):%Y-%m-%d} 09:00开始，08:45起可以签到。" in text_of(answer)
    assert "开始后20分钟仍未签到的，让给他人。" in text_of(answer)


def test_the_rules_of_a_resource_are_said_in_words(client, manager, guest):
    room = make_room(manager, buffer_after=10, notice_minutes=60, no_show_minutes=15, price_per_hour=40)
    page = text_of(client.get(reverse("booking:resource", args=[room.pk])))
    for words in ("使用后10分钟", "至少提前1小时，", "最多提前180天", "开始后15分钟内签到，否则让给他人", "¥40.00"):
        assert words in page, words
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    factories.sign_in(client, guest)
    assert "¥40.00" in text_of(client.get(reverse("booking:booking", args=[row.pk])))


def test_a_day_says_which_day_it_is_also_on_paper_and_that_people_work_on_an_exchanged_weekend(client, manager):
    venue = make_venue(manager)
    set_hours(actor=manager, venue=venue, week=WEEK)
    page = text_of(client.get(reverse("booking:day", args=[venue.pk]), {"day": "2026-10-10"}))
    head = page[page.index("2026-10-10") : page.index("cb-no-print")]
    assert "星期六" in head
    assert "调休上班日" in head
    assert "9:00-12:00, 13:30-18:00" in head
    page = text_of(client.get(reverse("booking:day", args=[venue.pk]), {"day": "2026-10-01"}))
    assert "法定节假日" in page
    assert "不开放" in page


def test_the_rules_of_time_are_folded_until_one_of_them_is_wrong(client, manager):
    venue = make_venue(manager)
    factories.sign_in(client, manager)
    form = reverse("booking:new-resource", args=[venue.pk])
    fresh = client.get(form).content.decode()
    names = {
        name
        for part in re.findall(r"<(?:details|fieldset).*?</(?:details|fieldset)>", fresh, re.DOTALL)
        for name in re.findall(r'name="(\w+)"', part)
    }
    assert names >= set(ResourceForm.base_fields)
    assert '<details class="cb-form-part"' in fresh
    wrong = client.post(form, RULES | {"slot_minutes": "-1"})
    assert wrong.status_code == 422
    assert '<details class="cb-form-part"' not in wrong.content.decode()


def test_the_tables_show_ones_own_bookings_and_the_free_half_of_an_hour(client, manager, guest):
    room = make_room(manager)
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    book(actor=factories.founder(), resource=room, starts=at(11), ends=at(11, 30))
    own = f'<td class="is-own"><a href="{reverse("booking:booking", args=[row.pk])}">我的'
    day = {"day": f"{at(9):%Y-%m-%d}"}
    pages = [reverse("booking:day", args=[room.venue_id]), reverse("booking:resource", args=[room.pk])]
    for page in pages:
        assert own not in client.get(page, day).content.decode()
    factories.sign_in(client, guest)
    for page in pages:
        assert own in client.get(page, day).content.decode()
    table = client.get(pages[0], day).content.decode()
    assert f"starts={at(11, 30):%Y-%m-%dT%H}%3A30" in table
    assert '">11:30–12:00<span' in table
    assert "starts=" + f"{at(11):%Y-%m-%dT%H}%3A00" not in table


def test_each_half_of_an_hour_can_be_reached_where_halves_differ(client, manager, guest):
    room = make_room(manager)
    set_hours(actor=manager, venue=room.venue, week={day.value: "8:30-12:00" for day in DayKind})
    own = book(actor=guest, resource=room, starts=at(9), ends=at(9, 30))
    book(actor=factories.founder(), resource=room, starts=at(10), ends=at(10, 30))
    factories.sign_in(client, guest)
    table = text_of(client.get(reverse("booking:day", args=[room.venue_id]), {"day": f"{at(9):%Y-%m-%d}"}))
    cells = re.findall(r'<td class="is-(\w+)">(.*?)</td>', table)
    assert [state for state, _content in cells] == ["free", "own", "free", "free"]
    assert '">8:30–9:00<span' in cells[0][1].replace("08:", "8:").replace("09:", "9:")
    assert reverse("booking:booking", args=[own.pk]) in cells[1][1]
    assert "09:30–10:00" in cells[1][1]
    assert f"starts={at(10, 30):%Y-%m-%dT%H}%3A30" in cells[2][1]
    hourly = make_room(manager, room.venue, name="整点", slot_minutes=60)
    table = text_of(client.get(reverse("booking:day", args=[room.venue_id]), {"day": f"{at(9):%Y-%m-%d}"}))
    row = table.partition(f"{reverse('booking:resource', args=[hourly.pk])}")[2].partition("</tr>")[0]
    assert re.findall(r'<td class="is-(\w+)">', row) == ["closed", "free", "free", "free"]


def test_calendars_say_what_is_not_open_to_who_reads_them(client, manager, guest):
    venue = make_venue(manager)
    kind = create_training_kind(actor=manager, name="激光安全", months=12)
    rooms = {
        "仅限入驻方": make_room(manager, venue, name="入驻", audience="tenants"),
        "仅限名单内": make_room(manager, venue, name="名单", audience="listed"),
        "需培训": make_room(manager, venue, name="激光", kind="machine", training=kind),
    }
    day = {"day": f"{at(9):%Y-%m-%d}"}
    factories.sign_in(client, guest)
    table = text_of(client.get(reverse("booking:day", args=[venue.pk]), day))
    assert 'td class="is-free"' not in table
    for words, room in rooms.items():
        assert f'<span class="is-barred">{words}</span>' in table, "the legend says it"
        own = text_of(client.get(reverse("booking:resource", args=[room.pk]), day))
        assert f'<td class="is-barred">{words}</td>' in own
        assert 'td class="is-free"' not in own
        assert reverse("booking:book", args=[room.pk]) not in own
    email = Person.objects.get(pk=guest.person_id).email
    laser = reverse("booking:resource", args=[rooms["需培训"].pk])
    record_training(actor=manager, kind=kind, email=email, held_on=at(0, days=-1).date())
    assert 'td class="is-free"' in text_of(client.get(laser, day))


def test_a_search_marks_what_asks_for_a_training_that_one_does_not_hold(client, manager, guest):
    kind = create_training_kind(actor=manager, name="激光安全")
    laser = make_room(manager, kind="machine", name="激光", training=kind)
    factories.sign_in(client, guest)
    asked = {"day": f"{at(9):%Y-%m-%d}", "starts": "09:00", "ends": "10:00", "people": 1}
    found = text_of(client.get(reverse("booking:search"), asked))
    assert ("需培训" in found, "激光" in found) == (True, True)
    assert reverse("booking:book", args=[laser.pk]) not in found


def test_a_region_that_narrows_a_search_says_all_where_none_is_chosen(client, regions):
    page = text_of(client.get(reverse("booking:search")))
    assert ("请选择地区" in page, '<option value="" selected>全部</option>' in page) == (False, True)


def test_a_training_is_added_in_the_form_of_a_resource(client, manager):
    venue = make_venue(manager)
    factories.sign_in(client, manager)
    form = reverse("booking:new-resource", args=[venue.pk])
    sent = RULES | {"new_training": "激光切割安全培训"}
    refused = client.post(form, sent | {"capacity": "0"})
    assert (refused.status_code, TrainingKind.objects.count()) == (422, 0)
    added = client.post(form, sent, follow=True)
    first = Resource.objects.get()
    assert first.training.name == "激光切割安全培训"
    assert "再添加一个资源" in text_of(added)
    assert form in text_of(added)
    client.post(form, sent | {"name": "小会议室"})
    client.post(reverse("booking:edit-resource", args=[first.pk]), sent | {"new_training": "焊接安全培训"})
    assert {row.training.name for row in Resource.objects.all()} == {"激光切割安全培训", "焊接安全培训"}
    assert TrainingKind.objects.count() == 2
