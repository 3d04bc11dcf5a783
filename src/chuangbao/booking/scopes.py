"""What each actor may see of booking: open venues are public, closed ones are their operator's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.booking.models import Resource, TrainingKind, Venue
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["own_venues"]


def own_venues(actor: Actor, path: str = "") -> Q:
    """Rows of the venues of the organisation that a member acts for."""
    if actor.capacity is Capacity.MEMBER and actor.organisation_id is not None:
        return Q(**{f"{path}organization": actor.organisation_id})
    return NOTHING


@scope(Venue)
def limit_venues(actor: Actor) -> Q:
    """Open venues for everybody, closed ones for their operator; the system sees all."""
    return EVERYTHING if actor.capacity is Capacity.SYSTEM else Q(is_open=True) | own_venues(actor)


@scope(Resource)
def limit_resources(actor: Actor) -> Q:
    """What is in use in open venues for everybody, all of its own for the operator; the system sees all."""
    in_use = Q(retired_at=None, venue__is_open=True)
    return EVERYTHING if actor.capacity is Capacity.SYSTEM else in_use | own_venues(actor, "venue__")


@scope(TrainingKind)
def limit_training_kinds(_actor: Actor) -> Q:
    """Everybody may know which trainings there are."""
    return EVERYTHING
