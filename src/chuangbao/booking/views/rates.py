"""What an hour costs whom in a venue, and what is free each month: kept by its operator, read by everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangbao.booking import queries
from chuangbao.booking.domain.rates import end_allowance, end_rate, set_allowance, set_rate
from chuangbao.booking.forms import AllowanceForm, LastDayForm, RateForm
from chuangbao.booking.models import Allowance, Rate
from chuangbao.booking.permissions import may_keep_venues
from chuangbao.booking.price_words import length_words
from chuangbao.booking.views.venues import find_own
from chuangbao.core.access.permissions import page
from chuangbao.core.audit.log import record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse

    from chuangbao.booking.models import Venue
    from chuangbao.core.http.requests import Request

__all__ = ["export_rates", "list_rates", "new_allowance", "stop_allowance", "stop_rate"]

EACH = 30


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def list_rates(request: Request, pk: int) -> HttpResponse:
    """List what an hour costs whom, now and before, and set another price from a day on."""
    venue = find_own(request, pk)
    form = make_rate_form(request, venue)
    if attempt_filled(form, set_rate, actor=request.actor, venue=venue):
        messages.success(request, _("Saved. Bookings that were made keep their price."))
        return redirect("booking:rates", pk)
    return render_rates(request, venue, form, make_allowance_form(None))


def make_rate_form(request: Request, venue: Venue, *, is_sent: bool = True) -> RateForm:
    """The form of a price; empty where another form of the page was sent."""
    sent = (request.POST or None) if is_sent else None
    return RateForm(sent, actor=request.actor, venue=venue, initial={"first": timezone.localdate()})


def make_allowance_form(sent: Any) -> AllowanceForm:
    """The form of what is free each month; its fields have ids of their own beside those of the other."""
    return AllowanceForm(sent, initial={"first": timezone.localdate().replace(day=1)}, auto_id="free_%s")


def render_rates(request: Request, venue: Venue, form: Form, allowance_form: Form) -> HttpResponse:
    """The page of prices, with a form that was refused in place of an empty one."""
    is_past = request.GET.get("view") == "past"
    rows = queries.list_rates(venue, past=is_past)
    context = {
        "venue": venue,
        "form": form,
        "allowance_form": allowance_form,
        "page": page_of(rows, request.GET.get("page"), each=EACH),
        "allowances": [(row, length_words(row.minutes)) for row in queries.list_allowances(venue, past=is_past)[:EACH]],
        "past": is_past,
    }
    is_refused = form.errors or allowance_form.errors
    return render(request, "booking/rates.html", context, status=422 if is_refused else 200)


@page(permission=may_keep_venues)
@post_only("booking:rates", "pk")
@once
def new_allowance(request: Request, pk: int) -> HttpResponse:
    """Set what is free each month for a group."""
    venue, form = find_own(request, pk), make_allowance_form(request.POST)
    if attempt_filled(form, set_allowance, actor=request.actor, venue=venue):
        messages.success(request, _("Saved. It is used first, from the month that you chose on."))
        return redirect("booking:rates", pk)
    return render_rates(request, venue, make_rate_form(request, venue, is_sent=False), form)


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def stop_rate(request: Request, pk: int, rate: int) -> HttpResponse:
    """End a price by the hour."""
    venue = find_own(request, pk)
    row = get_object_or_404(Rate.objects.filter(venue=venue).select_related("resource"), pk=rate)
    form = LastDayForm(request.POST or None, initial={"last": timezone.localdate()})
    if attempt_filled(form, end_rate, actor=request.actor, rate=row):
        messages.success(request, _("The price ends."))
        return redirect("booking:rates", pk)
    context = {"venue": venue, "form": form, "rate": row}
    return render(request, "booking/rate_end.html", context, status=422 if form.errors else 200)


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def stop_allowance(request: Request, pk: int, allowance: int) -> HttpResponse:
    """End what is free each month."""
    venue = find_own(request, pk)
    row = get_object_or_404(Allowance.objects.filter(venue=venue), pk=allowance)
    form = LastDayForm(request.POST or None, initial={"last": timezone.localdate()})
    if attempt_filled(form, end_allowance, actor=request.actor, allowance=row):
        messages.success(request, _("It ends with that month."))
        return redirect("booking:rates", pk)
    context = {"venue": venue, "form": form, "allowance": row, "length": length_words(row.minutes)}
    return render(request, "booking/rate_end.html", context, status=422 if form.errors else 200)


@page(permission=may_keep_venues)
@require_GET
def export_rates(request: Request, pk: int) -> HttpResponse:
    """The prices as a workbook."""
    venue = find_own(request, pk)
    rows = list(queries.list_rates(venue, past=request.GET.get("view") == "past")[:MOST])
    head = [_("Whom it is for"), _("Kind of resource"), _("Resource"), _("On which days"), _("Begins at"), _("Ends at")]
    head += [_("Price per hour in yuan"), _("Holds from"), _("Last day")]
    lines = [
        [
            str(row.get_group_display() or _("Everybody")),
            str(row.get_kind_display() or ""),
            str(row.resource or ""),
            str(row.get_days_display()),
            queries.clock_of(row.opens),
            queries.clock_of(row.closes),
            row.price_per_hour,
            row.first,
            row.last,
        ]
        for row in rows
    ]
    record(request.actor, "export", kind="booking.rate", data={"rows": len(rows)})
    return as_workbook("prices", _("Prices by the hour"), head, lines)
