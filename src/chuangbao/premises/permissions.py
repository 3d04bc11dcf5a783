"""Who may do what with premises and letters: the space's operator issues, the licensee and officers read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import about_row, holds, in_capacity, in_scope, not_in_own_cause
from chuangbao.premises.enums import Reach

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = [
    "may_answer_lost",
    "may_issue_letter",
    "may_keep_contact",
    "may_keep_premises",
    "may_oversee",
    "may_read_contact",
    "may_see_letters",
]


@about_row
def is_host(actor: Actor, row: Any) -> bool:
    """Whether the actor acts for the organisation that runs the space of a premise or letter."""
    return actor.organisation_id == getattr(row, "premise", row).space.operator_id


@about_row
def is_licensee(actor: Actor, row: Any) -> bool:
    """Whether the actor acts for the firm whose file it is."""
    return actor.organisation_id == row.letter.organisation_id


@about_row
def is_lost(_actor: Actor, row: Any) -> bool:
    """Whether the host has stated that the firm of the file cannot be reached."""
    return str(row.reach) == Reach.LOST


is_member = in_capacity(Capacity.MEMBER)
may_keep_premises = is_member & is_host
may_issue_letter = is_member & holds("owner", "manager") & is_host  # what binds the organisation
may_oversee = in_capacity(Capacity.OFFICER) & holds("spaces")
may_see_letters = is_member | may_oversee
may_keep_contact = is_member & (is_host | is_licensee)
may_read_contact = may_keep_contact | (may_oversee & in_scope & is_lost)  # an office reads whom to reach when lost
may_answer_lost = may_oversee & in_scope & not_in_own_cause & is_lost
