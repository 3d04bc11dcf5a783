"""Payments: putting one on record with its proof, looking at the proof, and reversing a wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.billing.domain.payments import record_payment, reverse_payment
from chuangbao.billing.forms import PaymentForm, TakeBackForm
from chuangbao.billing.models import Payment
from chuangbao.billing.permissions import may_bill, may_read_money, may_record_money, may_run_money
from chuangbao.billing.queries import count_credit
from chuangbao.billing.views.statements import find_statement
from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.localization.formatting import money
from chuangbao.core.storage.files import serve

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from chuangbao.core.http.requests import Request

__all__ = ["give_proof", "pay", "reverse"]


@takes_files
@page(permission=may_run_money)
@rate_limit("billing-pay", rate="240/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def pay(request: Request, pk: int) -> HttpResponse:
    """Put a payment on record; a larger one is kept as credit, and said."""
    row = find_statement(request, pk)
    permit(may_record_money, actor=request.actor, row=row)
    start = {"amount": row.open, "paid_on": timezone.localdate()}
    form = PaymentForm(request.POST or None, request.FILES or None, initial=start)
    if attempt_filled(form, record_payment, statement=row, actor=request.actor):
        credit = count_credit(row.tenancy, row.issuer_id)
        messages.success(request, _("The payment is on record."))
        if credit > 0:
            messages.info(request, _("%s is more than was due: it is kept as credit.") % money(credit))
        return redirect("billing:statement", pk)
    return render(request, "billing/pay.html", {"form": form, "row": row}, status=422 if form.errors else 200)


def find_payment(request: Request, pk: int) -> Payment:
    """Return a payment in sight. Raises Http404."""
    rows = visible(Payment, to=request.actor).select_related("tenancy__space", "tenancy__team", "proof")
    return get_object_or_404(rows, pk=pk)


@page(permission=may_run_money)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def reverse(request: Request, pk: int) -> HttpResponse:
    """Reverse a wrong payment by a row of its own."""
    row = find_payment(request, pk)
    permit(may_bill, actor=request.actor, row=row)
    share = row.shares.select_related("statement").order_by("pk").first()
    form = TakeBackForm(request.POST or None)
    if attempt_filled(form, reverse_payment, payment=row, actor=request.actor):
        messages.success(request, _("Reversed. What it had paid is open again."))
        return redirect("billing:statement", share.statement_id) if share else redirect("billing:overview")
    data = {"row": row, "form": form, "share": share}
    return render(request, "billing/payment_reverse.html", data, status=422 if form.errors else 200)


@page(permission=may_read_money)
@require_safe
def give_proof(request: Request, pk: int) -> HttpResponseBase:
    """Give the proof of a payment to either side; each reading is put on record.

    Raises Http404 for a reversal, which has none.
    """
    row = find_payment(request, pk)
    if row.proof is None:
        raise Http404
    firm, team = row.tenancy.organization_id, row.tenancy.team
    whom = {"organisation": firm} if team is None else {"person": team.leader_id}
    return serve(row.proof, request, about={**whom, "reason": "own page"})
