"""Agreements: offered by the operator, read and confirmed by the tenant, taken as PDF by both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.tenants.domain.agreements import offer_agreement, sign_agreement, void_agreement
from chuangbao.tenants.forms import AnswerForm, OfferForm, SignForm
from chuangbao.tenants.models import Agreement
from chuangbao.tenants.permissions import is_host, may_apply, may_run_board
from chuangbao.tenants.sheet import agreement_pdf, confirmation_words
from chuangbao.tenants.views.finding import address_for, find_hosted, find_paper
from chuangbao.tenants.views.hosting import show_hosted
from chuangbao.tenants.workflow import AGREEMENT

if TYPE_CHECKING:
    from chuangbao.core.http.requests import Request

__all__ = ["give_pdf", "offer", "show_agreement", "sign", "void"]


@page(permission=may_run_board)
@rate_limit("agreement", rate="120/h")
@post_only("tenants:tenancy", "pk")
@once
def offer(request: Request, pk: int) -> HttpResponse:
    """Offer an agreement to an admitted tenant."""
    row, form = find_hosted(request, pk), OfferForm(request.POST, auto_id="offer-%s")
    if done := attempt_filled(form, offer_agreement, tenancy=row, actor=request.actor):
        messages.success(request, _("Offered under the number %s. The tenant has a notice.") % done.row.number)
        return redirect("tenants:agreement", done.row.pk)
    return show_hosted(request, row, offering=form)


@page(permission=may_apply)
@require_safe
def show_agreement(request: Request, pk: int) -> HttpResponse:
    """The text of an agreement, who confirmed it, and what can be done now."""
    return answer(request, find_paper(request, Agreement, pk))


def answer(request: Request, row: Agreement, **forms: Any) -> HttpResponse:
    """Answer with the page of an agreement; a form that was refused takes the place of an empty one."""
    context = {
        "agreement": row,
        "row": row.tenancy,
        "lines": row.content.split("\n"),
        "confirmations": [
            confirmation_words(_("Operator of the space"), row.offered_by, row.offered_at),
            confirmation_words(_("Tenant"), row.signed_by, row.signed_at),
        ],
        "verbs": {move.verb for move in AGREEMENT.open_to(row, request.actor)},
        "signing": SignForm(initial={"seen": row.content_hash}),
        "voiding": AnswerForm(auto_id="void-%s"),
        "back": address_for(request, row.tenancy),
        "is_host": is_host.test(request.actor, row.tenancy),
    }
    return render(request, "tenants/agreement.html", context | forms, status=422 if forms else 200)


@page(permission=may_apply)
@rate_limit("agreement-pdf", rate="120/h")
@require_safe
def give_pdf(request: Request, pk: int) -> HttpResponse:
    """The agreement as PDF."""
    row = find_paper(request, Agreement, pk)
    response = HttpResponse(agreement_pdf(row), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return response


@page(permission=may_apply)
@post_only("tenants:agreement", "pk")
@once
def sign(request: Request, pk: int) -> HttpResponse:
    """Confirm the agreement for the tenant; the tenancy begins."""
    row, form = find_paper(request, Agreement, pk), SignForm(request.POST)
    if form.is_valid() and attempt(
        form, sign_agreement, agreement=row, actor=request.actor, seen=form.cleaned_data["seen"]
    ):
        messages.success(request, _("Confirmed. You are a tenant now; welcome."))
        return redirect(address_for(request, row.tenancy))
    return answer(request, find_paper(request, Agreement, pk), signing=form)


@page(permission=may_apply)
@post_only("tenants:agreement", "pk")
@once
def void(request: Request, pk: int) -> HttpResponse:
    """Take the agreement back before it is confirmed."""
    row, form = find_paper(request, Agreement, pk), AnswerForm(request.POST, auto_id="void-%s")
    if attempt_filled(form, void_agreement, agreement=row, actor=request.actor):
        messages.success(request, _("Taken back. Another one can be offered."))
        return redirect(address_for(request, row.tenancy))
    return answer(request, find_paper(request, Agreement, pk), voiding=form)
