"""What each shape of a floor is at a moment (此刻状态), for who looks: all rows of booking in one question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from chuangbao.booking.domain.schedules import read_schedules
from chuangbao.booking.domain.search import list_bookable
from chuangbao.booking.enums import HOLDING
from chuangbao.booking.models import Booking, Busy
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.plans.enums import ShapeState
from chuangbao.plans.models import Shape

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from chuangbao.booking.domain.schedules import Schedule
    from chuangbao.core.access.actors import Actor
    from chuangbao.plans.models import Floor

__all__ = ["Stated", "list_bookers", "read_states"]

WHY = "only that a time is taken is read"


@dataclass(frozen=True, slots=True)
class Stated:
    """A shape with its state; ``left`` is how many of ``places`` are free."""

    shape: Shape
    state: ShapeState
    left: int = 0
    places: int = 0


def own_bookings(actor: Actor) -> Q:
    """Return the condition of a booking that is the actor's own, in this capacity."""
    if actor.capacity is Capacity.MEMBER:
        return Q(for_organization=actor.organisation_id)
    if actor.signed_in:
        return Q(person=actor.person_id, for_organization=None)
    return Q(pk__in=[])


def ask_rows(actor: Actor, floor: Floor, at: datetime) -> QuerySet[Shape]:
    """Return the shapes of a floor with what booking says of each at a moment: one question."""
    held = unscoped(Booking, because=WHY).filter(resource=OuterRef("resource"), stage__in=HOLDING, blocked__contains=at)
    taken = held.order_by().values("resource").annotate(n=Count("place", distinct=True)).values("n")
    busy = Busy.objects.filter(resource=OuterRef("resource"), period__contains=at)
    rows = visible(Shape, to=actor).filter(floor=floor, removed_at=None).select_related("resource")
    rows = rows.annotate(
        taken=Coalesce(Subquery(taken, output_field=IntegerField()), 0),
        is_busy=Exists(busy),
        is_own=Exists(held.filter(own_bookings(actor))),
        is_open_to=Exists(list_bookable(actor).filter(pk=OuterRef("resource"))),
    )
    return rows.order_by("kind", "label", "pk")


def judge_shape(shape: Shape, schedule: Schedule, at: datetime) -> Stated:
    """Say what one shape is, from what ``ask_rows`` has found of it."""
    found, resource = vars(shape), shape.resource
    if resource is None or resource.retired_at is not None:
        return Stated(shape, ShapeState.NONE)
    day = at.astimezone(schedule.zone).date()
    is_open = any(opens <= at < closes for opens, closes in schedule.spans(day, day, resource.pk))
    left = max(resource.places - found["taken"], 0)
    states = (
        (found["is_own"], ShapeState.MINE),
        (not is_open, ShapeState.SHUT),
        (found["is_busy"], ShapeState.CLOSED),
        (left == 0, ShapeState.BOOKED),
        (not found["is_open_to"], ShapeState.TENANTS),
    )
    state = next((state for holds, state in states if holds), ShapeState.FREE)
    return Stated(shape, state, left, resource.places)


def read_states(actor: Actor, floor: Floor, at: datetime) -> list[Stated]:
    """Return what each shape of a floor in sight is at a moment; opening hours are two more questions."""
    schedule = read_schedules([floor.venue])[floor.venue_id]
    return [judge_shape(shape, schedule, at) for shape in ask_rows(actor, floor, at)]


def list_bookers(actor: Actor, floor: Floor, at: datetime) -> dict[int, list[Booking]]:
    """Return who has what of a floor at a moment, by the ids of the resources: what the front desk may see."""
    rows = visible(Booking, to=actor).filter(
        resource__shapes__floor=floor, resource__shapes__removed_at=None, stage__in=HOLDING, blocked__contains=at
    )
    found: dict[int, list[Booking]] = {}
    for row in rows.select_related("person", "for_organization").order_by("ends", "pk"):
        found.setdefault(row.resource_id, []).append(row)
    return found
