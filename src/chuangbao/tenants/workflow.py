"""How the states of a tenancy change, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import Life, Move, attach_life
from chuangbao.tenants.enums import AgreementStage, Entry, ServiceStage, TenancyStage
from chuangbao.tenants.models import Agreement, Service, Tenancy
from chuangbao.tenants.permissions import (
    may_decide_tenancy,
    may_keep_tenancy,
    may_leave,
    may_speak_for_tenant,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["AGREEMENT", "SERVICE", "TENANCY"]


def refuse_own_application(row: Any, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Let a tenancy go that its operator entered and its tenant never confirmed. Raises Refused: confirmed_before."""
    if row.entry != Entry.STATED:
        raise Refused("confirmed_before", _now("You have confirmed this place. Leave the space instead."))


ASKED = TenancyStage.APPLIED.or_(TenancyStage.TALKING)
NOT_BEGUN = TenancyStage.APPLIED.or_(TenancyStage.TALKING, TenancyStage.ADMITTED)
TENANCY = attach_life(
    Tenancy,
    Life(
        Move("talk", TenancyStage.APPLIED >> TenancyStage.TALKING, who=may_keep_tenancy, label=_("Begin to talk")),
        Move("admit", ASKED >> TenancyStage.ADMITTED, who=may_decide_tenancy, label=_("Admit")),
        Move(
            "decline",
            NOT_BEGUN >> TenancyStage.DECLINED,
            who=may_decide_tenancy,
            label=_("Do not admit"),
            needs=("reason",),
        ),
        Move(
            "withdraw",
            NOT_BEGUN >> TenancyStage.WITHDRAWN,
            who=may_leave,
            label=_("Withdraw the application"),
        ),
        Move(
            "begin",
            TenancyStage.ADMITTED >> TenancyStage.INCUBATING,
            who=may_decide_tenancy | may_speak_for_tenant,
            label=_("Begin the tenancy"),
        ),
        Move(
            "graduate",
            TenancyStage.INCUBATING >> TenancyStage.GRADUATED,
            who=may_decide_tenancy,
            label=_("Graduate"),
        ),
        Move(
            "refuse",
            TenancyStage.INCUBATING >> TenancyStage.WITHDRAWN,
            who=may_leave,
            label=_("Say that the entry is wrong"),
            guard=refuse_own_application,
        ),
        Move("leave", TenancyStage.INCUBATING >> TenancyStage.LEFT, who=may_leave, label=_("Leave the space")),
        Move(
            "end",
            TenancyStage.INCUBATING >> TenancyStage.ENDED,
            who=may_decide_tenancy,
            label=_("End the tenancy"),
            needs=("reason",),
        ),
    ),
)
AGREEMENT = attach_life(
    Agreement,
    Life(
        Move("sign", AgreementStage.OFFERED >> AgreementStage.SIGNED, who=may_leave, label=_("Confirm the agreement")),
        Move(
            "void",
            AgreementStage.OFFERED >> AgreementStage.VOID,
            who=may_decide_tenancy | may_leave,
            label=_("Take the agreement back"),
            needs=("reason",),
        ),
    ),
)
SERVICE = attach_life(
    Service,
    Life(
        Move(
            "confirm",
            ServiceStage.LOGGED.or_(ServiceStage.DISPUTED) >> ServiceStage.CONFIRMED,
            who=may_speak_for_tenant,
            label=_("Confirm the service"),
        ),
        Move(
            "dispute",
            ServiceStage.LOGGED.or_(ServiceStage.CONFIRMED) >> ServiceStage.DISPUTED,
            who=may_speak_for_tenant,
            label=_("Dispute the service"),
            needs=("reason",),
        ),
        Move(
            "withdraw",
            ServiceStage.LOGGED.or_(ServiceStage.DISPUTED) >> ServiceStage.WITHDRAWN,
            who=may_keep_tenancy,
            label=_("Take the service out"),
        ),
    ),
)
