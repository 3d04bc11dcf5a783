"""What each actor may see of booking: open venues are public, closed ones are their operator's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.booking.models import (
    AccessPass,
    AllowanceUse,
    Booking,
    Feed,
    HoursException,
    Material,
    Quote,
    Resource,
    Series,
    StockEntry,
    Training,
    TrainingKind,
    Venue,
    Waiting,
)
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["ids_of", "own_venues"]


def ids_of(actor: Actor) -> dict[str, int]:
    """Return the ids by which an actor's rows are found, as values of a query that is worded once."""
    ids = {"person": actor.person_id, "organisation": actor.organisation_id}
    return {name: pk for name, pk in ids.items() if pk is not None}


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


@scope(HoursException)
def limit_exceptions(actor: Actor) -> Q:
    """Those of the venues in sight."""
    return EVERYTHING if actor.capacity is Capacity.SYSTEM else Q(venue__is_open=True) | own_venues(actor, "venue__")


@scope(AccessPass)
def limit_passes(actor: Actor) -> Q:
    """Those that the venue gave, and the actor's own."""
    own = Q(person=actor.person_id) if actor.signed_in else NOTHING
    return own | own_venues(actor, "venue__")


@scope(Booking)
def limit_bookings(actor: Actor) -> Q:
    """The actor's own in this capacity; the operator those of its venues; the system all."""
    return limit_held(actor, "", "resource__venue__")


def limit_held(actor: Actor, path: str, venue: str) -> Q:
    """Rows that name a holder: the actor's own in this capacity; the operator those of its venues; the system all."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    if actor.capacity is Capacity.SELF:
        return Q(**{f"{path}person": actor.person_id, f"{path}for_organization": None})
    if actor.capacity is Capacity.MEMBER:
        return Q(**{f"{path}for_organization": actor.organisation_id}) | own_venues(actor, venue)
    return NOTHING


@scope(Material)
def limit_materials(actor: Actor) -> Q:
    """Those of the venues in sight."""
    return limit_exceptions(actor)


@scope(StockEntry)
def limit_entries(actor: Actor) -> Q:
    """The actor's own in this capacity; the operator those of its venues."""
    return limit_held(actor, "", "material__venue__")


@scope(Quote)
def limit_quotes(actor: Actor) -> Q:
    """As bookings."""
    return limit_held(actor, "booking__", "booking__resource__venue__")


@scope(AllowanceUse)
def limit_uses(actor: Actor) -> Q:
    """The actor's own in this capacity; the operator those of its venues."""
    return limit_held(actor, "", "allowance__venue__")


@scope(Feed)
def limit_feeds(actor: Actor) -> Q:
    """A person's own, and those of the operator's resources."""
    own = Q(person=actor.person_id) if actor.signed_in else NOTHING
    return own | own_venues(actor, "resource__venue__")


@scope(Series)
def limit_series(actor: Actor) -> Q:
    """As bookings."""
    return limit_bookings(actor)


@scope(Waiting)
def limit_waiting(actor: Actor) -> Q:
    """The actor's own in this capacity; the operator those in line for its venues; the system all."""
    return limit_held(actor, "", "venue__")


@scope(Training)
def limit_trainings(actor: Actor) -> Q:
    """A person's own, and those that the operator gave."""
    own = Q(person=actor.person_id) if actor.signed_in else NOTHING
    return own | own_venues(actor, "kind__")
