"""Who may state, verify, dispute and withdraw facts; the subject's own people, and the officers of its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import about_row, holds, in_capacity, in_scope, not_in_own_cause

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = [
    "is_concerned",
    "may_correct",
    "may_have_facts",
    "may_import",
    "may_list",
    "may_open",
    "may_see",
    "may_state",
    "may_verify",
    "said_by_another",
]


@about_row
def concerned(actor: Actor, row: Any) -> bool:
    """The person themselves, or who acts for the very organisation that the facts are about."""
    subject = getattr(row, "subject", row)
    if actor.capacity is Capacity.SELF:
        return actor.person_id is not None and subject.person_id == actor.person_id
    return actor.organisation_id is not None and subject.organisation_id == actor.organisation_id


@about_row
def from_here(_actor: Actor, row: Any) -> bool:
    """A value stated here; what a register or an officer says is not theirs to take back."""
    return row.source in {"self", "platform"}


@about_row
def from_platform(_actor: Actor, row: Any) -> bool:
    """What came about by work on this platform, and is undone with it."""
    return row.source == "platform"


@about_row
def said_by_another(actor: Actor, row: Any) -> bool:
    """Two persons (双人): no person verifies what they stated, in whichever capacity."""
    return row.recorded_by_id != actor.person_id


may_have_facts = in_capacity(Capacity.SELF, Capacity.MEMBER)
is_concerned = may_have_facts & concerned
watches = in_capacity(Capacity.OFFICER) & holds("register", "supervisor")
registers = in_capacity(Capacity.OFFICER) & holds("register") & in_scope & not_in_own_cause
may_see = is_concerned | (watches & in_scope)
may_list = watches
may_open = is_concerned & in_capacity(Capacity.SELF)  # open one's own facts to the offices of a place
may_state = is_concerned | registers
may_import = may_have_facts | (in_capacity(Capacity.OFFICER) & holds("register"))
may_verify = registers & said_by_another
works_here = in_capacity(Capacity.SYSTEM) & from_platform
may_correct = (is_concerned & from_here) | registers | works_here  # withdraw
