"""Permission to open a check-up (政策体检): its address is the key; that of a known subject is for its own people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.permissions import about_row
from chuangbao.facts.permissions import is_concerned

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["may_open_checkup"]


@about_row
def may_open_checkup(actor: Actor, checkup: Any) -> bool:
    """Whether the actor may read and answer a check-up that was found by its address (政策体检)."""
    return checkup.subject is None or is_concerned.test(actor, checkup.subject)
