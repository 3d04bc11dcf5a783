"""Deposits: what of each contract is taken, held, kept back and returned, over all spaces of an operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from chuangbao.billing import queries
from chuangbao.billing.models import DepositEntry
from chuangbao.billing.permissions import may_run_money
from chuangbao.billing.views.contracts import PAGE_SIZE, read_contract_filter
from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import record
from chuangbao.core.exports.excel import Sheet, as_workbook
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.rate_limits import rate_limit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["give_deposit_book", "list_deposits"]


@page(permission=may_run_money)
@require_safe
def list_deposits(request: Request) -> HttpResponse:
    """List the deposits of the organisation's spaces by contract."""
    asked = read_contract_filter(request)
    words = [_("Not all taken"), _("Held"), _("To give back"), _("Settled")]
    data = {
        "page": page_of(queries.list_deposits(request.actor, asked), request.GET.get("page"), each=PAGE_SIZE),
        "asked": asked,
        "query": request.GET.urlencode(),
        "states": list(zip(queries.DEPOSIT_STATES, words, strict=True)),
        "sorts": [("newest", _("The newest first")), ("held", _("Most held first")), ("tenant", _("By tenant"))],
    }
    return render(request, "billing/deposits.html", data)


@page(permission=may_run_money)
@rate_limit("billing-excel", rate="60/h", methods=("GET",))
@require_GET
def give_deposit_book(request: Request) -> HttpResponse:
    """Give the same list as a workbook, amounts in yuan; on a second sheet every movement of these contracts."""
    rows = list(queries.list_deposits(request.actor, read_contract_filter(request))[:MOST])
    record(request.actor, "export", kind="billing.depositentry", data={"rows": len(rows)})
    whose = [_("Number of the contract"), _("Tenant"), _("Space")]
    sums = [_("Deposit agreed"), _("Deposit taken"), _("Deposit kept back"), _("Deposit returned"), _("Deposit held")]
    of = {row.pk: [row.number, row.tenancy.name, row.tenancy.space.name] for row in rows}
    lines = [[*of[row.pk], row.deposit, row.taken, row.kept, row.returned, row.held] for row in rows]
    entries = visible(DepositEntry, to=request.actor).filter(contract__in=of).order_by("on", "pk")
    moves = [[*of[one.contract_id], one.on, str(one.get_act_display()), one.amount, one.reason] for one in entries]
    head = [*whose, _("Day it happened"), _("What happens"), _("Amount in yuan"), _("Reason")]
    more = [Sheet(_("Movements"), head, moves)]
    return as_workbook("deposits", _("Deposits"), [*whose, *sums], lines, more=more)
