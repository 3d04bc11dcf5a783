"""What is left of the free minutes is on the page of one's own bookings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

import factories
from booking.scene import at, make_room, make_venue, organisation_of
from chuangbao.booking.domain.bookings import book
from chuangbao.booking.domain.free_minutes import list_free_minutes
from chuangbao.booking.domain.passes import admit_organization
from chuangbao.booking.domain.rates import set_allowance

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def manager():
    return factories.member(role="manager")


@pytest.fixture
def rooms(manager):
    """A room in each of two venues of one keeper."""
    return [make_room(manager, make_venue(manager, name), price_per_hour=Decimal(60)) for name in ("一号", "二号")]


@pytest.fixture
def tenant(manager, rooms):
    firm = factories.member()
    admit_organization(actor=manager, venue=rooms[0].venue, organization=organisation_of(firm))
    return firm


def allow(manager, room, group, minutes):
    set_allowance(actor=manager, venue=room.venue, group=group, minutes=minutes, first=timezone.localdate())


def left_on(actor, day):
    return [(one.allowance.venue.name, one.balance, one.allowance.minutes) for one in list_free_minutes(actor, day)]


def test_what_is_used_is_taken_off_and_each_group_sees_its_own(manager, rooms, tenant, django_assert_num_queries):
    here, near = rooms
    for room, group, minutes in (
        (here, "tenant", 300),
        (here, "team", 90),
        (near, "neighbour", 60),
        (near, "tenant", 5),
    ):
        allow(manager, room, group, minutes)
    starts = at(9)
    book(actor=tenant, resource=here, starts=starts, ends=at(11))
    with django_assert_num_queries(3):
        assert left_on(tenant, starts.date()) == [("一号", 180, 300), ("二号", 60, 60)]
    stranger = factories.member()
    with django_assert_num_queries(1):
        assert left_on(stranger, starts.date()) == []


def test_the_page_says_it_in_words(client, manager, rooms, tenant):
    allow(manager, rooms[0], "tenant", 300)
    factories.sign_in(client, tenant)
    page = client.get(reverse("booking:mine")).content.decode()
    assert "本月免费时长" in page
    assert "还剩5小时（每月5小时）" in page
    assert "本月免费时长" not in client.get(reverse("booking:mine"), {"view": "past"}).content.decode()
    factories.sign_in(client, factories.founder())
    assert "本月免费时长" not in client.get(reverse("booking:mine")).content.decode()


def test_an_allowance_that_is_over_or_of_a_month_to_come_is_not_shown(manager, rooms, tenant):
    today = timezone.localdate()
    allow(manager, rooms[0], "tenant", 300)
    assert left_on(tenant, today) == [("一号", 300, 300)]
    assert left_on(tenant, date(2019, 12, 31)) == []
