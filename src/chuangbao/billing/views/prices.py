"""The price list of a space, kept by its operator, and as everybody sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.billing.domain.prices import end_price, set_price
from chuangbao.billing.forms import EndForm, PriceForm
from chuangbao.billing.models import PriceItem
from chuangbao.billing.models.prices import holds_on
from chuangbao.billing.permissions import may_keep_prices, may_see_accounts
from chuangbao.booking.domain.rates import hold_on
from chuangbao.booking.models import Rate
from chuangbao.core.access.permissions import page, permit, public
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import page_of
from chuangbao.spaces.models import Space

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["find_own_space", "list_prices", "show_prices", "stop_price"]

PAGE_SIZE, MOST_SHOWN = 20, 200


def find_own_space(request: Request, space: int) -> Space:
    """Return a space whose accounts the actor may see. Raises Http404, Forbidden."""
    row = get_object_or_404(visible(Space, to=request.actor).select_related("operator"), pk=space)
    permit(may_see_accounts, actor=request.actor, row=row)
    return row


@page(permission=may_see_accounts)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def list_prices(request: Request, space: int) -> HttpResponse:
    """List what a space asks for, now and before, with a form for another price."""
    row = find_own_space(request, space)
    form = PriceForm(request.POST or None, initial={"first": timezone.localdate()})
    if attempt_filled(form, set_price, space=row, actor=request.actor):
        messages.success(request, _("Saved. Contracts that were made keep their price."))
        return redirect("billing:prices", space)
    items = visible(PriceItem, to=request.actor).filter(space=row).order_by("kind", "name", "-first")
    data = {
        "space": row,
        "form": form,
        "page": page_of(items, request.GET.get("page"), each=PAGE_SIZE),
        "may_keep": may_keep_prices.test(request.actor, row),
        "today": timezone.localdate(),
    }
    return render(request, "billing/prices.html", data, status=422 if form.errors else 200)


@page(permission=may_see_accounts)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def stop_price(request: Request, pk: int) -> HttpResponse:
    """End a price of the price list."""
    row = get_object_or_404(visible(PriceItem, to=request.actor).select_related("space"), pk=pk)
    permit(may_keep_prices, actor=request.actor, row=row.space)
    form = EndForm(request.POST or None, initial={"last": timezone.localdate()})
    if attempt_filled(form, end_price, item=row, actor=request.actor):
        messages.success(request, _("The price ends."))
        return redirect("billing:prices", row.space_id)
    return render(request, "billing/price_end.html", {"row": row, "form": form}, status=422 if form.errors else 200)


@public
@require_safe
def show_prices(request: Request, space: int) -> HttpResponse:
    """Show everybody what a space asks for today."""
    row = get_object_or_404(visible(Space, to=request.actor), pk=space)
    items = visible(PriceItem, to=request.actor).filter(holds_on(timezone.localdate()), space=row, is_public=True)
    rates = Rate.objects.filter(hold_on(timezone.localdate()), venue__site__space=row, venue__is_open=True)
    data = {
        "space": row,
        "items": items.order_by("kind", "name")[:MOST_SHOWN],
        "rates": rates.select_related("venue", "resource").order_by("venue", "group", "kind", "opens", "pk")[
            :MOST_SHOWN
        ],
    }
    return render(request, "billing/price_list.html", data)
