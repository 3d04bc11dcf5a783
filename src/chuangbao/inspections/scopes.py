"""What each actor may see: an operator what concerns its spaces, officers what is of their area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope
from chuangbao.core.engine.regions import covered_regions
from chuangbao.inspections.models import GuidanceNote, GuidanceReply
from chuangbao.inspections.permissions import may_oversee

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["narrow_to_space"]


def narrow_to_space(actor: Actor, path: str = "space__") -> Q:
    """Rows of the actor's own spaces, or of those in an officer's area; ``path`` leads to the space."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    if actor.capacity is Capacity.MEMBER and actor.organisation_id is not None:
        return Q(**{f"{path}operator": actor.organisation_id})
    if may_oversee.test(actor):
        return Q(**{f"{path}region__in": covered_regions(actor.region)})
    return NOTHING


@scope(GuidanceNote)
def limit_notes(actor: Actor) -> Q:
    """Those to the actor's spaces; for officers of the area."""
    return narrow_to_space(actor)


@scope(GuidanceReply)
def limit_replies(actor: Actor) -> Q:
    """Those of the notes in sight."""
    return narrow_to_space(actor, "note__space__")
