"""Income by kind (I70–I74, M70): by month, with the charges behind each figure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.billing.enums import INCOME_OF, Income
from chuangbao.billing.models import Charge
from chuangbao.billing.permissions import may_see_accounts
from chuangbao.billing.queries import list_income
from chuangbao.billing.views.months import read_month
from chuangbao.billing.views.prices import find_own_space
from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.paging import page_of
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.http.requests import read_number
from chuangbao.core.localization.formatting import percent

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["give_income_book", "list_charges", "show_income"]

FIRST_YEAR, LAST_YEAR = 2000, 2199
THOUSAND, THIRD = Decimal(1000), Decimal("0.001")
PAGE_SIZE = 30


def read_year(request: Request) -> int:
    """Return the year that the address asks for; this year where it asks for none."""
    year = read_number(request.GET.get("year", ""))
    return year if FIRST_YEAR <= year <= LAST_YEAR else timezone.localdate().year


def add_up(found: dict[str, Decimal]) -> Decimal:
    """Return the total income of a month (I70)."""
    return sum((found[kind] for kind in Income.values), Decimal(0))


@page(permission=may_see_accounts)
@require_safe
def show_income(request: Request, space: int) -> HttpResponse:
    """Show the income of a year by month and kind."""
    row, year = find_own_space(request, space), read_year(request)
    months = list_income(row, year)
    sums = {name: sum((found[name] for _m, found in months), Decimal(0)) for name in [*Income.values, "waived"]}
    data = {
        "space": row,
        "year": year,
        "kinds": Income.choices,
        "months": [
            (month, [(kind, found[kind]) for kind in Income.values], add_up(found), found["waived"])
            for month, found in months
        ],
        "sums": [sums[kind] for kind in Income.values],
        "total": add_up(sums),
        "waived": sums["waived"],
        "share": percent(((add_up(sums) - sums[Income.RENT]) / add_up(sums)).quantize(THIRD)) if add_up(sums) else None,
        "years": [(str(n), str(n)) for n in range(timezone.localdate().year, timezone.localdate().year - 6, -1)],
        "chosen": str(year),
    }
    return render(request, "billing/income.html", data)


@page(permission=may_see_accounts)
@rate_limit("billing-income-excel", rate="60/h", methods=("GET",))
@require_safe
def give_income_book(request: Request, space: int) -> HttpResponse:
    """Give the income of a year as a workbook: yuan by month, and thousands of yuan for the Torch statistics."""
    row, year = find_own_space(request, space), read_year(request)
    head = [_("Month"), *(f"{code} {label}" for code, label in Income.choices), _("I70 in all"), _("Waived")]
    months = list_income(row, year)
    lines: list[list[Any]] = [
        [f"{month:%Y-%m}", *(found[kind] for kind in Income.values), add_up(found), found["waived"]]
        for month, found in months
    ]
    sums = [sum((line[place] for line in lines), Decimal(0)) for place in range(1, len(head))]
    lines += [[_("Year"), *sums], [_("Year in thousands of yuan"), *(one / THOUSAND for one in sums)]]
    return as_workbook(f"income-{year}", _("Income by kind"), head, lines)


@page(permission=may_see_accounts)
@require_safe
def list_charges(request: Request, space: int) -> HttpResponse:
    """List the charges behind a figure of the income: one kind in one month, with what was reversed."""
    row = find_own_space(request, space)
    month, kind = read_month(request.GET.get("month", "")), request.GET.get("kind", "")
    rows = (
        visible(Charge, to=request.actor)
        .filter(statement__space=row, statement__issuer=row.operator_id)
        .select_related("statement")
    )
    if month:
        rows = rows.filter(month=month)
    if kind in Income.values:
        rows = rows.filter(kind__in=[name for name, income in INCOME_OF.items() if income == kind])
    data = {
        "space": row,
        "month": month,
        "kind": Income(kind).label if kind in Income.values else "",
        "page": page_of(rows.order_by("-month", "-pk"), request.GET.get("page"), each=PAGE_SIZE),
    }
    return render(request, "billing/charges.html", data)
