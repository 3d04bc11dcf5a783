"""The lock that all verbs of a space begin with, so that two at once wait for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.spaces.enums import SpaceStage
from chuangbao.spaces.permissions import may_change_space

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["lock_own_space"]


def lock_own_space(space: Space, actor: Actor) -> Space:
    """Return a running space of the actor's organisation, locked. Raises Forbidden; Refused: gone, ended."""
    row = lock_row(space)
    permit(may_change_space, actor=actor, row=row)
    if row.stage != SpaceStage.OPEN:
        raise Refused("ended", _("This space does not run any more, so its entry cannot be changed."))
    return row
