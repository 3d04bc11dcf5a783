"""Calendars of other programs: the own address, the feed behind it, and a foreign calendar for a resource."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.booking.domain.feeds import make_address, take_calendar, write_calendar
from chuangbao.booking.enums import HOLDING
from chuangbao.booking.forms import FeedForm
from chuangbao.booking.models import Booking, Feed
from chuangbao.booking.permissions import may_book, may_keep_venues
from chuangbao.booking.views.resources import find_own_resource
from chuangbao.core.access.permissions import page, public
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.access.tokens import hash_token
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.rate_limits import rate_limit

if TYPE_CHECKING:
    from chuangbao.accounts.models import Person
    from chuangbao.core.http.requests import Request

__all__ = ["foreign_calendar", "read_feed", "show_address"]

BEHIND, AHEAD, MOST = timedelta(days=90), timedelta(days=400), 5000


def write_address(row: Feed) -> str:
    """Write the address of a new feed, which is known only now."""
    return f"{settings.SITE_URL}{reverse('booking:feed', args=[row.token])}"


@page(permission=may_book)
@require_http_methods(["GET", "HEAD", "POST"])
def show_address(request: Request) -> HttpResponse:
    """Make the secret address of the actor's calendar, and show it once."""
    address = write_address(make_address(actor=request.actor)) if request.method == "POST" else ""
    return render(request, "booking/calendar.html", {"address": address})


def own_now(person: Person | None) -> Q:
    """What a person booked for themselves and for organisations to which they still belong; nothing once they left."""
    if person is None or not person.is_active:
        return Q(pk=None)
    member = Q(for_organization__memberships__person=person, for_organization__memberships__ended_at=None)
    return Q(person=person) & (Q(for_organization=None) | member)


@public
@require_safe
def read_feed(_request: Request, token: str) -> HttpResponse:
    """Give the bookings of a person or of a resource as iCalendar."""
    feeds = unscoped(Feed, because="the address is the key").select_related("resource", "person")
    feed = get_object_or_404(feeds, token_hash=hash_token(token))
    now = timezone.now()
    rows = unscoped(Booking, because="the address is the key").filter(stage__in=HOLDING)
    rows = rows.filter(starts__gt=now - BEHIND, starts__lt=now + AHEAD).select_related("resource__venue")
    own = feed.resource_id is None
    rows = rows.filter(own_now(feed.person)) if own else rows.filter(resource=feed.resource_id)
    name = _("My bookings") if own else str(feed.resource)
    content = write_calendar(name, rows.order_by("starts", "pk")[:MOST], names_purpose=own)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers={"X-Robots-Tag": "noindex"})


@page(permission=may_keep_venues)
@rate_limit("calendar", rate="30/h")
@once
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def foreign_calendar(request: Request, pk: int) -> HttpResponse:
    """Take in when a resource is busy elsewhere, from a calendar file; or make the address of its own calendar."""
    row, address = find_own_resource(request, pk), ""
    if request.method == "POST" and "address" in request.POST:
        address, form = write_address(make_address(actor=request.actor, resource=row)), FeedForm()
    else:
        form = FeedForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            content = form.cleaned_data["content"].read()
            if done := attempt(form, take_calendar, actor=request.actor, resource=row, content=content):
                messages.success(request, _("%(n)d times of the next year are taken in as busy.") % {"n": done.row})
                return redirect("booking:resource", pk)
    context = {"form": form, "resource": row, "address": address}
    return render(request, "booking/foreign.html", context, status=422 if form.errors else 200)
