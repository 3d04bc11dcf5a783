"""A venue with what a test books in it, and moments to come."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

import factories
from chuangbao.accounts.models import Organisation
from chuangbao.booking.domain.resources import create_resource
from chuangbao.booking.domain.venues import create_venue

SHANGHAI = ZoneInfo("Asia/Shanghai")


def organisation_of(actor):
    return Organisation.objects.get(pk=actor.organisation_id)


def make_venue(actor, name="一号场所", region=factories.COUNTY):
    there = {"region": region, "address": "南关区某路1号"}
    return create_venue(actor=actor, organization=organisation_of(actor), name=name, **there)


def make_room(actor, venue=None, name="会议室", kind="room", **rules):
    rules = {"capacity": 8, "floor": "3层", "door": "301"} | rules
    return create_resource(actor=actor, venue=venue or make_venue(actor), kind=kind, name=name, **rules)


def at(hour, minute=0, *, days=7):
    """A moment so many days from now, by the clock of Shanghai."""
    day = timezone.now().astimezone(SHANGHAI).date() + timedelta(days=days)
    return datetime.combine(day, time(), SHANGHAI) + timedelta(hours=hour, minutes=minute)
