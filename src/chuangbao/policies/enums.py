"""The states of what officers write."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import State

__all__ = ["Stage"]


class Stage(State):
    """The stage of a text (阶段)."""

    DRAFT = "draft", _("Draft")  # 起草
    IN_REVIEW = "in_review", _("In review")  # 审核
    IN_FORCE = "in_force", _("Published")  # 发布
    RETIRED = "retired", _("Retired")  # 废止
    CORRECTED = "corrected", _("Corrected")  # 已更正 (it was wrong from its first day, and another text took its place)
    DISCARDED = "discarded", _("Discarded")  # 作废 (a draft that came to nothing)
