"""The lives of organisations and claims, as data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.permissions import may_decide_claim, may_verify_organisation
from chuangbao.core.transitions import Life, Move, State

__all__ = ["CLAIM", "STANDING", "ClaimStage", "Standing"]


class Standing(State):
    """How sure we are that an organisation is what it says (核验状态)."""

    UNVERIFIED = "unverified", _("Not verified yet")  # 待核验
    VERIFIED = "verified", _("Verified by an officer")  # 已核验
    CLOSED = "closed", _("Closed")  # 已注销


class ClaimStage(State):
    """Where a claim stands (认领状态)."""

    OPEN = "open", _("Open")  # 待处理
    GRANTED = "granted", _("Granted")  # 已确认
    REFUSED = "refused", _("Refused")  # 未通过


STANDING = Life(
    Move("verify", Standing.UNVERIFIED >> Standing.VERIFIED, who=may_verify_organisation, label=_("Verify")),
    Move("doubt", Standing.VERIFIED >> Standing.UNVERIFIED, who=may_verify_organisation,
         label=_("Withdraw the verification"), needs=("reason",)),
    Move("close", Standing.UNVERIFIED.or_(Standing.VERIFIED) >> Standing.CLOSED, who=may_verify_organisation,
         label=_("Close"), needs=("reason",)),
)  # fmt: skip

CLAIM = Life(
    Move("grant", ClaimStage.OPEN >> ClaimStage.GRANTED, who=may_decide_claim, label=_("Grant")),
    Move("refuse", ClaimStage.OPEN >> ClaimStage.REFUSED, who=may_decide_claim, label=_("Refuse"), needs=("reason",)),
)
