"""What each actor may see of the desk beside the texts themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.authoring.models import WorkingCopy
from chuangbao.core.access.row_access import NOTHING, scope

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


@scope(WorkingCopy)
def copies(actor: Actor) -> Q:
    """Only the actor's own."""
    return Q(person=actor.person_id) if actor.person_id else NOTHING
