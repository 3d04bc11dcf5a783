"""The lives of organisations and claims, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.permissions import may_decide_claim, may_dissolve, may_keep_office, may_verify_organisation
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import Life, Move, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["CLAIM", "OFFICE", "STANDING", "ClaimStage", "OfficeStage", "Standing", "refuse_unreachable"]


class Standing(State):
    """How sure we are that an organisation is what it says (核验状态)."""

    UNVERIFIED = "unverified", _("Not verified yet")  # 待核验
    VERIFIED = "verified", _("Verified by an officer")  # 已核验
    CLOSED = "closed", _("Closed")  # 已注销


def as_seen(organisation: Any, _actor: Actor, given: Mapping[str, Any]) -> None:
    """Check that the registration is the one that the officer's page showed.

    ``seen`` is the fingerprint of the page; an owner may correct name, kind and region until they are verified.
    Raises Refused: changed.
    """
    if given.get("seen") and given["seen"] != organisation.fingerprint:
        raise Refused("changed", _now("The registration was corrected after you opened this page. Look at it again."))


class ClaimStage(State):
    """The stage of a claim (认领状态)."""

    OPEN = "open", _("Open")  # 待处理
    GRANTED = "granted", _("Granted")  # 已确认
    REFUSED = "refused", _("Refused")  # 未通过


class OfficeStage(State):
    """How sure we are of what an office's entry says (办事机构状态)."""

    UNCONFIRMED = "unconfirmed", _("To be confirmed")  # 待确认
    CONFIRMED = "confirmed", _("Confirmed")  # 已确认
    CLOSED = "closed", _("No longer there")  # 已撤销


def refuse_unreachable(office: Any, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Let an entry through that says how to reach the office. Raises Refused: empty."""
    if not office.is_reachable:
        raise Refused(
            "empty", _now("Nothing here says how to reach it. Add an address, a telephone or an online entrance first.")
        )


STANDING = Life(
    Move("verify", Standing.UNVERIFIED >> Standing.VERIFIED, who=may_verify_organisation, label=_("Verify"),
         guard=as_seen),
    Move("doubt", Standing.VERIFIED >> Standing.UNVERIFIED, who=may_verify_organisation,
         label=_("Withdraw the verification"), needs=("reason",)),
    Move("close", Standing.UNVERIFIED.or_(Standing.VERIFIED) >> Standing.CLOSED, who=may_verify_organisation,
         label=_("Propose to close"), needs=("reason",), two_persons=True),
    Move("reopen", Standing.CLOSED >> Standing.UNVERIFIED, who=may_verify_organisation,
         label=_("Propose to reopen"), needs=("reason",), two_persons=True),
    Move("dissolve", Standing.UNVERIFIED.or_(Standing.VERIFIED) >> Standing.CLOSED, who=may_dissolve,
         label=_("Give it up"), needs=("reason",)),
)  # fmt: skip

CLAIM = Life(
    Move("grant", ClaimStage.OPEN >> ClaimStage.GRANTED, who=may_decide_claim, label=_("Grant")),
    Move("refuse", ClaimStage.OPEN >> ClaimStage.REFUSED, who=may_decide_claim, label=_("Refuse"), needs=("reason",)),
)

OFFICE = Life(
    Move(
        "confirm",
        OfficeStage.UNCONFIRMED.or_(OfficeStage.CONFIRMED) >> OfficeStage.CONFIRMED,
        who=may_keep_office,
        label=_("Still right today"),
        guard=refuse_unreachable,
    ),
    Move(
        "close",
        OfficeStage.UNCONFIRMED.or_(OfficeStage.CONFIRMED) >> OfficeStage.CLOSED,
        who=may_keep_office,
        label=_("It is no longer there"),
        needs=("reason",),
    ),
    Move("reopen", OfficeStage.CLOSED >> OfficeStage.UNCONFIRMED, who=may_keep_office, label=_("It is there again")),
)
