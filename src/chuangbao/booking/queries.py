"""Lists of booking, each narrowed to an actor."""

from __future__ import annotations

from datetime import MAXYEAR, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from chuangbao.booking.enums import UPCOMING
from chuangbao.booking.models import Booking, Resource, Venue
from chuangbao.booking.scopes import own_venues
from chuangbao.core.access.row_access import visible
from chuangbao.core.localization.name_search import name_contains

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor

__all__ = ["list_front_desk", "list_mine", "list_own_resources", "list_own_venues"]

SORTS = {"name": ("name", "pk"), "newest": ("-created_at", "-pk")}


def list_own_venues(actor: Actor, *, words: str = "", state: str = "", sort: str = "name") -> QuerySet[Venue]:
    """List the venues of the actor's organisation, with how many resources each has in use."""
    rows = visible(Venue, to=actor).filter(own_venues(actor)).select_related("region")
    if words:
        rows = rows.filter(name_contains(words))
    if state in {"open", "closed"}:
        rows = rows.filter(is_open=state == "open")
    rows = rows.annotate(resource_count=Count("resources", filter=Q(resources__retired_at=None)))
    return rows.order_by(*SORTS.get(sort, SORTS["name"]))


def list_own_resources(
    actor: Actor, *, words: str = "", kind: str = "", venue: int = 0, state: str = "", sort: str = "name"
) -> QuerySet[Resource]:
    """List what the actor's organisation has to book; retired ones only where ``state`` asks for them."""
    rows = visible(Resource, to=actor).filter(own_venues(actor, "venue__")).select_related("venue", "training")
    if words:
        rows = rows.filter(name_contains(words))
    if kind:
        rows = rows.filter(kind=kind)
    if venue:
        rows = rows.filter(venue=venue)
    rows = rows.exclude(retired_at=None) if state == "retired" else rows.filter(retired_at=None)
    return rows.order_by(*SORTS.get(sort, SORTS["name"]))


def list_mine(actor: Actor, *, past: bool = False, now: datetime) -> QuerySet[Booking]:
    """List the actor's own bookings in this capacity: those to come, or what was, the newest first."""
    own = Q(person=actor.person_id, for_organization=actor.organisation_id)
    if actor.organisation_id:
        own = Q(for_organization=actor.organisation_id)
    rows = visible(Booking, to=actor).filter(own).select_related("resource__venue", "person")
    coming = Q(stage__in=UPCOMING, ends__gt=now)
    return rows.exclude(coming).order_by("-starts", "-pk") if past else rows.filter(coming).order_by("starts", "pk")


def list_front_desk(
    actor: Actor, *, day: date | None = None, stage: str = "", venue: int = 0, words: str = ""
) -> QuerySet[Booking]:
    """List the bookings of the operator's venues, of one day where it is given."""
    rows = visible(Booking, to=actor).filter(own_venues(actor, "resource__venue__"))
    rows = rows.select_related("resource__venue", "person", "for_organization")
    if day and day.year < MAXYEAR:
        zone = Venue(zone="Asia/Shanghai").clock
        midnight = datetime.combine(day, time(), zone)
        rows = rows.filter(starts__lt=midnight + timedelta(days=1), ends__gt=midnight)
    if stage:
        rows = rows.filter(stage=stage)
    if venue:
        rows = rows.filter(resource__venue=venue)
    if words:
        rows = rows.filter(Q(resource__name__icontains=words) | Q(for_organization__name__icontains=words))
    return rows.order_by("starts", "pk")
