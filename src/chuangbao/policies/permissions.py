"""Who may write, review and publish measures; region and department set the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import about_row, holds, in_capacity, in_scope, not_in_own_cause, signed_in

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = [
    "may_author",
    "may_change_simulation",
    "may_comment",
    "may_draft",
    "may_replace",
    "may_review",
    "may_run",
    "may_see_entitled",
    "may_simulate",
    "may_subscribe",
]


@about_row
def of_department(actor: Actor, row: Any) -> bool:
    """A row of the department of the actor's agency, by any of its names."""
    from chuangbao.policies.domain.departments import aliases  # late: the pack is not loaded with the models

    return bool(actor.department) and row.department in aliases(actor.department)


@about_row
def ones_own(actor: Actor, row: Any) -> bool:
    """What the actor has made."""
    return row.author_id == actor.person_id


is_officer = in_capacity(Capacity.OFFICER)
may_draft = is_officer & holds("policy_editor") & in_scope & of_department
may_review = is_officer & holds("policy_reviewer") & in_scope & of_department & not_in_own_cause  # two persons (双人)
may_replace = is_officer & holds("policy_reviewer") & in_scope & of_department  # its correction has its own two persons
may_author = is_officer & holds("policy_editor", "policy_reviewer")
may_comment = may_author & in_scope & of_department
may_simulate = is_officer & holds("policy_editor", "policy_reviewer", "supervisor")
may_change_simulation = may_simulate & ones_own
may_subscribe = signed_in
may_run = is_officer & holds("supervisor", "policy_editor", "policy_reviewer")  # start a run, see its figures
may_see_entitled = is_officer & holds("supervisor", "register")  # see by name who is entitled
