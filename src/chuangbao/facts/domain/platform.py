"""Grants that were made through work on this platform (平台办理): put on record and taken back by the system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.facts.enums import AwardStage
from chuangbao.facts.models import Award, Source

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from chuangbao.facts.models import Subject

__all__ = ["record_support", "withdraw_support"]

WHY = "what the platform itself put on record of the subject"


@transaction.atomic
def record_support(
    *, subject: Subject, measure: str, amount: Decimal, period: str, granted_on: date, **granted_by: str
) -> Award | None:
    """Put a grant on record that came about here; None where the pack has no such measure any more.

    ``granted_by`` holds level and place_id.
    """
    known = current_pack().measures.get(measure)
    if known is None:
        return None
    lock_row(subject)
    made = Award.objects.create(
        subject=subject,
        measure=measure,
        kind=known.versions[-1].benefit.kind,
        granted_on=granted_on,
        period=period,
        amount=amount,
        source=Source.PLATFORM,
        **granted_by,
    )
    record(SYSTEM, "load", made, after=AwardStage.RECORDED, data={"subject": subject.pk, "measure": measure})
    return made


@transaction.atomic
def withdraw_support(*, subject: Subject, measure: str, period: str, reason: str) -> int:
    """Take such grants off the record again, and return how many; they stay in the history."""
    rows = unscoped(Award, because=WHY).filter(
        subject=subject, measure=measure, period=period, source=Source.PLATFORM, stage=AwardStage.RECORDED
    )
    return len([transition(row, "withdraw", actor=SYSTEM, reason=reason) for row in rows.order_by("pk")])
