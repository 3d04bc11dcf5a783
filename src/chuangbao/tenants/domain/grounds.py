"""What facts say of a ground of graduation (毕业依据): supported, unknown or otherwise; shown, never forced."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db.models import Sum

from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.facts.domain.standing import known_values
from chuangbao.facts.enums import FactStage
from chuangbao.facts.models import Subject
from chuangbao.tenants.domain.limits import limit_on
from chuangbao.tenants.enums import Finding, Ground
from chuangbao.tenants.models import YearCard

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.facts.domain.standing import Value
    from chuangbao.tenants.models import Tenancy

__all__ = ["check_ground", "latest_fact"]

WHY = "of a tenancy that the caller decides about; the answer is a word, never a value"


def list_values(tenancy: Tenancy, name: str) -> list[Value]:
    """Return the statements about a fact of the firm that are not withdrawn, the newest first; none of a team."""
    subject = unscoped(Subject, because=WHY).filter(organisation=tenancy.organization_id).first()
    if tenancy.organization_id is None or subject is None:
        return []
    found = known_values(subject, name, actor=SYSTEM, why="")
    return [value for value in found if value.row.stage != FactStage.WITHDRAWN]


def latest_fact(tenancy: Tenancy, name: str) -> object:
    """Return what was said last of a fact of the firm, by the day that it is about; None where nothing was."""
    values = list_values(tenancy, name)
    return max(values, key=lambda value: (value.row.day, value.row.pk)).value if values else None


def best_two_years(tenancy: Tenancy) -> Decimal | None:
    """Return the most that two years in a row came to in yuan, by cards and facts; None where no two are known."""
    years = {value.row.day.year: Decimal(str(value.value)) for value in reversed(list_values(tenancy, "revenue"))}
    cards = unscoped(YearCard, because=WHY).filter(tenancy=tenancy, revenue__isnull=False)
    years |= {year: revenue for year, revenue in cards.values_list("year", "revenue") if revenue is not None}
    sums = [years[first] + years[second] for first, second in pairwise(sorted(years)) if second == first + 1]
    return max(sums, default=None)


def received(tenancy: Tenancy) -> Decimal | None:
    """Return the investment that the cards say was received, in yuan; None where they say nothing."""
    cards = unscoped(YearCard, because=WHY).filter(tenancy=tenancy)
    total: Decimal | None = cards.aggregate(total=Sum("financing"))["total"]
    return total


def compare(found: Decimal | None, limit: Decimal | None) -> Finding:
    """Compare a figure with a limit that it must exceed."""
    if found is None or limit is None:
        return Finding.UNKNOWN
    return Finding.SUPPORTED if found > limit else Finding.AGAINST


def is_said(found: object) -> Finding:
    """Read a fact that is yes or no."""
    if found is None:
        return Finding.UNKNOWN
    return Finding.SUPPORTED if found is True else Finding.AGAINST


def check_ground(tenancy: Tenancy, ground: str, day: date) -> Finding:
    """Say what facts and cards say of a ground on a day; being listed is a fact, being merged is none."""
    if ground == Ground.HIGH_TECH:
        return is_said(latest_fact(tenancy, "is_hnte"))
    if ground == Ground.INVESTMENT:
        return compare(received(tenancy), limit_on("graduate_investment_yuan", day))
    if ground == Ground.REVENUE:
        return compare(best_two_years(tenancy), limit_on("graduate_revenue_yuan", day))
    return Finding.SUPPORTED if latest_fact(tenancy, "is_listed") is True else Finding.UNKNOWN
