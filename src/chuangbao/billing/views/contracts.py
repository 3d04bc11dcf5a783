"""Contracts of tenants: the list, making one, its charges with dated prices, and the deposit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from chuangbao.billing import queries
from chuangbao.billing.domain.contracts import (
    add_line,
    change_price,
    end_contract,
    end_line,
    find_agreement,
    make_contract,
)
from chuangbao.billing.domain.deposits import move_deposit
from chuangbao.billing.forms import ContractForm, DepositForm, EndForm, LineForm, PriceChangeForm
from chuangbao.billing.models import Contract, ContractLine, DepositEntry, PriceItem
from chuangbao.billing.models.prices import holds_on
from chuangbao.billing.permissions import may_bill, may_read_money, may_run_money
from chuangbao.billing.queries import read_deposit
from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of, record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.http.requests import read_number
from chuangbao.core.localization.formatting import number
from chuangbao.tenants.models import Tenancy

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = [
    "add_charge",
    "change_charge",
    "end_charge",
    "finish_contract",
    "give_contract_book",
    "keep_deposit",
    "list_contracts",
    "new_contract",
    "show_contract",
]

PAGE_SIZE = 20


def read_contract_filter(request: Request) -> dict[str, Any]:
    """Return what the address of the list asks for."""
    asked: dict[str, Any] = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "state", "sort")}
    return asked | {"tenancy": read_number(request.GET.get("tenancy", ""))}


@page(permission=may_run_money)
@require_safe
def list_contracts(request: Request) -> HttpResponse:
    """List the contracts of the organisation's spaces, and its tenants that have none."""
    asked = read_contract_filter(request)
    without = visible(Tenancy, to=request.actor).filter(
        space__operator=request.actor.organisation_id, starts_on__isnull=False, ended_on=None, contracts=None
    )
    data = {
        "page": page_of(queries.list_contracts(request.actor, asked), request.GET.get("page"), each=PAGE_SIZE),
        "asked": asked,
        "query": request.GET.urlencode(),
        "states": [("now", _("In force")), ("later", _("To come")), ("over", _("Ended"))],
        "sorts": [("newest", _("The newest first")), ("ends", _("Which ends first")), ("tenant", _("By tenant"))],
        "without": without.select_related("space", "organization", "team").order_by("space__name", "pk")[:PAGE_SIZE],
    }
    return render(request, "billing/contracts.html", data)


@page(permission=may_run_money)
@rate_limit("billing-excel", rate="60/h", methods=("GET",))
@require_GET
def give_contract_book(request: Request) -> HttpResponse:
    """Give the contracts that the list shows as a workbook."""
    head = [_("Number of the contract"), _("Tenant"), _("Space"), _("From"), _("Until"), _("Days to pay")]
    head += [_("Deposit in yuan")]
    rows = list(queries.list_contracts(request.actor, read_contract_filter(request))[:MOST])
    record(request.actor, "export", kind="billing.contract", data={"rows": len(rows)})
    lines = [
        [row.number, row.tenancy.name, row.tenancy.space.name, row.first, row.last, row.days_to_pay, row.deposit]
        for row in rows
    ]
    return as_workbook("contracts", _("Contracts of tenants"), head, lines)


@page(permission=may_run_money)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_contract(request: Request, pk: int) -> HttpResponse:
    """Put a contract of a tenant on record."""
    rows = visible(Tenancy, to=request.actor).select_related("space", "organization", "team")
    tenancy = get_object_or_404(rows, pk=pk)
    permit(may_bill, actor=request.actor, row=tenancy)
    paper = find_agreement(tenancy)
    start = {"first": tenancy.starts_on, "last": tenancy.term_ends_on, "number": paper.number if paper else ""}
    form = ContractForm(request.POST or None, initial=start)
    if done := attempt_filled(form, make_contract, tenancy=tenancy, actor=request.actor):
        messages.success(request, _("On record. Now add what it charges."))
        return redirect("billing:contract", done.row.pk)
    data = {"form": form, "tenancy": tenancy, "agreement": paper}
    return render(request, "billing/contract_new.html", data, status=422 if form.errors else 200)


@page(permission=may_read_money)
@require_safe
def show_contract(request: Request, pk: int) -> HttpResponse:
    """Show a contract with its charges, their prices and its deposit."""
    return render_contract(request, find_contract(request, pk))


def find_contract(request: Request, pk: int) -> Contract:
    """Return a contract in sight. Raises Http404."""
    rows = visible(Contract, to=request.actor)
    return get_object_or_404(
        rows.select_related("tenancy__space", "tenancy__organization", "tenancy__team", "agreement"), pk=pk
    )


def line_form(request: Request, row: Contract, *, sent: bool = False) -> LineForm:
    """Return the form of a charge, with the price list of today to choose from."""
    items = visible(PriceItem, to=request.actor).filter(holds_on(timezone.localdate()), space=row.tenancy.space)
    form = LineForm(request.POST if sent else None, items=items, initial={"first": row.first})
    tenancy = row.tenancy
    if tenancy.desks or tenancy.area:
        said = {"desks": tenancy.desks or 0, "area": number(tenancy.area or Decimal(0))}
        there = _("This tenant has %(desks)s desks and %(area)s m².") % said
        form.fields["quantity"].help_text = f"{form.fields['quantity'].help_text} {there}"
    return form


def render_contract(request: Request, row: Contract, **forms: Form) -> HttpResponse:
    """The page of a contract, with a form that was refused in place of an empty one."""
    today = timezone.localdate()
    lines = visible(ContractLine, to=request.actor).filter(contract=row).prefetch_related("prices").order_by("pk")
    data: dict[str, Any] = {
        "row": row,
        "lines": lines,
        "deposit": read_deposit(row),
        "entries": visible(DepositEntry, to=request.actor).filter(contract=row).order_by("on", "pk"),
        "may_bill": may_bill.test(request.actor, row),
        "adding": forms.get("adding") or line_form(request, row),
        "moving": forms.get("moving") or DepositForm(initial={"on": today, "amount": row.deposit}),
        "ending": forms.get("ending") or EndForm(initial={"last": today}),
        "history": history_of(row),
    }
    return render(request, "billing/contract.html", data, status=422 if forms else 200)


@page(permission=may_run_money)
@post_only("billing:contract", "pk")
@once
def add_charge(request: Request, pk: int) -> HttpResponse:
    """Add something that the contract charges every month."""
    row = find_contract(request, pk)
    permit(may_bill, actor=request.actor, row=row)
    form = line_form(request, row, sent=True)
    if form.is_valid():
        said = form.read_line()
        if attempt(form, add_line, contract=row, actor=request.actor, waiver=form.read_waiver(), **said):
            messages.success(request, _("The charge is added."))
            return redirect("billing:contract", pk)
    return render_contract(request, row, adding=form)


@page(permission=may_run_money)
@post_only("billing:contract", "pk")
@once
def finish_contract(request: Request, pk: int) -> HttpResponse:
    """End a contract with a day."""
    row, form = find_contract(request, pk), EndForm(request.POST)
    permit(may_bill, actor=request.actor, row=row)
    if attempt_filled(form, end_contract, contract=row, actor=request.actor):
        messages.success(request, _("The contract ends."))
        return redirect("billing:contract", pk)
    return render_contract(request, row, ending=form)


@takes_files
@page(permission=may_run_money)
@rate_limit("billing-deposit", rate="120/h")
@post_only("billing:contract", "pk")
@once
def keep_deposit(request: Request, pk: int) -> HttpResponse:
    """Put on record what happened to the deposit."""
    row, form = find_contract(request, pk), DepositForm(request.POST, request.FILES)
    permit(may_bill, actor=request.actor, row=row)
    if attempt_filled(form, move_deposit, contract=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("billing:contract", pk)
    return render_contract(request, row, moving=form)


def find_line(request: Request, pk: int) -> ContractLine:
    """Return a charge of a contract that the actor may change. Raises Http404, Forbidden."""
    rows = visible(ContractLine, to=request.actor).select_related("contract__tenancy__space")
    row = get_object_or_404(rows, pk=pk)
    permit(may_bill, actor=request.actor, row=row)
    return row


@page(permission=may_run_money)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def change_charge(request: Request, pk: int) -> HttpResponse:
    """Let a charge cost something else from a day on."""
    row = find_line(request, pk)
    form = PriceChangeForm(request.POST or None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("price", "first")}
        if attempt(form, change_price, line=row, actor=request.actor, waiver=form.read_waiver(), **given):
            messages.success(request, _("The new price holds from that day on."))
            return redirect("billing:contract", row.contract_id)
    data = {"row": row, "form": form, "ending": EndForm(), "prices": row.prices.order_by("first")}
    return render(request, "billing/line.html", data, status=422 if form.errors else 200)


@page(permission=may_run_money)
@post_only("billing:line", "pk")
@once
def end_charge(request: Request, pk: int) -> HttpResponse:
    """Charge something until a day."""
    row, form = find_line(request, pk), EndForm(request.POST)
    if attempt_filled(form, end_line, line=row, actor=request.actor):
        messages.success(request, _("It is charged until that day."))
        return redirect("billing:contract", row.contract_id)
    data = {"row": row, "form": PriceChangeForm(), "ending": form, "prices": row.prices.order_by("first")}
    return render(request, "billing/line.html", data, status=422)
