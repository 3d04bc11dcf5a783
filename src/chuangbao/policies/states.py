"""The lives of what officers write, as data: versions of measures, documents, explanations and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from chuangbao.core.transitions import Life, Move, State
from chuangbao.policies.guards import every_example_holds, has_clauses
from chuangbao.policies.permissions import may_draft, may_review

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.actors import Actor

__all__ = ["INTERPRETATION", "PAPER", "VERSION", "Stage"]


class Stage(State):
    """Where a text stands (阶段)."""

    DRAFT = "draft", _("Draft")  # 起草
    IN_REVIEW = "in_review", _("In review")  # 审核
    IN_FORCE = "in_force", _("Published")  # 发布
    RETIRED = "retired", _("Retired")  # 废止
    DISCARDED = "discarded", _("Discarded")  # 作废 (a draft that came to nothing)


def submitted(row: Any, actor: Actor, given: Mapping[str, Any]) -> None:
    """The colleagues who review."""
    from chuangbao.policies.domain.telling import on_submit  # late: the models name these states

    on_submit(row, actor, given)


def returned(row: Any, actor: Actor, given: Mapping[str, Any]) -> None:
    """Whoever wrote it."""
    from chuangbao.policies.domain.telling import on_return  # late: the same

    on_return(row, actor, given)


RETURN = Move(
    "return", Stage.IN_REVIEW >> Stage.DRAFT, who=may_review, label=_("Return"), needs=("reason",), tells=returned
)
WITHDRAW = Move("withdraw", Stage.IN_REVIEW >> Stage.DRAFT, who=may_draft, label=_("Take back"))
DISCARD = Move("discard", Stage.DRAFT >> Stage.DISCARDED, who=may_draft, label=_("Discard"), needs=("reason",))
PUBLISH = Move("publish", Stage.IN_REVIEW >> Stage.IN_FORCE, who=may_review, label=_("Publish"), needs=("valid_from",))
RETIRE = Move(
    "retire", Stage.IN_FORCE >> Stage.RETIRED, who=may_review, label=_("Retire"), needs=("reason", "valid_to")
)

VERSION = Life(
    Move("submit", Stage.DRAFT >> Stage.IN_REVIEW, who=may_draft, label=_("Submit for review"),
         guard=every_example_holds, tells=submitted),
    RETURN, WITHDRAW, DISCARD, PUBLISH, RETIRE,
)  # fmt: skip
PAPER = Life(
    Move("submit", Stage.DRAFT >> Stage.IN_REVIEW, who=may_draft, label=_("Submit for review"), guard=has_clauses,
         tells=submitted),
    RETURN, WITHDRAW, DISCARD, PUBLISH, RETIRE,
)  # fmt: skip
INTERPRETATION = Life(
    Move("submit", Stage.DRAFT >> Stage.IN_REVIEW, who=may_draft, label=_("Submit for review"), tells=submitted),
    RETURN, WITHDRAW, DISCARD, PUBLISH, RETIRE,
)  # fmt: skip
