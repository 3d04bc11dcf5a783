"""The ways to plans: from the workbench, from a venue, a site and whatever can be booked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.booking.models import Resource, Venue
from chuangbao.booking.scopes import ids_of, own_venues
from chuangbao.core.access.row_access import visible
from chuangbao.core.kept_queries import KeptQuery, bare_actor, is_one_of
from chuangbao.core.onward import SetupStep, Way, add_steps, lead_onward
from chuangbao.core.workbench import Heading, Mine, mine
from chuangbao.plans.models import Floor, Shape
from chuangbao.plans.permissions import may_draw

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor, Capacity
    from chuangbao.spaces.models import Space

__all__: list[str] = []

ICON = "map-2"


@mine(Heading.SPACES)
def list_ways_to_plans(actor: Actor) -> Iterator[Mine]:
    """List the way to the floors of the actor's venues."""
    if may_draw.test(actor):
        yield Mine(_("Floor plans"), reverse("plans:list"), ICON)


@lead_onward("booking.resource")
def lead_to_shapes(actor: Actor, resources: Sequence[Resource]) -> dict[int, list[Way]]:
    """Return where each thing that can be booked is on its floor."""
    asked = ids_of(actor) | {"resources": [row.pk for row in resources]}
    return {
        resource or 0: [Way(_("See it on the plan"), f"{reverse('plans:floor', args=[floor])}#s{pk}", ICON)]
        for pk, floor, resource in SHAPES.rows(actor.capacity, **asked)
    }


def list_shapes(
    capacity: Capacity, resources: list[int], person: int | None = None, organisation: int | None = None
) -> QuerySet[Shape, tuple[Any, ...]]:
    """Write the query of where some resources are on plans that an actor sees."""
    rows = visible(Shape, to=bare_actor(capacity, person, organisation))
    rows = rows.filter(is_one_of("resource", resources), removed_at=None)
    return rows.order_by("pk").values_list("pk", "floor", "resource")


SHAPES = KeptQuery(list_shapes)


@lead_onward("booking.venue")
def lead_to_floors(actor: Actor, venues: Sequence[Venue]) -> dict[int, list[Way]]:
    """Return the plan of each venue that has one; to its keeper the page on which it is begun."""
    drawn = set(visible(Floor, to=actor).filter(venue__in=venues).order_by().values_list("venue", flat=True))
    found = {pk: [Way(_("Floor plan"), reverse("plans:venue", args=[pk]), ICON)] for pk in drawn}
    if may_draw.test(actor) and (missing := {row.pk for row in venues} - drawn):
        own = visible(Venue, to=actor).filter(own_venues(actor), pk__in=missing, is_open=True)
        for pk in own.values_list("pk", flat=True):
            found[pk] = [Way(_("Draw a floor plan"), reverse("plans:new", args=[pk]), ICON)]
    return found


@add_steps("spaces.space")
def list_step_of_plan(actor: Actor, space: Space) -> Iterator[SetupStep]:
    """List the drawing of the first floor of a space."""
    floors = visible(Floor, to=actor).filter(venue=OuterRef("pk")).order_by()
    venues = visible(Venue, to=actor).filter(site__space=space, site__until=None).annotate(is_drawn=Exists(floors))
    if venue := venues.order_by("-site__is_main", "pk").first():
        page = "plans:venue" if venue.is_drawn else "plans:new"
        yield SetupStep(_("Floor plan"), reverse(page, args=[venue.pk]), venue.is_drawn)
