"""Statements: who owes what since when, one statement with its arithmetic, its PDF, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.billing.domain.beyond import is_beyond
from chuangbao.billing.domain.charging import list_credits
from chuangbao.billing.domain.statements import replace_statement, revoke_statement
from chuangbao.billing.forms import TakeBackForm
from chuangbao.billing.models import Payment, PaymentShare, Reminder, Statement
from chuangbao.billing.permissions import may_bill, may_bill_space, may_read_money, may_record_money, may_run_money
from chuangbao.billing.queries import STATES, count_credit, list_statements, sum_open, with_open
from chuangbao.billing.sheet import list_charges, paper_of, state_words
from chuangbao.billing.views.months import read_month
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of, record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.exports.pdf import to_pdf
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.http.requests import read_number
from chuangbao.spaces.models import Space
from chuangbao.tenants.models import Tenancy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.core.http.requests import Request

__all__ = [
    "give_own_book",
    "give_pdf",
    "give_statement_book",
    "list_overview",
    "list_own_statements",
    "replace",
    "revoke",
    "show_statement",
]

PAGE_SIZE = 20


def name_states() -> list[tuple[str, str]]:
    """Return what the overview can be narrowed to, in words."""
    words = [_("Overdue"), _("Still open"), _("Paid in"), _("Revoked or replaced")]
    return list(zip(STATES, words, strict=True))


def read_filter(request: Request) -> dict[str, Any]:
    """Return what the address of the overview asks for."""
    asked: dict[str, Any] = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "state", "month", "sort")}
    asked |= {name: read_number(request.GET.get(name, "")) for name in ("space", "tenancy")}
    return asked | {"month": read_month(asked["month"])}


def draw_filter(request: Request, rows: QuerySet[Any]) -> dict[str, Any]:
    """Return a page of statements, with what it is narrowed to and how it is sorted."""
    asked = read_filter(request)
    return {
        "page": page_of(rows, request.GET.get("page"), each=PAGE_SIZE),
        "asked": asked,
        "month": f"{asked['month']:%Y-%m}" if asked["month"] else "",
        "query": request.GET.urlencode(),
        "states": name_states(),
        "sorts": [("due", _("Due first")), ("open", _("Most to pay first"))],
        "today": timezone.localdate(),
    }


def list_hosted(request: Request) -> QuerySet[Any]:
    """Return the statements that the actor's organisation issued by what the address asks for."""
    rows = list_statements(request.actor, read_filter(request))
    return rows.filter(issuer=request.actor.organisation_id)


@page(permission=may_run_money)
@require_safe
def list_overview(request: Request) -> HttpResponse:
    """List who owes what since when, with the ways to bill, to prices and to income of each space."""
    own = visible(Statement, to=request.actor).filter(issuer=request.actor.organisation_id)
    known = visible(Space, to=request.actor).order_by("name", "pk")
    spaces = known.filter(operator=request.actor.organisation_id)
    billed = known.filter(Q(operator=request.actor.organisation_id) | Q(pk__in=own.values("space")))
    data = draw_filter(request, list_hosted(request))
    data["sorts"].append(("payer", _("By payer")))
    data |= {
        "space": str(data["asked"]["space"] or ""),
        "spaces": list(spaces[:PAGE_SIZE]),
        "choices": [(str(row.pk), row.name) for row in billed[:PAGE_SIZE]],
        "open": sum_open(own),
        "late": sum_open(own.filter(due_on__lt=timezone.localdate())),
    }
    return render(request, "billing/overview.html", data)


@page(permission=may_run_money)
@rate_limit("billing-excel", rate="60/h", methods=("GET",))
@require_safe
def give_statement_book(request: Request) -> HttpResponse:
    """Give the overview as an Excel workbook, amounts in yuan."""
    return write_book(request, list_hosted(request))


def write_book(request: Request, found: QuerySet[Any]) -> HttpResponse:
    """Write statements as a workbook, and put that on record."""
    head = [
        _("Number of the statement"),
        _("Payer"),
        _("Space"),
        _("Month"),
        _("Full price"),
        _("Waived"),
        _("Amount due"),
        _("Paid in"),
        _("Still open"),
        _("Due on"),
        _("State"),
    ]
    rows = [
        [
            row.number,
            row.payer,
            row.space.name,
            f"{row.month:%Y-%m}",
            row.gross,
            row.waived,
            row.total,
            row.paid,
            row.open if row.stage == "issued" else 0,
            row.due_on,
            state_words(row),
        ]
        for row in found[:MOST]
    ]
    record(request.actor, "export", kind="billing.statement", data={"rows": len(rows)})
    return as_workbook("statements", _("Statements"), head, rows)


def narrow_to_payer(request: Request, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the statements that the actor pays: its own, or those of the organisation that it acts for."""
    if request.actor.capacity is Capacity.MEMBER:
        return rows.filter(tenancy__organization=request.actor.organisation_id)
    return rows


@page(permission=may_read_money)
@require_safe
def list_own_statements(request: Request) -> HttpResponse:
    """List the statements that the actor pays, what is due, and what was waived."""
    rows = narrow_to_payer(request, visible(Statement, to=request.actor))
    tenancies = visible(Tenancy, to=request.actor)
    if request.actor.capacity is Capacity.MEMBER:
        tenancies = tenancies.filter(organization=request.actor.organisation_id)
    year = timezone.localdate().year
    held = rows.filter(stage="issued", month__year=year)
    found = narrow_to_payer(request, list_statements(request.actor, read_filter(request)))
    data = draw_filter(request, found) | {
        "open": sum_open(rows),
        "waived": held.aggregate(sum=Sum("waived"))["sum"] or 0,
        "credit": sum(count_credit(row) for row in tenancies[:PAGE_SIZE]),
        "year": year,
    }
    return render(request, "billing/mine.html", data)


@page(permission=may_read_money)
@rate_limit("billing-excel", rate="60/h", methods=("GET",))
@require_safe
def give_own_book(request: Request) -> HttpResponse:
    """Give the statements that the actor pays as a workbook, as the list is narrowed and sorted."""
    return write_book(request, narrow_to_payer(request, list_statements(request.actor, read_filter(request))))


def find_statement(request: Request, pk: int) -> Any:
    """Return a statement in sight with what is open on it. Raises Http404."""
    rows = with_open(visible(Statement, to=request.actor))
    rows = rows.select_related("space", "issuer", "tenancy__organization", "tenancy__team", "tenancy__space")
    return get_object_or_404(rows.select_related("replaces", "replaced_by"), pk=pk)


@page(permission=may_read_money)
@require_safe
def show_statement(request: Request, pk: int) -> HttpResponse:
    """Show a statement: what is due until when, how it was worked out, what was waived and what was paid."""
    return render_statement(request, find_statement(request, pk), TakeBackForm())


def render_statement(request: Request, row: Any, form: TakeBackForm) -> HttpResponse:
    """The page of a statement, with a form that was refused in place of an empty one."""
    shares = visible(PaymentShare, to=request.actor).filter(statement=row).select_related("payment").order_by("pk")
    payments = visible(Payment, to=request.actor).filter(shares__statement=row).distinct()
    may, has_left = may_bill.test(request.actor, row), row.tenancy.ended_on is not None
    data = {
        "row": row,
        "charges": list_charges(row, request.actor),
        "shares": shares,
        "payments": payments.select_related("reversed_by").order_by("paid_on", "pk"),
        "reminders": visible(Reminder, to=request.actor).filter(statement=row).order_by("sent_on", "pk"),
        "credit": count_credit(row.tenancy, row.issuer_id),
        "may_bill": may,
        "may_replace": may_bill_space.test(request.actor, row.space),
        "may_record": may_record_money.test(request.actor, row),
        "form": form,
        "to_credit": sum(one.left for one in list_credits(row.space).filter(statement=row)) if may else 0,
        "is_beyond": may and has_left and is_beyond(visible(Statement, to=request.actor).filter(pk=row.pk)),
        "has_left": has_left,
        "today": timezone.localdate(),
        "history": history_of(row),
    }
    return render(request, "billing/statement.html", data, status=422 if form.errors else 200)


@page(permission=may_run_money)
@post_only("billing:statement", "pk")
@once
def revoke(request: Request, pk: int) -> HttpResponse:
    """Revoke a statement, with a reason."""
    row, form = find_statement(request, pk), TakeBackForm(request.POST)
    permit(may_bill, actor=request.actor, row=row)
    if attempt_filled(form, revoke_statement, statement=row, actor=request.actor):
        messages.success(request, _("Revoked. What was paid on it is kept as credit."))
        return redirect("billing:statement", pk)
    return render_statement(request, row, form)


@page(permission=may_run_money)
@post_only("billing:statement", "pk")
@once
def replace(request: Request, pk: int) -> HttpResponse:
    """Issue a statement in place of this one, worked out again."""
    row, form = find_statement(request, pk), TakeBackForm(request.POST)
    permit(may_bill, actor=request.actor, row=row)
    if done := attempt_filled(form, replace_statement, statement=row, actor=request.actor):
        messages.success(request, _("Issued under the number %s.") % done.row.number)
        return redirect("billing:statement", done.row.pk)
    return render_statement(request, row, form)


@page(permission=may_read_money)
@rate_limit("billing-pdf", rate="120/h", methods=("GET",))
@require_safe
def give_pdf(request: Request, pk: int) -> HttpResponse:
    """Give the statement as a PDF."""
    row = find_statement(request, pk)
    response = HttpResponse(to_pdf(paper_of(row, list_charges(row, request.actor))), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return response
