"""Who may simulate a measure; a simulation is changed by its author alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.permissions import about_row, holds
from chuangbao.policies.permissions import is_officer

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["may_change_simulation", "may_simulate"]


@about_row
def is_author(actor: Actor, row: Any) -> bool:
    """Whether the actor made the row."""
    return row.author_id == actor.person_id


may_simulate = is_officer & holds("policy_editor", "policy_reviewer", "supervisor")
may_change_simulation = may_simulate & is_author
