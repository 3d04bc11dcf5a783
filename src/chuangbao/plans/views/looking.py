"""Looking at floors: one with the state of each thing at a moment, all of a venue to print, the picture behind."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chuangbao.booking.models import Venue
from chuangbao.core.access.permissions import public
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.storage.files import serve
from chuangbao.plans.domain.states import list_bookers, read_states
from chuangbao.plans.drawing import draw_floor
from chuangbao.plans.enums import HATCHED, LETTERS, ShapeState
from chuangbao.plans.forms import MomentForm
from chuangbao.plans.models import Floor
from chuangbao.plans.permissions import may_draw, may_see_who

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from chuangbao.core.http.requests import Request
    from chuangbao.plans.drawing import Drawing

__all__ = ["find_floor", "give_picture", "list_legend", "print_venue", "show_floor", "show_venue"]

ZOOMS = ("whole", "near", "close")
RATE = "600/10m"
WIDEST_IN_SIGHT = 1080
"""Pixels of a drawing that a window of 1280 shows without scrolling; a wider floor is shown whole unless asked.

On a phone it stays readable: a whole floor is too small to read there.
"""


def find_floor(request: Request, pk: int) -> Floor:
    """Return a floor in sight with its venue, or 404."""
    rows = visible(Floor, to=request.actor).select_related("venue__organization", "venue__region", "picture")
    return get_object_or_404(rows, pk=pk)


def find_venue(request: Request, pk: int) -> Venue:
    """Return a venue in sight, or 404."""
    return get_object_or_404(visible(Venue, to=request.actor).select_related("organization", "region"), pk=pk)


def read_moment(request: Request, venue: Venue) -> tuple[MomentForm, datetime, bool]:
    """Return the form of a moment, the moment that it asks for, else now, and whether it is now."""
    now = timezone.now().astimezone(venue.clock).replace(second=0, microsecond=0)
    asked = request.GET if request.GET.get("day") or request.GET.get("time") else None
    form = MomentForm(asked, initial={"day": now.date(), "time": now.time()})
    if asked is None or not form.is_valid():
        return form, now, True
    said = form.cleaned_data
    return form, datetime.combine(said["day"], said["time"], venue.clock), False


def draw_at(request: Request, floor: Floor, moment: datetime, *, is_now: bool) -> Drawing:
    """Draw a floor at a moment, for who looks."""
    found = read_states(request.actor, floor, moment)
    serves = may_see_who.test(request.actor, floor.venue)
    bookers = list_bookers(request.actor, floor, moment) if serves else None
    return draw_floor(floor, found, moment=moment, is_now=is_now, bookers=bookers)


def list_legend(*, without_own: bool) -> list[tuple[ShapeState, str]]:
    """List the states with their letters; their own only for who may have some."""
    left_out = {ShapeState.NONE} | ({ShapeState.MINE} if without_own else set())
    return [(state, str(LETTERS[state])) for state in ShapeState if state not in left_out]


def describe(request: Request, venue: Venue) -> dict[str, Any]:
    """Return what the pages of a venue's floors have in common."""
    return {
        "venue": venue,
        "floors": visible(Floor, to=request.actor).filter(venue=venue),
        "legend": list_legend(without_own=not request.actor.signed_in),
        "hatched": HATCHED,
        "keeps": may_draw.test(request.actor, venue) and venue.is_open,
        "serves": may_see_who.test(request.actor, venue),
    }


def render_floor(request: Request, floor: Floor) -> HttpResponse:
    """The page of one floor."""
    form, moment, is_now = read_moment(request, floor.venue)
    drawing = draw_at(request, floor, moment, is_now=is_now)
    asked = request.GET.get("zoom", "")
    is_usual = asked not in ZOOMS and drawing.pixels[0] > WIDEST_IN_SIGHT
    context = describe(request, floor.venue) | {
        "floor": floor,
        "form": form,
        "moment": moment,
        "is_now": is_now,
        "drawing": drawing,
        "zoom": asked if asked in ZOOMS else "whole" if is_usual else "near",
        "is_usual": is_usual,
        "when": f"day={moment:%Y-%m-%d}&time={moment:%H:%M}" if not is_now else "",
    }
    return render(request, "plans/floor.html", context, status=422 if form.errors else 200)


@public
@rate_limit("plans", rate=RATE, per="ip", methods=("GET", "HEAD"))
@require_safe
def show_floor(request: Request, pk: int) -> HttpResponse:
    """Show a floor: what is where, and what is free."""
    return render_floor(request, find_floor(request, pk))


@public
@rate_limit("plans", rate=RATE, per="ip", methods=("GET", "HEAD"))
@require_safe
def show_venue(request: Request, pk: int) -> HttpResponse:
    """Show the first floor of a venue, or say that none is drawn."""
    venue = find_venue(request, pk)
    rows = visible(Floor, to=request.actor).filter(venue=venue).select_related("venue__organization", "picture")
    if floor := rows.order_by("level", "name").first():
        return render_floor(request, floor)
    return render(request, "plans/none.html", describe(request, venue))


@public
@rate_limit("plans", rate=RATE, per="ip", methods=("GET", "HEAD"))
@require_safe
def print_venue(request: Request, pk: int) -> HttpResponse:
    """Show all floors of a venue, each on a page of its own, to print."""
    venue = find_venue(request, pk)
    _form, moment, is_now = read_moment(request, venue)
    context = describe(request, venue) | {"moment": moment, "is_now": is_now}
    context["drawings"] = [
        draw_at(request, floor, moment, is_now=is_now)
        for floor in context["floors"].select_related("venue__organization", "picture")
    ]
    return render(request, "plans/print.html", context)


@public
@require_safe
def give_picture(request: Request, pk: int) -> HttpResponseBase:
    """Give the picture behind a floor to who may see it. Raises Http404 where there is none for them."""
    floor = find_floor(request, pk)
    if floor.picture is None or not (floor.shows_picture or may_draw.test(request.actor, floor.venue)):
        raise Http404
    return serve(floor.picture, request)
