"""What each actor may see of plans: shown floors of open venues are public, the others are their operator's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.booking.scopes import own_venues
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, scope
from chuangbao.plans.models import Floor, Shape

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


@scope(Floor)
def limit_floors(actor: Actor) -> Q:
    """Those that are shown for everybody, all of its own for the operator; the system sees all."""
    shown = Q(is_shown=True, venue__is_open=True)
    return EVERYTHING if actor.capacity is Capacity.SYSTEM else shown | own_venues(actor, "venue__")


@scope(Shape)
def limit_shapes(actor: Actor) -> Q:
    """Those of the floors in sight."""
    shown = Q(floor__is_shown=True, floor__venue__is_open=True)
    return EVERYTHING if actor.capacity is Capacity.SYSTEM else shown | own_venues(actor, "floor__venue__")
