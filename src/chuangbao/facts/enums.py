"""The states of facts and of past grants."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import State

__all__ = ["AwardStage", "FactStage"]


class FactStage(State):
    """How sure a fact is (核验状态)."""

    STATED = "stated", _("Not verified yet")  # 待核验
    VERIFIED = "verified", _("Verified")  # 已核验
    DISPUTED = "disputed", _("Disputed")  # 有异议
    WITHDRAWN = "withdrawn", _("Withdrawn")  # 已撤回


class AwardStage(State):
    """Whether a grant counts (以往所得状态)."""

    RECORDED = "recorded", _("On record")  # 已记录
    WITHDRAWN = "withdrawn", _("Withdrawn")  # 已撤回
