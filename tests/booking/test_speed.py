"""What pages of booking ask of the database, by literal numbers, and that asking less finds the same."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.urls import reverse

import factories
from booking.scene import at, make_room, make_venue
from chuangbao.booking.domain import search
from chuangbao.booking.domain.bookings import book
from chuangbao.booking.domain.search import Need, find_free
from chuangbao.booking.domain.timetables import ask_for_times, read_timetables
from chuangbao.booking.models import Busy, OpeningHours

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def guest():
    return factories.founder()


@pytest.fixture
def manager():
    return factories.member(role="manager")


@pytest.fixture
def venue(manager):
    return make_venue(manager)


def wish(**more):
    return {"day": f"{at(9):%Y-%m-%d}", "starts": "09:00", "ends": "10:00", "people": "1"} | more


def test_pages_ask_a_fixed_number_of_questions(client, guest, manager, venue, django_assert_num_queries):
    rooms = [make_room(manager, venue, name=f"会议室{n:02}", horizon_days=400) for n in range(3)]
    for hour in range(9, 12):
        book(actor=guest, resource=rooms[0], starts=at(hour), ends=at(hour + 1))
    factories.sign_in(client, guest)
    pages = {
        reverse("booking:search"): 10,
        reverse("booking:resource", args=[rooms[0].pk]): 8,
        reverse("booking:day", args=[venue.pk]): 9,
        reverse("booking:mine"): 9,
    }
    for page, count in pages.items():
        asked = wish() if page == reverse("booking:search") else {"day": wish()["day"]}
        client.get(page, asked)
        with django_assert_num_queries(count, info=page):
            said = client.get(page, asked).content.decode()
        assert ("会议室01" if page == reverse("booking:search") else "会议室00") in said
    series = wish(repeat="weekly", until=f"{at(9, days=364):%Y-%m-%d}")
    form = reverse("booking:book", args=[rooms[1].pk])
    client.post(form, series)
    with django_assert_num_queries(8):
        assert client.post(form, series).content.decode().count("is-eligible") == 52
    with django_assert_num_queries(12):  # two of them begin and end what is one transaction
        assert client.post(form, series | {"confirm": "1"}).status_code == 302
    client.post(form, wish())
    with django_assert_num_queries(11):
        assert client.post(form, wish(starts="11:00", ends="12:00")).status_code == 302


def test_the_rest_of_a_window_is_asked_where_its_first_ones_are_taken(guest, manager, venue, monkeypatch):
    rooms = [make_room(manager, venue, name=f"会议室{n:02}", capacity=4) for n in range(12)]
    for room in rooms[:5]:
        Busy.objects.create(resource=room, period=(at(9), at(10)))
    need = Need(at(9), at(10), "room", 2)
    whole = [row.pk for row in find_free(guest, need).free]
    assert whole == [room.pk for room in rooms[5:]]
    for first in (1, 4, 6, 12, 20):
        monkeypatch.setattr(search, "FIRST", first)
        assert [row.pk for row in find_free(guest, need).free] == whole


def test_a_place_that_no_region_has_finds_nothing(guest, manager, venue):
    make_room(manager, venue)
    assert find_free(guest, Need(at(9), at(10))).free
    found = find_free(guest, Need(at(9), at(10), region="999999"))
    assert (found.free, found.near) == ([], [])
    assert find_free(guest, Need(at(9), at(10), "room", region=factories.COUNTY)).free
    assert find_free(guest, Need(at(9), at(10), "room", region=factories.CITY)).free


def test_no_time_is_near_a_wish_that_is_longer_than_anything_is_open(guest, manager, venue):
    make_room(manager, venue)
    for day in range(1, 10):
        OpeningHours.objects.create(venue=venue, day=day, opens=540, closes=660)
    assert find_free(guest, Need(at(8), at(9))).near
    assert find_free(guest, Need(at(8), at(11))).near == []


def test_what_is_taken_is_looked_up_by_resource_and_time_at_once(venue, manager, guest):
    rooms = [make_room(manager, venue, name=f"会议室{n}") for n in range(2)]
    for hour, room in enumerate([*rooms, *rooms], 9):
        book(actor=guest, resource=room, starts=at(hour), ends=at(hour + 1))
    Busy.objects.create(resource=rooms[1], period=(at(14), at(15)))
    *_hours, taken, busy = ask_for_times(rooms, at(9), at(12))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for question, span in ((taken, "blocked"), (busy, "period")):
            cursor.execute(f"EXPLAIN {question.sql}", list(question.given))
            plan = "\n".join(line for (line,) in cursor.fetchall())
            condition = re.search(r"Index Cond: \(\(resource_id = \w+\.id\) AND \(" + span + " &&", plan)
            assert condition, plan
    tables = read_timetables(rooms, at(9), at(12))
    found = [(tables[room.pk].taken, tables[room.pk].busy) for room in rooms]
    assert found[0] == ([(1, at(9), at(10)), (1, at(11), at(12))], [])
    assert found[1] == ([(1, at(10), at(11)), (1, at(12), at(13))], [(at(14), at(15))])
