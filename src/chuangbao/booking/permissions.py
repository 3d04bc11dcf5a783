"""Who may do what with booking: one predicate per page and verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import about_row, holds, in_capacity

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["is_system", "may_book", "may_keep_venues", "may_serve", "may_tend"]


@about_row
def runs_venue(actor: Actor, row: Any) -> bool:
    """Whether the actor acts for the organisation of the venue, or of the venue of a resource or booking."""
    return actor.organisation_id is not None and actor.organisation_id == row.organization_id


@about_row
def holds_booking(actor: Actor, booking: Any) -> bool:
    """Whether a booking is the person's own, or that of the organisation that they act for."""
    if actor.capacity is Capacity.MEMBER:
        return actor.organisation_id is not None and booking.for_organization_id == actor.organisation_id
    return actor.person_id is not None and (booking.person_id, booking.for_organization_id) == (actor.person_id, None)


is_system = in_capacity(Capacity.SYSTEM)
may_book = in_capacity(Capacity.SELF, Capacity.MEMBER)
may_tend = may_book & holds_booking  # one's own bookings
may_serve = in_capacity(Capacity.MEMBER) & runs_venue  # the front desk: every member of the operator
may_keep_venues = may_serve & holds("owner", "manager")
