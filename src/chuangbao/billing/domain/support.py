"""Rent that is waived is support received (所获支持): a fact of the firm, and where a subsidy, a grant that it had.

The fact is what spaces waived for the firm in a calendar year, stated by the platform as of the day it changed. A team
without a licence has no subject of its own: what was waived stands on its statements alone.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils import timezone

from chuangbao.billing.enums import StatementStage, WaiverReason
from chuangbao.billing.models import ChargePart, Statement
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_pack
from chuangbao.facts.domain.platform import record_support, withdraw_support
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of_organisation
from chuangbao.tenants.enums import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.accounts.models import Organisation
    from chuangbao.tenants.models import Tenancy

__all__ = ["FACT", "list_subsidies", "sum_support", "tell_support", "withdraw_subsidies"]

FACT = "space_cost_waived_year"
WHY = "what was waived for the very firm that hears of it"


def list_subsidies(statement: Statement) -> list[tuple[str, str, Decimal]]:
    """Return the measures under which something of a statement is waived, each with who bears it and yuan."""
    parts = unscoped(ChargePart, because=WHY).filter(
        charge__statement=statement, reason=WaiverReason.SUBSIDY, waived__gt=0, charge__reverses=None
    )
    rows = parts.exclude(measure="").order_by("measure", "bearer").values_list("measure", "bearer")
    return [(measure, bearer, total) for measure, bearer, total in rows.annotate(total=Sum("waived"))]


def sum_support(organization: Organisation, year: int) -> Decimal:
    """Return what spaces waived for a firm in the months of a year, in yuan."""
    rows = unscoped(Statement, because=WHY).filter(
        tenancy__organization=organization,
        tenancy__entry__in=(Entry.APPLIED, Entry.CONFIRMED),
        stage=StatementStage.ISSUED,
        month__year=year,
    )
    found: Decimal = rows.aggregate(total=Sum("waived"))["total"] or Decimal(0)
    return found


def tell_support(statement: Statement) -> None:
    """Tell what a statement waives to the firm's own facts, and each subsidy to what it had before."""
    tenancy = statement.tenancy
    if not statement.waived or tenancy.organization is None or tenancy.is_stated:
        return  # no operator writes into the facts of a firm that never said it was its tenant
    state_total(tenancy, [statement.month.year])
    subject = subject_of_organisation(tenancy.organization)
    for measure, bearer, amount in list_subsidies(statement):
        record_support(
            subject=subject,
            measure=measure,
            amount=amount,
            level=bearer,
            place_id=statement.region_id,
            period=name_period(statement),
            granted_on=statement.issued_on,
        )


def withdraw_subsidies(statement: Statement, reason: str) -> None:
    """Take back what a statement had stated, because it does not hold any more; its stage says so already."""
    tenancy = statement.tenancy
    if not statement.waived or tenancy.organization is None:
        return
    state_total(tenancy, [statement.month.year])
    subject = subject_of_organisation(tenancy.organization)
    for measure, _bearer, _amount in list_subsidies(statement):
        withdraw_support(subject=subject, measure=measure, period=name_period(statement), reason=reason)


def name_period(statement: Statement) -> str:
    """Return how a grant names the statement that it came with."""
    return f"{statement.month:%Y-%m} {statement.number}"


def state_total(tenancy: Tenancy, years: Iterable[int]) -> None:
    """State what was waived in the calendar year of today; earlier years stay as they were stated."""
    today = timezone.localdate()
    if tenancy.organization is None or FACT not in current_pack().facts or today.year not in years:
        return
    subject = subject_of_organisation(tenancy.organization)
    total = sum_support(tenancy.organization, today.year)
    state(subject=subject, name=FACT, value=total, as_of=today, actor=SYSTEM)
