"""Who may do what with booking: one predicate per page and verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import about_row, holds, in_capacity

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["may_keep_venues", "may_serve"]


@about_row
def runs_venue(actor: Actor, row: Any) -> bool:
    """Whether the actor acts for the organisation of the venue, or of the venue of a resource or booking."""
    return actor.organisation_id is not None and actor.organisation_id == row.organization_id


may_serve = in_capacity(Capacity.MEMBER) & runs_venue  # the front desk: every member of the operator
may_keep_venues = may_serve & holds("owner", "manager")
