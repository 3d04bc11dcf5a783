"""Who may do what in guidance and inspections: officers of the area, and the operator of the space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import about_row, holds, in_capacity, in_scope, not_in_own_cause

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = [
    "is_inspector",
    "is_member",
    "may_answer",
    "may_draw",
    "may_guide",
    "may_inspect",
    "may_oversee",
    "may_see_notes",
]


@about_row
def runs_space(actor: Actor, row: Any) -> bool:
    """Whether the actor acts for the organisation that runs the space of a row, or the space that the row is."""
    return actor.organisation_id == getattr(row, "space", row).operator_id


@about_row
def is_inspector(actor: Actor, row: Any) -> bool:
    """Whether the draw gave the visit to the post in which the actor acts."""
    return actor.holder_id in {one.post_id for one in row.inspectors.all()}


is_member = in_capacity(Capacity.MEMBER)
may_oversee = in_capacity(Capacity.OFFICER) & holds("spaces")
may_guide = may_oversee & in_scope & not_in_own_cause
may_answer = is_member & runs_space
may_see_notes = is_member | may_oversee
may_draw = may_oversee & in_scope & not_in_own_cause
may_inspect = may_guide & is_inspector
