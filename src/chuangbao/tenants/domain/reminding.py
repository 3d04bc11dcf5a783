"""Both sides hear in good time that a term ends (期满提醒): twice, by the days of ``limits.yaml``, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.tenants.domain.limits import limit_on
from chuangbao.tenants.domain.telling import tell_host, tell_party
from chuangbao.tenants.enums import TenancyStage
from chuangbao.tenants.models import Tenancy

if TYPE_CHECKING:
    from datetime import date

__all__ = ["NOTICES", "remind_of_term", "remind_of_terms"]

NOTICES = ("first_notice_days", "last_notice_days")
WHY = "the system tells both sides that a term ends"


def find_step(left: int, day: date) -> int | None:
    """Return the latest notice, in days before the end, that has come with so many days left; None before the first."""
    steps = [int(limit_on(name, day) or 0) for name in NOTICES]
    return min((step for step in steps if left <= step), default=None)


def remind_of_terms(day: date) -> int:
    """Tell both sides of the terms whose next notice has come, and return how many tenancies."""
    farthest = max(int(limit_on(name, day) or 0) for name in NOTICES)
    rows = unscoped(Tenancy, because=WHY).filter(stage=TenancyStage.INCUBATING)
    rows = rows.filter(term_ends_on__range=(day, day + timedelta(days=farthest))).order_by("term_ends_on", "pk")
    return sum(remind_of_term(row, day) for row in rows)


@transaction.atomic
def remind_of_term(tenancy: Tenancy, day: date) -> bool:
    """Tell both sides that a term ends, once for each notice; tell whether it was done now."""
    row = lock_row(tenancy)
    if row.stage != TenancyStage.INCUBATING or row.term_ends_on is None:
        return False
    step = find_step((row.term_ends_on - day).days, day)
    if step is None:
        return False
    once = f"{row.pk}:{row.term_ends_on.isoformat()}:{step}"
    said = {"once": once, "day": day_words(row.term_ends_on)}
    told = tell_host(row, "tenancy.term", SYSTEM, **said) + tell_party(row, "tenancy.term", SYSTEM, **said)
    if told:
        record(SYSTEM, "tenancy.remind", row, data={"step": step})
    return bool(told)
