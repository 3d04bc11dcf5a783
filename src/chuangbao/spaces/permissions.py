"""Who may do what with spaces: one predicate per page and verb. Registering asks for no permission before (1.2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import (
    about_row,
    holds,
    in_capacity,
    in_scope,
    not_in_own_cause,
    signed_in,
)

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = [
    "decides",
    "may_answer_transfer",
    "may_change_space",
    "may_decide_member",
    "may_end_space",
    "may_follow_space",
    "may_keep_project",
    "may_leave_project",
    "may_move_member",
    "may_oversee_spaces",
    "may_read_transfer",
    "may_recognise_space",
    "may_register_space",
    "may_withdraw_transfer",
]


@about_row
def is_operator(actor: Actor, space: Any) -> bool:
    """Whether the actor acts for the organisation that runs the space."""
    return actor.organisation_id == space.operator_id


@about_row
def is_giver(actor: Actor, transfer: Any) -> bool:
    """Whether the actor acts for the organisation that hands the space on."""
    return actor.organisation_id == transfer.giver_id


@about_row
def is_receiver(actor: Actor, transfer: Any) -> bool:
    """Whether the actor acts for the organisation that is to take the space over."""
    return actor.organisation_id == transfer.receiver_id


@about_row
def runs_member(actor: Actor, member: Any) -> bool:
    """Whether the actor acts for the organisation that runs the space which is in a project."""
    return actor.organisation_id == member.space.operator_id


is_member = in_capacity(Capacity.MEMBER)
decides = is_member & holds("owner", "manager")
may_register_space = is_member  # whoever acts for an organisation: 登记 at once
may_change_space = is_member & is_operator
may_end_space = decides & is_operator  # closing, reopening, merging and handing on
may_answer_transfer = decides & is_receiver
may_withdraw_transfer = decides & is_giver
may_oversee_spaces = in_capacity(Capacity.OFFICER) & holds("spaces")
may_recognise_space = may_oversee_spaces & in_scope & not_in_own_cause
may_read_transfer = is_member | may_oversee_spaces  # both sides; the officers of the area
may_follow_space = signed_in
may_keep_project = may_oversee_spaces & in_scope  # streets and parks (3.2), by the officers of their region
may_decide_member = may_keep_project & not_in_own_cause
may_leave_project = is_member & runs_member
may_move_member = is_member | may_oversee_spaces  # both sides; which move, the table of transitions says
