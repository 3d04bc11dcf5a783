"""The lives of facts and of files that bring them, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import Life, Move, attach_life
from chuangbao.facts.enums import AwardStage, FactStage
from chuangbao.facts.events import make_notifier, telling_award
from chuangbao.facts.models import Award, Fact
from chuangbao.facts.permissions import is_concerned, may_correct, may_verify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["AWARD", "FACT", "AwardStage", "FactStage"]


def holds_until(fact: Any, actor: Actor, given: Mapping[str, Any]) -> None:
    """Note who verified and until when: a day after the day that the value is about.

    Raises Refused: until_past (field ``until``).
    """
    if given["until"] <= fact.day:
        raise Refused("until_past", _now("Choose a day after the day that the value is about."), field="until")
    fact.verified_by_id, fact.verified_until = actor.person_id, given["until"]
    fact.save(update_fields=["verified_by", "verified_until"])


FACT = attach_life(
    Fact,
    Life(
        Move("verify", FactStage.STATED.or_(FactStage.VERIFIED, FactStage.DISPUTED) >> FactStage.VERIFIED,
             who=may_verify, label=_("Verify"), needs=("until",), guard=holds_until,
             tells=make_notifier("facts.verify")),
        Move("doubt", FactStage.VERIFIED >> FactStage.STATED, who=may_verify,
             label=_("Withdraw the verification"), needs=("reason",), tells=make_notifier("facts.doubt")),
        Move("dispute", FactStage.STATED.or_(FactStage.VERIFIED) >> FactStage.DISPUTED, who=is_concerned,
             label=_("Dispute"), needs=("reason",)),
        Move("withdraw", FactStage.STATED.or_(FactStage.VERIFIED, FactStage.DISPUTED) >> FactStage.WITHDRAWN,
             who=may_correct, label=_("Withdraw"), needs=("reason",), tells=make_notifier("facts.withdraw")),
    ),
)  # fmt: skip

AWARD = attach_life(
    Award,
    Life(
        Move("withdraw", AwardStage.RECORDED >> AwardStage.WITHDRAWN, who=may_correct, label=_("Withdraw"),
             needs=("reason",), tells=telling_award("facts.award_withdrawn")),
    ),
)  # fmt: skip
