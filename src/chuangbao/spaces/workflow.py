"""How the states of a space and of its transfer change, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import Life, Move, attach_life
from chuangbao.spaces.enums import SpaceStage, TransferStage
from chuangbao.spaces.models import Space, Transfer
from chuangbao.spaces.permissions import may_answer_transfer, may_end_space, may_withdraw_transfer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["SPACE", "TRANSFER"]


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
