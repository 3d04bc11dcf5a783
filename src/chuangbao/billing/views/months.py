"""Billing a month: what will be charged and why, then issuing it for all tenants or some."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from chuangbao.billing.domain.beyond import list_beyond
from chuangbao.billing.domain.charging import count_foreign_bookings, draft_month
from chuangbao.billing.domain.proration import next_month
from chuangbao.billing.domain.statements import issue_month
from chuangbao.billing.models import Statement
from chuangbao.billing.permissions import may_bill_space, may_see_accounts
from chuangbao.billing.views.prices import find_own_space
from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.spaces.models import Space

__all__ = ["issue", "preview", "read_month"]

SHOWN_MONTHS = 13
FIRST_YEAR, LAST_YEAR = 2000, 2199


class ChoiceForm(forms.Form):
    """Which tenants are billed; it has no fields of its own, the page draws one box a tenant."""


def read_month(typed: str) -> date | None:
    """Return the first day of a month that is written as 2026-11; None for anything else, or centuries away."""
    try:
        month = date.fromisoformat(f"{typed}-01")
    except ValueError:
        return None
    return month if FIRST_YEAR <= month.year <= LAST_YEAR else None


def list_months() -> list[tuple[str, str]]:
    """Return the months that can be billed: the next one, this one and a year back."""
    month = next_month(timezone.localdate())
    found = []
    for _step in range(SHOWN_MONTHS):
        found.append((f"{month:%Y-%m}", f"{month:%Y-%m}"))
        month = (
            month.replace(year=month.year - 1, month=12) if month.month == 1 else month.replace(month=month.month - 1)
        )
    return found


@page(permission=may_see_accounts)
@require_safe
def preview(request: Request, space: int) -> HttpResponse:
    """Show what is not yet charged of a month, each line with its arithmetic."""
    month = read_month(request.GET.get("month", "")) or timezone.localdate().replace(day=1)
    return render_preview(request, find_own_space(request, space), month, ChoiceForm())


def render_preview(request: Request, space: Space, month: date, form: ChoiceForm) -> HttpResponse:
    """The preview of a month, with what was refused."""
    drafts, before = draft_month(space, month), (month - timedelta(days=1)).replace(day=1)
    issued = visible(Statement, to=request.actor).filter(
        space=space, issuer=space.operator_id, month=month, stage="issued"
    )
    data = {
        "space": space,
        "form": form,
        "month": month,
        "months": list_months(),
        "chosen": f"{month:%Y-%m}",
        "drafts": drafts,
        "total": sum(draft.total for draft in drafts),
        "waived": sum(draft.waived for draft in drafts),
        "before": f"{before:%Y-%m}" if draft_month(space, before) else "",
        "issued": issued.count(),
        "beyond": list_beyond(issued),
        "foreign": count_foreign_bookings(space, month),
        "may_bill": may_bill_space.test(request.actor, space),
    }
    return render(request, "billing/bill.html", data, status=422 if form.errors else 200)


@page(permission=may_see_accounts)
@rate_limit("billing-issue", rate="120/h")
@post_only("billing:bill", "space")
@once
def issue(request: Request, space: int) -> HttpResponse:
    """Issue the statements of a month for the tenants that were chosen."""
    row, form = find_own_space(request, space), ChoiceForm(request.POST)
    month = read_month(request.POST.get("month", "")) or timezone.localdate().replace(day=1)
    chosen = [int(pk) for pk in request.POST.getlist("tenancies") if pk.isdecimal() and len(pk) < len("1234567890")]
    done = attempt(form, issue_month, space=row, month=month, actor=request.actor, tenancies=chosen)
    if done is None:
        return render_preview(request, row, month, form)
    count = len(done.row)
    words = ngettext("%(n)d statement is issued, and its tenant told.", "%(n)d statements are issued.", count)
    messages.success(request, words % {"n": count})
    return redirect(f"{reverse('billing:overview')}?space={space}&month={month:%Y-%m}")
