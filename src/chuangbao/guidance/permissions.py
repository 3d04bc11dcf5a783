"""Who asks and who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import about_row, holds, in_capacity, in_scope, not_in_own_cause

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["may_answer", "may_ask", "may_read", "may_tend"]


@about_row
def is_asker(actor: Actor, question: Any) -> bool:
    """Whether the actor is the founder who asked, in the capacity in which they asked."""
    return question.person_id == actor.person_id and question.organisation_id == actor.organisation_id


may_ask = in_capacity(Capacity.SELF, Capacity.MEMBER)
may_tend = may_ask & is_asker  # the founder's own part of a thread
may_answer = in_capacity(Capacity.OFFICER) & holds("guidance") & in_scope & not_in_own_cause
may_read = may_ask | in_capacity(Capacity.OFFICER) & holds("guidance")
