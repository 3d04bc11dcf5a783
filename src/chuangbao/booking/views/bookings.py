"""Finding what is free, booking it, the actor's own bookings, and the front desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from chuangbao.booking import queries
from chuangbao.booking.domain.barriers import find_barriers
from chuangbao.booking.domain.bookings import book_agreed, find_next_free, list_near_times, read_offer
from chuangbao.booking.domain.free_minutes import list_free_minutes
from chuangbao.booking.domain.materials import may_take_with
from chuangbao.booking.domain.outside_hours import find_outside
from chuangbao.booking.domain.pricing import Holder, PriceBook, ask_for_rates, read_books
from chuangbao.booking.domain.rules import span_words
from chuangbao.booking.domain.search import Need, find_free, find_open_hour
from chuangbao.booking.domain.series import Wish, book_series_agreed, move_bookings, preview_series, reschedule
from chuangbao.booking.enums import HOLDING, MOVABLE, UPCOMING, BookingStage, Scope
from chuangbao.booking.forms import BookForm, MoveForm, ReasonForm, SearchForm, read_start
from chuangbao.booking.models import Booking, Resource, Venue
from chuangbao.booking.models.venues import ZONE
from chuangbao.booking.permissions import may_book, may_serve, may_tend
from chuangbao.booking.price_words import price_words, quote_words, read_quote, total_words
from chuangbao.booking.results import ResultWriter
from chuangbao.booking.workflow import BOOKING_LIFE, EARLY, IN_TIME
from chuangbao.core.access.permissions import page, public
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of, record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.exports.pdf import qr_svg
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.http.requests import read_number
from chuangbao.core.kept_queries import ask_together
from chuangbao.core.onward import find_ways

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.booking.domain.search import Found
    from chuangbao.booking.domain.series import Occurrence, Rescheduled
    from chuangbao.booking.models import Series
    from chuangbao.core.http.requests import Request

__all__ = [
    "change_booking",
    "check_in_here",
    "export_desk",
    "find_bookable",
    "list_desk",
    "list_mine",
    "move_in_time",
    "new_booking",
    "search",
    "show_booking",
    "show_code",
]

EACH, LONGEST_QUOTED, AFTER_PARTS = 20, timedelta(days=370), 3
WORDED = ("cancel", "call_off", "decline", "turn_down")
"""Moves that are confirmed, with a word, before they are made."""


@public
@require_safe
def search(request: Request) -> HttpResponse:
    """Search free first, over all venues: by need and time."""
    asked = request.GET if request.GET.get("day") else None
    form = SearchForm(asked) if asked else SearchForm(initial=find_usual() | request.GET.dict())
    found, need, before = None, None, 0
    spans: dict[Resource, tuple[datetime, datetime]] = {}
    if asked and form.is_valid():
        need = read_need(form.cleaned_data)
        after, before = read_onward(request)
        found = find_free(request.actor, need, after)
        spans = dict.fromkeys(found.free, (need.starts, need.ends)) | {row: near[0] for row, near in found.near}
    span = urlencode({"starts": need.starts.isoformat(), "ends": need.ends.isoformat()}) if need else ""
    context: dict[str, Any] = {"form": form, "found": found}
    ways = find_ways(request.actor, "booking.resource", [*spans])
    if need and found:
        context |= write_onward(request, found, before)
        said = (name_prices(request, spans), find_barriers(request.actor, spans))
        context["writer"] = ResultWriter.of(span, need.people, ways, *said)
    return render(request, "booking/search.html", context, status=422 if asked and form.errors else 200)


def read_onward(request: Request) -> tuple[tuple[int, int] | None, int]:
    """Return where a search goes on, and how many were found before; None and 0 where it begins."""
    said = request.GET.get("after", "").split("-")
    capacity, pk, before = map(read_number, said) if len(said) == AFTER_PARTS else (0, 0, 0)
    return ((capacity, pk), before) if pk else (None, 0)


def write_onward(request: Request, found: Found, before: int) -> dict[str, Any]:
    """Return which of all are shown, and the queries of the first ones and of the next, as addresses have them."""
    asked = request.GET.copy()
    asked.pop("after", None)
    start, shown = asked.urlencode(), before + len(found.free)
    if found.onward:
        asked["after"] = "-".join(map(str, (*found.onward, shown)))
    return {
        "first": before + 1,
        "last": shown,
        "start": start if before else "",
        "onward": asked.urlencode() if found.onward else "",
    }


def name_prices(request: Request, spans: Mapping[Resource, tuple[datetime, datetime]]) -> dict[int, str]:
    """Return what a time of each resource costs who asks, in words, by their ids."""
    books = read_books(spans, Holder(request.actor.person_id, request.actor.organisation_id))
    return {row.pk: price_words(books[row.pk].quote(*span), row.venue.clock) for row, span in spans.items()}


def find_usual() -> dict[str, Any]:
    """Return a need to begin with: two hours from an hour at which something is open."""
    at = find_open_hour(timezone.localtime())
    return {"day": at.date(), "starts": at.time(), "ends": (at + timedelta(hours=2)).time(), "people": 1}


def read_need(said: dict[str, Any]) -> Need:
    """Return the need that was filled in, in the time of the province."""
    zone = Venue(zone=ZONE).clock
    starts, ends = (datetime.combine(said["day"], said[name], zone) for name in ("starts", "ends"))
    ends += timedelta(days=said["ends"] == time())
    words = said["features"].replace("，", ",").replace("、", ",").split(",")
    features = tuple(word.strip() for word in words if word.strip())
    return Need(starts, ends, said["kind"], said["people"], said["region"], features)


@page(permission=may_book)
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("book", rate="300/h")
@once
def new_booking(request: Request, pk: int) -> HttpResponse:
    """Book a resource."""
    row = find_bookable(request, pk)
    form, times, span = BookForm(request.POST or None, initial=propose_start(request, row)), None, None
    if form.is_valid() and form.cleaned_data["repeat"]:
        if "confirm" in request.POST and (series := make_series(request, form, row)):
            messages.success(request, _("%(n)d bookings of the series are made.") % {"n": len(series[1])})
            return redirect("booking:mine")
        times = preview_times(request, form, row) if not form.errors else None
    elif form.is_valid():
        span = form.span(row.venue.clock)  # what is refused is no longer in the form
        if done := make_booking(request, form, row):
            waits = done.stage == BookingStage.REQUESTED
            words = _("Asked for. You will be told when the venue has decided.") if waits else _("Booked.")
            messages.success(request, words)
            return redirect("booking:booking", done.pk)
    free = sum(one.place is not None for one in times or [])
    wish = span if form.has_error("starts") else None
    context = {"form": form, "resource": row, "times": times, "free": free}
    context |= {"wait": write_query(form, **wish), "near": link_near_times(request, form, row, wish)} if wish else {}
    context |= read_prices(request, row, None if times else span or read_initial_span(form, row))
    context |= sum_series(times or [])
    return render(request, "booking/book.html", context, status=422 if form.errors else 200)


def propose_start(request: Request, row: Resource) -> dict[str, object]:
    """Return what a form begins with: the time that its address names, else the next one that is free."""
    asked = request.GET.copy()
    if request.method != "POST" and "starts" not in asked:
        span = find_next_free(actor=request.actor, resource=row)
        asked.update({name: at.isoformat() for name, at in zip(("starts", "ends"), span or (), strict=False)})
    return read_start(asked, row)


def find_bookable(request: Request, pk: int) -> Resource:
    """Return a resource in sight. Raises Http404 where there is none."""
    if row := queries.find_resource(request.actor, pk):
        return row
    raise Http404


def read_prices(request: Request, row: Resource, span: dict[str, datetime] | None) -> dict[str, object]:
    """Return what an hour costs whom today and, of a time, what it costs: the sum in yuan and a sentence, if any."""
    rates, current = ask_together(ask_for_rates(row), queries.ask_for_current_rates(row))
    found: dict[str, object] = {"rates": current}
    if span is None or span["ends"] <= span["starts"] or span["ends"] - span["starts"] > LONGEST_QUOTED:
        return found
    holder = Holder(request.actor.person_id, request.actor.organisation_id)
    if quote := PriceBook.draw(row, holder, rates).quote(**span):
        found |= {"price": quote.price, "why": total_words(quote, row.venue.clock)}
    return found


def read_initial_span(form: BookForm, row: Resource) -> dict[str, datetime] | None:
    """Return the time that a form begins with; None where it was sent, or is no time."""
    shown = None if form.is_bound else BookForm(start_of(form))
    return shown.span(row.venue.clock) if shown and shown.is_valid() else None


def start_of(form: BookForm) -> dict[str, Any]:
    """Return what a form begins with, as if it had been sent."""
    return {name: field.initial for name, field in form.fields.items()} | {**form.initial}


def sum_series(times: list[Occurrence]) -> dict[str, object]:
    """Return what the free ones of a series cost in all, in yuan; nothing where they cost nothing."""
    quotes = [one.quote for one in times if one.quote is not None]
    return {"price": sum((quote.price for quote in quotes), Decimal(0))} if quotes else {}


def read_agreed(request: Request) -> Decimal:
    """Return the price in yuan that was seen on the page before; 0 where none was."""
    try:
        seen = Decimal(request.POST.get("price", "")[:20])
    except InvalidOperation:
        return Decimal(0)
    return seen if seen.is_finite() else Decimal(0)


def link_near_times(
    request: Request, form: BookForm, row: Resource, wish: dict[str, datetime]
) -> list[tuple[datetime, datetime, str]]:
    """Return the free times near a time that was refused, each with the address of this form filled in for it."""
    return [
        (starts, ends, write_query(form, starts, ends))
        for starts, ends in list_near_times(actor=request.actor, resource=row, **wish)
    ]


def write_query(form: BookForm, starts: datetime, ends: datetime) -> str:
    """Write a time and what else a form says as the query of an address, so that the next page begins with it."""
    said = {name: form.data.get(name, "") for name in ("people", "purpose")}
    return urlencode({"starts": starts.isoformat(), "ends": ends.isoformat(), **said})


def make_booking(request: Request, form: BookForm, row: Resource) -> Booking | None:
    """Book once what a form says; None where that is refused."""
    said = {name: form.cleaned_data[name] for name in ("purpose", "people")}
    said |= {"agreed": read_agreed(request), **form.span(row.venue.clock)}
    done = attempt(form, book_agreed, actor=request.actor, resource=row, **said)
    return done.row if done else None


def read_wish(form: BookForm, row: Resource) -> Wish:
    """Return the series that a form asks for."""
    said, span = form.cleaned_data, form.span(row.venue.clock)
    return Wish(span["starts"], span["ends"], said["repeat"], said["until"], said["people"], said["purpose"])


def make_series(request: Request, form: BookForm, row: Resource) -> tuple[Series, list[int]] | None:
    """Book the free ones of a series that a form says; None where that is refused."""
    given = {"agreed": read_agreed(request), "wish": read_wish(form, row)}
    done = attempt(form, book_series_agreed, actor=request.actor, resource=row, **given)
    return done.row if done else None


def preview_times(request: Request, form: BookForm, row: Resource) -> list[Occurrence] | None:
    """Show which times of a series are free; None where it is refused."""
    done = attempt(form, preview_series, actor=request.actor, resource=row, wish=read_wish(form, row))
    return name_own(request, row, done.row) if done else None


def name_own(request: Request, row: Resource, times: list[Occurrence]) -> list[Occurrence]:
    """Say of the times that are not free which of them the actor's person has booked already."""
    wrong = [one for one in times if one.problem]
    if not wrong:
        return times
    asked = queries.ask_for_own_times(request.actor, [row], wrong[0].starts, wrong[-1].ends)
    own = queries.group_own_times(*ask_together(asked)).get(row.pk, [])
    words = _("You have booked this already.")
    return [
        replace(one, problem=words)
        if one.problem and any(a < one.ends and b > one.starts for a, b, _pk in own)
        else one
        for one in times
    ]


@page(permission=may_book)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def move_in_time(request: Request, pk: int) -> HttpResponse:
    """Move a booking, those after it in its series, or all to come."""
    row = find_booking(request, pk)
    zone = row.resource.venue.clock
    starts, ends = row.starts.astimezone(zone), row.ends.astimezone(zone)
    start = {"day": starts.date(), "starts": starts.time(), "ends": ends.time(), "scope": Scope.THIS}
    if ends.date() != starts.date():
        start["last_day"] = ends.date()
    form = MoveForm(request.POST or None, initial=start, in_series=row.series_id is not None)
    if form.is_valid():
        scope = form.cleaned_data.get("scope", Scope.THIS)
        done = attempt(form, reschedule, actor=request.actor, booking=row, scope=scope, **form.span(zone))
        if done:
            say_what_moved(request, done.row)
            return redirect("booking:booking", pk)
    context = {"form": form, "booking": row, "resource": row.resource}
    return render(request, "booking/move.html", context, status=422 if form.errors else 200)


def say_what_moved(request: Request, done: Rescheduled) -> None:
    """Say how many bookings moved, and which stay because their new time is not free."""
    messages.success(request, _("%(n)d bookings are moved.") % {"n": len(done.moved)})
    if done.kept:
        times = _("; ").join(clock_words(row, row.starts) for row in done.kept)
        messages.warning(request, _("These stay, because their new time is not free: %(times)s") % {"times": times})


@page(permission=may_book)
@require_safe
def list_mine(request: Request) -> HttpResponse:
    """List the actor's own bookings: those to come, or what was."""
    past = request.GET.get("view") == "past"
    page = queries.page_mine(request.actor, request.GET.get("page"), past=past, now=timezone.now(), each=EACH)
    context: dict[str, Any] = {"page": page, "past": past, "outside": set() if past else find_outside(page)}
    context["places"] = [] if past else queries.list_places(request.actor)
    context["free"] = [] if past else list_free_minutes(request.actor, timezone.localdate())
    return render(request, "booking/mine.html", context)


def find_booking(request: Request, pk: int) -> Booking:
    """Return a booking in sight, or 404."""
    rows = visible(Booking, to=request.actor)
    rows = rows.select_related("resource__venue__region", "resource__training", "person", "for_organization", "quote")
    return get_object_or_404(rows, pk=pk)


@page(permission=may_book)
@require_safe
def show_booking(request: Request, pk: int) -> HttpResponse:
    """Show one booking: where to go, when, and what can be done with it."""
    return render_booking(request, read_offer(find_booking(request, pk)), ReasonForm())


def render_booking(request: Request, row: Booking, form: ReasonForm) -> HttpResponse:
    """The page of a booking, with a form that was refused in place of an empty one."""
    moves = BOOKING_LIFE.open_to(row, request.actor)
    if any(one.verb == "cancel" for one in moves):  # what is one's own is cancelled, not called off
        moves = [one for one in moves if one.verb != "call_off"]
    moves = [one for one in moves if one.verb not in IN_TIME or IN_TIME[one.verb](row)]
    quote = read_quote(row)
    context = {
        "booking": row,
        "why": quote_words(quote, row.resource.venue.clock) if quote else "",
        "quote": quote,
        "is_void": row.stage not in HOLDING,
        "resource": row.resource,
        "plain": [one for one in moves if one.verb not in WORDED],
        "worded": [one for one in moves if one.verb in WORDED],
        "form": form,
        "scopes": Scope.choices if row.series_id else [],
        "may_move": bool(moves) and row.stage in MOVABLE,
        "serves": may_serve.test(request.actor, row),
        "takes": may_take_with(request.actor, row),
        "is_outside": row.stage in UPCOMING and bool(find_outside([row])),
        "is_own": may_tend.test(request.actor, row),
        "early": EARLY.seconds // 60 if row.stage == BookingStage.CONFIRMED else 0,
        "history": history_of(row),
    }
    return render(request, "booking/booking.html", context, status=422 if form.errors else 200)


@page(permission=may_book)
@post_only("booking:booking", "pk")
@once
def change_booking(request: Request, pk: int, verb: str) -> HttpResponse:
    """Confirm, decline, cancel, call off, check in or leave.

    Raises Http404 for a verb that its transitions do not have.
    """
    row, form = find_booking(request, pk), ReasonForm(request.POST)
    if verb not in BOOKING_LIFE.by_verb:
        raise Http404(verb)
    reason = request.POST.get("reason", "")
    asked = request.POST.get("scope", "")
    scope = asked if row.series_id and asked in Scope.values else Scope.THIS
    if done := attempt(form, move_bookings, booking=row, scope=scope, verb=verb, actor=request.actor, reason=reason):
        say_what_was_done(request, row, done.row)
        return redirect("booking:booking", pk)
    return render_booking(request, row, form)


def say_what_was_done(request: Request, row: Booking, count: int) -> None:
    """Say of which booking, when, what has become of it; ``count`` is how many of its series."""
    row.refresh_from_db(fields=["stage"])
    said = {"name": row.resource.name, "time": span_words(row.starts, row.ends, row.resource)}
    messages.success(request, f"{_('%(name)s, %(time)s') % said}{_(': ')}{row.get_stage_display()}")
    if count > 1:
        messages.info(request, _("%(n)d bookings of the series in all.") % {"n": count})


@page(permission=may_book)
@require_safe
def check_in_here(request: Request, pk: int) -> HttpResponse:
    """Lead who scans the code at a door to their booking of now or the next one; without one to what is free there."""
    resource = get_object_or_404(visible(Resource, to=request.actor).select_related("venue"), pk=pk)
    now = timezone.now()
    if row := queries.list_mine(request.actor, now=now).filter(resource=resource).first():
        if row.starts > now + EARLY:
            words = _("Your next booking here begins on %(start)s. You can check in from %(early)s on.")
            begins = row.starts.astimezone(resource.venue.clock)
            said = {"start": f"{begins:%Y-%m-%d %H:%M}", "early": f"{begins - EARLY:%H:%M}"}
            messages.info(request, words % said)
        return redirect("booking:booking", row.pk)
    messages.info(request, _("You have no booking here now. This is what is free."))
    return redirect("booking:resource", pk)


@public
@require_safe
def show_code(request: Request, pk: int) -> HttpResponse:
    """The QR code for the door of a resource: it leads to checking in."""
    resource = get_object_or_404(visible(Resource, to=request.actor), pk=pk)
    address = f"{settings.SITE_URL}{reverse('booking:here', args=[resource.pk])}"
    return HttpResponse(qr_svg(address), content_type="image/svg+xml")


def read_desk(request: Request) -> dict[str, Any]:
    """What the address of the front desk asks for: today, unless it has words, or a day; an empty one is every day."""
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "stage", "venue", "day", "sort")}
    try:
        day = parse_date(asked["day"])
    except ValueError:
        day = None
    if "day" not in request.GET and not asked["q"]:
        day = timezone.localdate()
    stage = asked["stage"] if asked["stage"] in BookingStage.values else ""
    found = {"words": asked["q"], "stage": stage, "venue": read_number(asked["venue"]), "day": day}
    return found | {"sort": asked["sort"]}


@page(permission=may_serve)
@require_safe
def list_desk(request: Request) -> HttpResponse:
    """List the bookings of the organisation's venues."""
    asked = read_desk(request)
    found = page_of(queries.list_front_desk(request.actor, **asked), request.GET.get("page"), each=EACH)
    coming = [row for row in found if row.stage in UPCOMING]
    context = {
        "page": found,
        "outside": find_outside(coming),
        "asked": asked,
        "query": request.GET.urlencode(),
        "stages": BookingStage.choices,
        "sorts": [("resource", _("By resource")), ("latest", _("The latest first"))],
        "venues": queries.list_own_venues(request.actor).values_list("pk", "name"),
    }
    return render(request, "booking/desk.html", context)


@page(permission=may_serve)
@require_GET
def export_desk(request: Request) -> HttpResponse:
    """The same list as a workbook."""
    rows = list(queries.list_front_desk(request.actor, **read_desk(request))[:MOST])
    head = [_("Venue"), _("Resource"), _("Begins at"), _("Ends at"), _("State"), _("For whom"), _("What for")]
    head += [_("How many people"), _("Price in yuan")]
    lines = [list_cells(row) for row in rows]
    record(request.actor, "export", kind="booking.booking", data={"rows": len(rows)})
    return as_workbook("bookings", _("Bookings"), head, lines)


def clock_words(row: Booking, moment: datetime) -> str:
    """Write a moment by the clock of the venue."""
    return f"{moment.astimezone(row.resource.venue.clock):%Y-%m-%d %H:%M}"


def list_cells(row: Booking) -> list[object]:
    """Return a booking as a line of the workbook."""
    when = [clock_words(row, moment) for moment in (row.starts, row.ends)]
    whom = str(row.for_organization or row.person or "")
    stage = str(row.get_stage_display())
    return [str(row.resource.venue), str(row.resource), *when, stage, whom, row.purpose, row.people, row.price]
