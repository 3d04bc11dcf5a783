"""Who may follow what is published; whether a text belongs to the actor's department."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import about_row, in_capacity, signed_in

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["is_officer", "may_subscribe", "of_department"]


@about_row
def of_department(actor: Actor, row: Any) -> bool:
    """A row of the department of the actor's agency, by any of its names."""
    from chuangbao.policies.domain.departments import aliases  # late: the pack is not loaded with the models

    return bool(actor.department) and row.department in aliases(actor.department)


is_officer = in_capacity(Capacity.OFFICER)
may_subscribe = signed_in
