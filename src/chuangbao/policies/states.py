"""The life of a version of a measure, as data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.transitions import Life, Move, State
from chuangbao.policies.permissions import may_draft, may_review

__all__ = ["VERSION", "Stage"]


class Stage(State):
    """Where a version stands (版本阶段)."""

    DRAFT = "draft", _("Draft")  # 起草
    IN_REVIEW = "in_review", _("In review")  # 审核
    IN_FORCE = "in_force", _("Published")  # 发布
    RETIRED = "retired", _("Retired")  # 废止


VERSION = Life(
    Move("submit", Stage.DRAFT >> Stage.IN_REVIEW, who=may_draft, label=_("Submit for review")),
    Move("return", Stage.IN_REVIEW >> Stage.DRAFT, who=may_review, label=_("Return"), needs=("reason",)),
    Move("publish", Stage.IN_REVIEW >> Stage.IN_FORCE, who=may_review, label=_("Publish"), needs=("valid_from",)),
    Move("retire", Stage.IN_FORCE >> Stage.RETIRED, who=may_review, label=_("Retire"), needs=("reason", "valid_to")),
)
