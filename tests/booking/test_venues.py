"""Venues and resources: who registers, changes and closes them; what is refused changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

import factories
from chuangbao.accounts.models import Organisation
from chuangbao.booking.domain.hours import set_hours
from chuangbao.booking.domain.resources import create_resource, retire_resource, update_resource
from chuangbao.booking.domain.schedules import read_schedules
from chuangbao.booking.domain.venues import close_venue, create_venue, update_venue
from chuangbao.booking.models import DayKind, Resource, TrainingKind, Venue
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import visible
from chuangbao.core.models import History
from chuangbao.core.workflow.refusals import Refused
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def manager():
    return factories.member(role="manager")


def organisation_of(actor):
    return Organisation.objects.get(pk=actor.organisation_id)


def make_venue(actor, name="一号场所"):
    place = {"region": factories.COUNTY, "address": "南关区某路1号"}
    return create_venue(actor=actor, organization=organisation_of(actor), name=name, **place)


def refuse(code, verb, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    assert refusal.value.code == code
    return refusal.value


def test_a_venue_is_registered_changed_and_closed_and_each_is_on_the_record(manager):
    row = make_venue(manager, " 一号场所 ")
    assert (row.name, row.region_id, row.zone, row.is_open) == ("一号场所", factories.COUNTY, "Asia/Shanghai", True)
    update_venue(actor=manager, venue=row, name="二号场所", directions="地铁一号线")
    close_venue(actor=manager, venue=row)
    held = Venue.objects.get()
    assert (held.name, held.directions, held.is_open) == ("二号场所", "地铁一号线", False)
    assert held.closed_at is not None
    verbs = History.objects.filter(kind="booking.venue").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["booking.create_venue", "booking.update_venue", "booking.close_venue"]
    refuse("venue_closed", update_venue, actor=manager, venue=row, name="三")
    refuse("venue_closed", create_resource, actor=manager, venue=row, kind="room", name="会议室")
    assert make_venue(manager, "二号场所").pk != row.pk, "the name of a closed one is free"


def test_others_neither_register_nor_change_and_see_only_open_ones(manager):
    row = make_venue(manager)
    clerk = factories.member(organisation_of(manager), "clerk")
    strangers = (factories.member(), factories.founder(), factories.officer(), clerk)
    for stranger in strangers:
        for verb, given in ((update_venue, {"venue": row, "name": "x"}), (close_venue, {"venue": row})):
            with pytest.raises(Forbidden):
                verb(actor=stranger, **given)
        with pytest.raises(Forbidden):
            create_venue(
                actor=stranger, organization=organisation_of(manager), name="x", region=factories.COUNTY, address="x"
            )
        assert visible(Venue, to=stranger).count() == 1
    close_venue(actor=manager, venue=row)
    assert [visible(Venue, to=who).count() for who in (*strangers, manager)] == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"name": " "}, "name_needed", "name"),
        ({"address": ""}, "address_needed", "address"),
        ({"region": "999999"}, "no_place", "region"),
        ({"name": "一号场所"}, "name_taken", "name"),
    ],
)
def test_a_venue_that_is_refused_is_not_there(manager, given, code, field):
    make_venue(manager)
    usual = {"name": "新场所", "region": factories.COUNTY, "address": "某路1号"}
    refusal = refuse(code, create_venue, actor=manager, organization=organisation_of(manager), **usual | given)
    assert refusal.field == field
    assert Venue.objects.count() == 1


def test_a_resource_is_added_changed_and_retired(manager):
    venue = make_venue(manager)
    row = create_resource(
        actor=manager, venue=venue, kind="room", name="会议室", floor="3层", door="301", capacity=8, buffer_after=15,
        features=["投影", "白板", "投影"], price_per_hour=Decimal("60.005"),
    )  # fmt: skip
    assert (row.places, row.features, row.price_per_hour, row.way) == (
        1,
        ["投影", "白板"],
        Decimal("60.01"),
        "3层 · 301",
    )
    update_resource(actor=manager, resource=row, capacity=10, max_minutes=None, price_per_hour=None)
    desk = create_resource(actor=manager, venue=venue, kind="hot_desk", name="流动工位", capacity=12)
    assert (desk.places, desk.is_shared) == (12, True)
    retire_resource(actor=manager, resource=row)
    refuse("retired", update_resource, actor=manager, resource=row, name="x")
    assert [visible(Resource, to=who).count() for who in (factories.founder(), manager)] == [1, 2]
    verbs = History.objects.filter(kind="booking.resource", object_id=row.pk).order_by("pk")
    assert [one.verb for one in verbs] == [f"booking.{verb}_resource" for verb in ("create", "update", "retire")]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "boat"}, "no_kind"),
        ({"audience": "friends"}, "no_audience"),
        ({"name": ""}, "name_needed"),
        ({"name": "会议室"}, "name_taken"),
        ({"capacity": 0}, "out_of_range"),
        ({"slot_minutes": None}, "out_of_range"),
        ({"buffer_before": 2000}, "out_of_range"),
        ({"price_per_hour": Decimal(-1)}, "out_of_range"),
        ({"features": ["长" * 31]}, "too_many_features"),
    ],
)
def test_a_resource_that_is_refused_is_not_there(manager, given, code):
    venue = make_venue(manager)
    row = create_resource(actor=manager, venue=venue, kind="room", name="会议室")
    usual = {"kind": "room", "name": "另一间"}
    refuse(code, create_resource, actor=manager, venue=venue, **usual | given)
    create_resource(actor=manager, venue=venue, kind="room", name="第二间")
    before = Resource.objects.filter(name="第二间").values().get()
    refuse(code, update_resource, actor=manager, resource=Resource.objects.get(name="第二间"), **given)
    assert Resource.objects.filter(name="第二间").values().get() == before
    assert row.pk is not None
    assert Resource.objects.count() == 2


def test_a_machine_asks_for_a_training_of_its_own_operator_alone(manager):
    venue, other = make_venue(manager), factories.organisation()
    kind = TrainingKind.objects.create(organization=organisation_of(manager), name="激光切割安全培训", months=12)
    row = create_resource(actor=manager, venue=venue, kind="machine", name="激光切割机", training=kind)
    assert row.training == kind
    foreign = TrainingKind.objects.create(organization=other, name="别家培训")
    refuse("no_training", update_resource, actor=manager, resource=row, training=foreign)


@pytest.mark.django_db(transaction=True)
def test_of_two_venues_of_one_name_at_once_one_is_registered(manager):
    done = at_once(*(lambda: make_venue(manager, "同名") for _ in range(2)))
    assert sum(answer == "name_taken" for answer in done) == 1
    assert Venue.objects.count() == 1


def test_a_lawful_holiday_of_a_year_without_a_plan_goes_by_the_hours_of_holidays(client, manager):
    venue = make_venue(manager)
    set_hours(actor=manager, venue=venue, week={day.value: "9:00-18:00" for day in DayKind if day != DayKind.HOLIDAY})
    room = create_resource(actor=manager, venue=venue, kind="room", name="会议室")
    schedule = read_schedules([venue])[venue.pk]
    assert [bool(schedule.times_of(date(2027, *day))) for day in ((1, 1), (1, 4), (2, 8))] == [False, True, False]
    for address in (reverse("booking:day", args=[venue.pk]), reverse("booking:resource", args=[room.pk])):
        assert "该年放假安排尚未公布" in client.get(f"{address}?day=2027-01-01").content.decode()
        assert "该年放假安排尚未公布" not in client.get(f"{address}?day=2026-11-29").content.decode()
