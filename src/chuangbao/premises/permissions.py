"""Who may do what with premises and letters: the space's operator issues, the licensee and officers read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import about_row, holds, in_capacity

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["may_issue_letter", "may_keep_premises", "may_see_letters"]


@about_row
def is_host(actor: Actor, row: Any) -> bool:
    """Whether the actor acts for the organisation that runs the space of a premise or letter."""
    return actor.organisation_id == getattr(row, "premise", row).space.operator_id


is_member = in_capacity(Capacity.MEMBER)
may_keep_premises = is_member & is_host
may_issue_letter = is_member & holds("owner", "manager") & is_host  # what binds the organisation
may_see_letters = is_member | (in_capacity(Capacity.OFFICER) & holds("spaces"))
