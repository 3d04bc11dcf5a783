"""The lives of what officers write, as data: versions of measures, documents, explanations and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import Life, Move, State
from chuangbao.policies.guards import (
    ends_from_today_on,
    every_example_holds,
    has_clauses,
    is_succeeded,
    issuers_are_explained,
    nothing_speaks_against,
)
from chuangbao.policies.permissions import may_draft, may_replace, may_review

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["INTERPRETATION", "PAPER", "VERSION", "Stage"]


class Stage(State):
    """The stage of a text (阶段)."""

    DRAFT = "draft", _("Draft")  # 起草
    IN_REVIEW = "in_review", _("In review")  # 审核
    IN_FORCE = "in_force", _("Published")  # 发布
    RETIRED = "retired", _("Retired")  # 废止
    CORRECTED = "corrected", _("Corrected")  # 已更正 (it was wrong from its first day, and another text took its place)
    DISCARDED = "discarded", _("Discarded")  # 作废 (a draft that came to nothing)


def submitted(row: Any, actor: Actor, given: Mapping[str, Any]) -> None:
    """The colleagues who review."""
    from chuangbao.policies.domain.telling import on_submit  # late: the models name these states

    on_submit(row, actor, given)


def returned(row: Any, actor: Actor, given: Mapping[str, Any]) -> None:
    """Its writers."""
    from chuangbao.policies.domain.telling import on_return  # late: the same

    on_return(row, actor, given)


def tell_writers(row: Any, actor: Actor, given: Mapping[str, Any]) -> None:
    """Everybody who wrote it."""
    from chuangbao.policies.domain.telling import on_publish  # late: the same

    on_publish(row, actor, given)


RETURN = Move(
    "return", Stage.IN_REVIEW >> Stage.DRAFT, who=may_review, label=_("Return"), needs=("reason",), tells=returned
)
WITHDRAW = Move("withdraw", Stage.IN_REVIEW >> Stage.DRAFT, who=may_draft, label=_("Take back"))
DISCARD = Move("discard", Stage.DRAFT >> Stage.DISCARDED, who=may_draft, label=_("Discard"), needs=("reason",))
PUBLISH_RULE = Move(
    "publish", Stage.IN_REVIEW >> Stage.IN_FORCE, who=may_review, label=_("Publish"), needs=("valid_from",),
    guard=(every_example_holds, nothing_speaks_against), tells=tell_writers,
)  # fmt: skip
PUBLISH = Move("publish", Stage.IN_REVIEW >> Stage.IN_FORCE, who=may_review, label=_("Publish"), needs=("valid_from",),
    tells=tell_writers,
)  # fmt: skip
RETIRE = Move(
    "retire",
    Stage.IN_FORCE >> Stage.RETIRED,
    who=may_review,
    label=_("Propose to retire"),
    needs=("reason", "valid_to"),
    guard=ends_from_today_on,
    two_persons=True,
)
SUPERSEDE = Move(  # its two persons are those of the text that takes its place
    "supersede",
    Stage.IN_FORCE >> Stage.RETIRED,
    who=may_review,
    label=_("Ended by its revision"),
    needs=("reason", "valid_to", "successor"),
    guard=is_succeeded,
)
WRONG = Stage.IN_FORCE.or_(Stage.RETIRED) >> Stage.CORRECTED
CORRECT = Move("correct", WRONG, who=may_replace, label=_("Correct"), needs=("reason",))

VERSION = Life(
    Move("submit", Stage.DRAFT >> Stage.IN_REVIEW, who=may_draft, label=_("Submit for review"),
         guard=(every_example_holds, nothing_speaks_against), tells=submitted),
    RETURN, WITHDRAW, DISCARD, PUBLISH_RULE, RETIRE, CORRECT,
)  # fmt: skip
PAPER = Life(
    Move("submit", Stage.DRAFT >> Stage.IN_REVIEW, who=may_draft, label=_("Submit for review"),
         guard=(has_clauses, issuers_are_explained), tells=submitted),
    RETURN, WITHDRAW, DISCARD, PUBLISH, RETIRE,
)  # fmt: skip
INTERPRETATION = Life(
    Move("submit", Stage.DRAFT >> Stage.IN_REVIEW, who=may_draft, label=_("Submit for review"), tells=submitted),
    RETURN, WITHDRAW, DISCARD, PUBLISH, RETIRE, SUPERSEDE,
)  # fmt: skip
