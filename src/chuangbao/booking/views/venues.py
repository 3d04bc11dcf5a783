"""Venues: the operator's list and forms, the page that everybody sees, hours and the day as a table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from chuangbao.accounts.models import Organisation
from chuangbao.booking import queries
from chuangbao.booking.calendars import draw_venue
from chuangbao.booking.domain.hours import change_hours as change_venue_hours
from chuangbao.booking.domain.hours import list_outside, list_outside_without, remove_exception, times_words
from chuangbao.booking.domain.schedules import day_kind, read_schedules
from chuangbao.booking.domain.venues import close_venue, create_venue, update_venue
from chuangbao.booking.enums import UPCOMING
from chuangbao.booking.forms import HoursForm, VenueChangeForm, VenueForm
from chuangbao.booking.models import Booking, DayKind, HoursException, Resource, Venue
from chuangbao.booking.permissions import may_keep_venues
from chuangbao.core.access.permissions import page, permit, public
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.localization.working_days import is_provisional
from chuangbao.core.onward import find_ways
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.booking.domain.hours import HoursChange
    from chuangbao.core.http.requests import Request

__all__ = [
    "change_hours",
    "edit_venue",
    "export_venues",
    "list_venues",
    "new_venue",
    "remove_days",
    "show_day",
    "show_venue",
    "shut_venue",
]

EACH = 20
SPECIAL = (DayKind.HOLIDAY, DayKind.EXCHANGED)
"""Kinds of days that a calendar of weekdays does not show."""


def find_own(request: Request, pk: int) -> Venue:
    """Return a venue that the actor manages, or 404 where it is not in sight; 403 where it is another's."""
    row = get_object_or_404(visible(Venue, to=request.actor).select_related("region"), pk=pk)
    permit(may_keep_venues, actor=request.actor, row=row)
    return row


def read_asked(request: Request) -> dict[str, str]:
    """What the address of the list asks for."""
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "state", "sort")}
    return {"words": asked["q"], "state": asked["state"], "sort": asked["sort"] or "name"}


def read_day(request: Request) -> date:
    """Return the day that the address asks for, else today."""
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    return asked if asked and date(2000, 1, 1) < asked < date(2199, 1, 1) else timezone.localdate()


@page(permission=may_keep_venues)
@require_safe
def list_venues(request: Request) -> HttpResponse:
    """List the venues of the organisation."""
    asked = read_asked(request)
    found = page_of(queries.list_own_venues(request.actor, **asked), request.GET.get("page"), each=EACH)
    states = [("open", _("Open to bookings")), ("closed", _("Closed down"))]
    context = {"page": found, "asked": asked, "query": request.GET.urlencode(), "states": states}
    context["sorts"] = [("name", _("By name")), ("newest", _("The newest first"))]
    return render(request, "booking/venues.html", context)


@page(permission=may_keep_venues)
@require_GET
def export_venues(request: Request) -> HttpResponse:
    """The same list as a workbook."""
    rows = list(queries.list_own_venues(request.actor, **read_asked(request))[:MOST])
    head = [_("Name of the venue"), _("Address of the venue"), _("Region"), _("State"), _("Resources")]
    states = [_("Closed down"), _("Open to bookings")]
    lines = [[row.name, row.address, str(row.region), states[row.is_open], read_count(row)] for row in rows]
    record(request.actor, "export", kind="booking.venue", data={"rows": len(rows)})
    return as_workbook("venues", _("Venues"), head, lines)


def read_count(row: Venue) -> int:
    """How many resources the query counted."""
    return int(vars(row)["resource_count"])


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_venue(request: Request) -> HttpResponse:
    """Register a venue of the organisation that one acts for."""
    own = get_object_or_404(visible(Organisation, to=request.actor).distinct(), pk=request.actor.organisation_id)
    form = VenueForm(request.POST or None, initial={"region": own.region_id})
    if done := attempt_filled(form, create_venue, actor=request.actor, organization=own):
        messages.success(request, _("The venue is registered. Add what can be booked in it."))
        return redirect("booking:venue", done.row.pk)
    return render(request, "booking/venue_form.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_venue(request: Request, pk: int) -> HttpResponse:
    """Change a venue."""
    row = find_own(request, pk)
    start = {name: getattr(row, name) for name in VenueChangeForm.base_fields} | {"region": row.region_id}
    form = VenueChangeForm(request.POST or None, initial=start)
    if attempt_filled(form, update_venue, actor=request.actor, venue=row):
        messages.success(request, _("Saved."))
        return redirect("booking:venue", pk)
    return render(request, "booking/venue_form.html", {"form": form, "venue": row}, status=422 if form.errors else 200)


@public
@require_safe
def show_venue(request: Request, pk: int) -> HttpResponse:
    """Show a venue: where it is, when it is open, what can be booked; to its operator how it is changed."""
    row = get_object_or_404(visible(Venue, to=request.actor).select_related("region", "organization"), pk=pk)
    resources = visible(Resource, to=request.actor).filter(venue=row, retired_at=None).select_related("training")
    today = timezone.localdate()
    schedule = read_schedules([row])[row.pk]
    days = [today + timedelta(days=n) for n in range(7)]
    upcoming = visible(Booking, to=request.actor).filter(resource__venue=row, stage__in=UPCOMING)
    keeps = may_keep_venues.test(request.actor, row)
    context = {
        "venue": row,
        "page": page_of(resources.order_by("kind", "name", "pk"), request.GET.get("page"), each=EACH),
        "is_provisional": any(map(is_provisional, days)),
        "days": [(day, name_day(day), times_words(schedule.times_of(day))) for day in days],
        "keeps": keeps,
        "lacks_hours": keeps and row.is_open and not schedule.weeks.get(None),
        "upcoming": upcoming.count() if keeps else 0,
        "ways": find_ways(request.actor, "booking.venue", [row]),
    }
    return render(request, "booking/venue.html", context)


def name_day(day: date) -> str:
    """Return what a day is called that does not go by its weekday: a public holiday, or a working weekend (调休)."""
    kind = day_kind(day)
    return str(kind.label) if kind in SPECIAL else ""


@page(permission=may_keep_venues)
@post_only("booking:venue", "pk")
@once
def shut_venue(request: Request, pk: int) -> HttpResponse:
    """Close a venue; what is booked in it is called off, and people are noticed."""
    close_venue(actor=request.actor, venue=find_own(request, pk))
    messages.success(request, _("The venue is closed. Those who had booked are notified."))
    return redirect("booking:venues")


@public
@require_safe
def show_day(request: Request, pk: int) -> HttpResponse:
    """Show one day of a venue as a table: what is free when. Raises Http404 where it is not in sight."""
    row = queries.find_venue(request.actor, pk)
    if row is None:
        raise Http404
    found, day = queries.page_day(request.actor, row, request.GET.get("page"), each=EACH), read_day(request)
    context = {
        "venue": row,
        "page": found,
        "grid": draw_venue(list(found), day, request.actor),
        "day": day,
        "day_name": name_day(day),
        "is_provisional": is_provisional(day),
        "times": times_words(read_schedules([row])[row.pk].times_of(day)),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
    }
    return render(request, "booking/day.html", context)


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def change_hours(request: Request, pk: int) -> HttpResponse:
    """Set the weekly hours and note days with other ones; what is booked outside the new ones is shown first."""
    row, left = find_own(request, pk), []
    form = HoursForm(request.POST or None, initial=write_week(row))
    if form.is_valid():
        week, special = form.week(), form.special()
        given = {"actor": request.actor, "fate": request.POST.get("fate", "")}
        if done := attempt(form, change_venue_hours, venue=row, week=week, special=special, **given):
            messages.success(request, _("Saved."))
            say_what_was_outside(request, done.row)
            return redirect("booking:hours", pk)
        left = list_outside(row, week, special)
    return show_hours(request, row, form, left=left)


def write_week(row: Venue) -> dict[str, str]:
    """Return the weekly hours of a venue as the form has them."""
    week = read_schedules([row])[row.pk].weeks.get(None, {})
    return {f"day_{day.value}": times_words(week.get(day, [])) for day in DayKind}


def say_what_was_outside(request: Request, done: HoursChange) -> None:
    """Say what became of the bookings that are outside the new hours."""
    if done.called_off:
        words = _("%(n)d bookings are called off, and their people are notified.")
        messages.success(request, words % {"n": done.called_off})
    if done.kept:
        words = _("%(n)d bookings outside the hours stay; the front desk shows them as such.")
        messages.info(request, words % {"n": done.kept})


def show_hours(request: Request, row: Venue, form: HoursForm, **context: Any) -> HttpResponse:
    """The page of hours; ``context`` names the bookings that are ``left`` outside, and what would do so."""
    rows = visible(HoursException, to=request.actor).filter(venue=row, days__endswith__gt=timezone.localdate())
    specials = [
        (one, one.days.upper - timedelta(days=1), times_words([(one.opens or 0, one.closes)] if one.closes else []))
        for one in rows
    ]
    saved = write_week(row)
    week = [(day.label, saved[f"day_{day.value}"]) for day in DayKind]
    context |= {"venue": row, "form": form, "specials": specials, "week": week}
    is_refused = form.errors or context.get("left")
    return render(request, "booking/hours.html", context, status=422 if is_refused else 200)


@page(permission=may_keep_venues)
@post_only("booking:hours", "pk")
@once
def remove_days(request: Request, pk: int, exception: int) -> HttpResponse:
    """Let the weekly hours hold again on some days; what is booked outside them is shown first."""
    row = find_own(request, pk)
    found = get_object_or_404(visible(HoursException, to=request.actor).filter(venue=row), pk=exception)
    try:
        done = remove_exception(actor=request.actor, exception=found, fate=request.POST.get("fate", ""))
    except Refused as refusal:
        if refusal.code != "left_outside":
            raise
        said = {"left": list_outside_without(found), "removed": found, "why": str(refusal)}
        return show_hours(request, row, HoursForm(initial=write_week(row)), **said)
    messages.success(request, _("The weekly hours hold again on those days."))
    say_what_was_outside(request, done)
    return redirect("booking:hours", pk)
