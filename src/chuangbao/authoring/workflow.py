"""The lives of what officers write, as data: versions of measures, documents, explanations and answers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.authoring.domain.telling import on_publish, on_return, on_submit
from chuangbao.authoring.guards import (
    ends_from_today_on,
    every_example_holds,
    has_clauses,
    is_succeeded,
    issuers_are_explained,
    nothing_speaks_against,
)
from chuangbao.authoring.permissions import may_draft, may_replace, may_review
from chuangbao.core.workflow.transitions import Life, Move, attach_life
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import Interpretation, MeasureVersion, RegisteredDocument

__all__ = ["INTERPRETATION", "PAPER", "VERSION", "Stage"]


RETURN = Move(
    "return", Stage.IN_REVIEW >> Stage.DRAFT, who=may_review, label=_("Return"), needs=("reason",), tells=on_return
)
WITHDRAW = Move("withdraw", Stage.IN_REVIEW >> Stage.DRAFT, who=may_draft, label=_("Take back"))
DISCARD = Move("discard", Stage.DRAFT >> Stage.DISCARDED, who=may_draft, label=_("Discard"), needs=("reason",))
PUBLISH_RULE = Move(
    "publish", Stage.IN_REVIEW >> Stage.IN_FORCE, who=may_review, label=_("Publish"), needs=("valid_from",),
    guard=(every_example_holds, nothing_speaks_against), tells=on_publish,
)  # fmt: skip
PUBLISH = Move("publish", Stage.IN_REVIEW >> Stage.IN_FORCE, who=may_review, label=_("Publish"), needs=("valid_from",),
    tells=on_publish,
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

VERSION = attach_life(
    MeasureVersion,
    Life(
        Move("submit", Stage.DRAFT >> Stage.IN_REVIEW, who=may_draft, label=_("Submit for review"),
             guard=(every_example_holds, nothing_speaks_against), tells=on_submit),
        RETURN, WITHDRAW, DISCARD, PUBLISH_RULE, RETIRE, CORRECT,
    ),
)  # fmt: skip
PAPER = attach_life(
    RegisteredDocument,
    Life(
        Move("submit", Stage.DRAFT >> Stage.IN_REVIEW, who=may_draft, label=_("Submit for review"),
             guard=(has_clauses, issuers_are_explained), tells=on_submit),
        RETURN, WITHDRAW, DISCARD, PUBLISH, RETIRE,
    ),
)  # fmt: skip
INTERPRETATION = attach_life(
    Interpretation,
    Life(
        Move("submit", Stage.DRAFT >> Stage.IN_REVIEW, who=may_draft, label=_("Submit for review"), tells=on_submit),
        RETURN, WITHDRAW, DISCARD, PUBLISH, RETIRE, SUPERSEDE,
    ),
)  # fmt: skip
