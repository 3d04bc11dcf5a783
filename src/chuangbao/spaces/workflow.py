"""How the states of a space and of its transfer change, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import Life, Move, attach_life
from chuangbao.spaces.enums import MemberStage, ProjectStage, SpaceStage, TransferStage
from chuangbao.spaces.models import Project, ProjectMember, Space, Transfer
from chuangbao.spaces.permissions import (
    may_answer_transfer,
    may_decide_member,
    may_end_space,
    may_keep_project,
    may_leave_project,
    may_withdraw_transfer,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["MEMBER", "PROJECT", "SPACE", "TRANSFER"]


def refuse_wrong_target(space: Any, _actor: Actor, given: Mapping[str, Any]) -> None:
    """Let a merger through into another open space of the same operator. Raises Refused: no_target (into)."""
    into = given["into"]
    if into.pk == space.pk or into.operator_id != space.operator_id or into.stage != SpaceStage.OPEN:
        message = _now("Choose another running space of your organisation. A space of others is handed on first.")
        raise Refused("no_target", message, field="into")


SPACE = attach_life(
    Space,
    Life(
        Move(
            "close",
            SpaceStage.OPEN >> SpaceStage.CLOSED,
            who=may_end_space,
            label=_("Close the space"),
            needs=("reason",),
        ),
        Move("reopen", SpaceStage.CLOSED >> SpaceStage.OPEN, who=may_end_space, label=_("Open it again")),
        Move(
            "merge",
            SpaceStage.OPEN >> SpaceStage.MERGED,
            who=may_end_space,
            label=_("Merge it into another"),
            needs=("into", "reason"),
            guard=refuse_wrong_target,
        ),
    ),
)
TRANSFER = attach_life(
    Transfer,
    Life(
        Move(
            "accept", TransferStage.OFFERED >> TransferStage.ACCEPTED, who=may_answer_transfer, label=_("Take it over")
        ),
        Move(
            "decline", TransferStage.OFFERED >> TransferStage.DECLINED, who=may_answer_transfer, label=_("Decline it")
        ),
        Move(
            "withdraw",
            TransferStage.OFFERED >> TransferStage.WITHDRAWN,
            who=may_withdraw_transfer,
            label=_("Withdraw the transfer"),
        ),
    ),
)
PROJECT = attach_life(
    Project,
    Life(
        Move("start", ProjectStage.PLANNED >> ProjectStage.RUNNING, who=may_keep_project, label=_("Start the project")),
        Move(
            "end",
            ProjectStage.PLANNED.or_(ProjectStage.RUNNING) >> ProjectStage.ENDED,
            who=may_keep_project,
            label=_("End the project"),
            needs=("reason",),
        ),
    ),
)
MEMBER = attach_life(
    ProjectMember,
    Life(
        Move("confirm", MemberStage.ASKED >> MemberStage.MEMBER, who=may_decide_member, label=_("Confirm it")),
        Move(
            "decline",
            MemberStage.ASKED >> MemberStage.DECLINED,
            who=may_decide_member,
            label=_("Do not confirm it"),
            needs=("reason",),
        ),
        Move(
            "leave",
            MemberStage.ASKED.or_(MemberStage.MEMBER) >> MemberStage.LEFT,
            who=may_leave_project,
            label=_("Leave the project"),
        ),
        Move(
            "take_out",
            MemberStage.MEMBER >> MemberStage.LEFT,
            who=may_decide_member,
            label=_("Take it out"),
            needs=("reason",),
        ),
    ),
)
