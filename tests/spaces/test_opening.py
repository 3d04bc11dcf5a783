"""Hours that are typed at registration bind what is booked; where there are none, the operator is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

import factories
from booking.scene import at, make_room
from chuangbao.booking.domain.bookings import book
from chuangbao.booking.models import OpeningHours
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.domain.sites import add_site
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")
TODO, WARNING = "先设开放时间", "没有设开放时间"


@pytest.fixture
def owner():
    return factories.member(factories.organisation("演示运营公司", kind="space"))


def main_venue(space):
    return space.sites.get().venue


def text_of(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def test_hours_that_are_typed_at_registration_bind(client, owner):
    venue = main_venue(make_space(owner, hours="工作日8:30—17:30"))
    room, sunday = make_room(owner, venue), at(2, days=7)
    sunday += timedelta(days=7 - sunday.isoweekday())
    with pytest.raises(Refused) as refusal:
        book(actor=owner, resource=room, starts=sunday, ends=sunday + timedelta(hours=1))
    assert refusal.value.code == "not_open"
    factories.sign_in(client, owner)
    assert WARNING not in text_of(client, "booking:venue", venue.pk)
    assert TODO not in text_of(client, "portal:desk")


def test_hours_that_cannot_be_read_are_asked_for(client, owner):
    venue = main_venue(make_space(owner, hours="全年无休"))
    assert not OpeningHours.objects.exists()
    factories.sign_in(client, owner)
    assert TODO not in text_of(client, "portal:desk"), "nothing can be booked yet"
    room = make_room(owner, venue)
    assert reverse("booking:hours", args=[venue.pk]) in text_of(client, "portal:desk")
    assert TODO in text_of(client, "portal:desk")
    assert WARNING in text_of(client, "booking:venue", venue.pk)
    assert book(actor=owner, resource=room, starts=at(2), ends=at(3)).pk
    client.logout()
    assert WARNING not in text_of(client, "booking:venue", venue.pk)


def test_another_site_has_hours_of_its_own(owner):
    space = make_space(owner, hours="工作日8:30—17:30")
    first = main_venue(space)
    add_site(space=space, actor=owner, address="演示路2号")
    assert set(OpeningHours.objects.values_list("venue", flat=True)) == {first.pk}
