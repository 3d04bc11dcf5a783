"""Statements that charge days after the end of their tenancy (多收): which, and how much is owed back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F

from chuangbao.billing.domain.charging import draft_line
from chuangbao.billing.enums import StatementStage
from chuangbao.billing.models import Charge
from chuangbao.core.access.row_access import unscoped

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from chuangbao.billing.models import Statement

__all__ = ["is_beyond", "list_beyond"]

WHY = "of a statement that the caller has in sight"


def narrow_to_beyond(rows: QuerySet[Statement], last: date | None = None) -> QuerySet[Any]:
    """Return those statements that hold and charge days after a last day, without one after their tenancy ended."""
    day = F("tenancy__ended_on") if last is None else last
    held = rows.filter(stage=StatementStage.ISSUED)
    return held.filter(charges__reverses=None, charges__parts__last__gt=day).order_by("month", "pk").distinct()


def is_beyond(rows: QuerySet[Statement]) -> bool:
    """Whether one of some statements charges days after its tenancy ended; one put right since then does not."""
    return narrow_to_beyond(rows).exists()


def list_beyond(rows: QuerySet[Statement], last: date | None = None) -> list[tuple[Any, Decimal]]:
    """Return the statements that charge days after a last day, each with the yuan that are too much.

    Without a last day it is that on which each tenancy ended.
    """
    found = narrow_to_beyond(rows.select_related("tenancy__organization", "tenancy__team"), last)
    sums = [(row, sum_beyond(row, last or row.tenancy.ended_on)) for row in found]
    return [(row, too_much) for row, too_much in sums if too_much > 0]


def sum_beyond(row: Statement, last: date) -> Decimal:
    """Return how much less a statement would ask for if its tenancy ended on a day, by its contracts as they are."""
    charges: Any = unscoped(Charge, because=WHY).filter(statement=row, reverses=None, line__isnull=False)
    found = Decimal(0)
    for charge in charges.select_related("line__contract__tenancy").prefetch_related("line__prices"):
        line = charge.line
        line.runs, line.contract.tenancy.ended_on = 0, last
        made = draft_line(line, row.month)
        found += charge.amount - (made.amount if made else 0)
    return found
