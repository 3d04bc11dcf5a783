"""Waiting in line: joining it, the actor's places, and the line of a venue as its operator sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from chuangbao.booking import queries
from chuangbao.booking.domain.waiting import LineWish, advance_place, join_line, leave_line
from chuangbao.booking.enums import ResourceKind
from chuangbao.booking.forms import AdvanceForm, WaitForm, read_start
from chuangbao.booking.models import Resource, Waiting
from chuangbao.booking.permissions import may_book, may_keep_venues
from chuangbao.booking.views.venues import find_own
from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.workflow.waiting import IN_LINE, WaitingStage

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.booking.models import Venue
    from chuangbao.core.http.requests import Request

__all__ = ["advance", "export_line", "leave", "show_line", "wait_in_line"]

EACH = 30


@page(permission=may_book)
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("wait", rate="120/h")
@once
def wait_in_line(request: Request, pk: int) -> HttpResponse:
    """Wait for a time that is taken."""
    rows = visible(Resource, to=request.actor).select_related("venue", "venue__region", "training")
    row = get_object_or_404(rows, pk=pk)
    form = WaitForm(request.POST or None, initial=read_start(request.GET, row))
    if form.is_valid():
        span, said = form.span(row.venue.clock), form.cleaned_data
        also = (said["any_start"], said["any_of_kind"], said["people"], said["purpose"])
        wish = LineWish(span["starts"], span["ends"], *also)
        if attempt(form, join_line, actor=request.actor, resource=row, wish=wish):
            words = _("You wait in line. As soon as it is free it is held for you, and you are told.")
            messages.success(request, words)
            return redirect("booking:mine")
    context = {"form": form, "resource": row}
    return render(request, "booking/wait.html", context, status=422 if form.errors else 200)


@page(permission=may_book)
@post_only("booking:mine")
@once
def leave(request: Request, pk: int) -> HttpResponse:
    """Leave the line."""
    place = get_object_or_404(visible(Waiting, to=request.actor).select_related("venue"), pk=pk)
    leave_line(actor=request.actor, place=place)
    messages.success(request, _("You no longer wait for this."))
    return redirect("booking:mine")


@page(permission=may_keep_venues)
@require_safe
def show_line(request: Request, pk: int) -> HttpResponse:
    """List who waits for what in a venue, the next one first."""
    return render_line(request, find_own(request, pk), AdvanceForm())


def list_stages() -> list[tuple[str, str]]:
    """Return the stages of places in line that the list shows, in words."""
    return [(stage.value, str(stage.label)) for stage in WaitingStage if stage in IN_LINE]


def read_line_filter(request: Request) -> dict[str, str]:
    """What the address of the line asks for."""
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "kind", "stage")}
    kind = asked["kind"] if asked["kind"] in ResourceKind.values else ""
    return {"words": asked["q"], "kind": kind, "stage": asked["stage"] if asked["stage"] in IN_LINE else ""}


@page(permission=may_keep_venues)
@require_GET
def export_line(request: Request, pk: int) -> HttpResponse:
    """The same list as a workbook."""
    venue = find_own(request, pk)
    rows = list(queries.list_line(request.actor, venue, **read_line_filter(request))[:MOST])
    head = [_("Number in line"), _("Kind of resource"), _("Resource"), _("Begins at"), _("Ends at"), _("Minutes")]
    head += [
        _("How many people"),
        _("For whom"),
        _("What for"),
        _("State"),
        _("Waits since"),
        _("Put ahead by the venue"),
    ]
    lines = [list_line_cells(row) for row in rows]
    record(request.actor, "export", kind="booking.waiting", data={"rows": len(rows)})
    return as_workbook("line", _("Who waits in line"), head, lines)


def list_line_cells(row: Waiting) -> list[object]:
    """Return a place in line as a line of the workbook."""
    clock = row.venue.clock
    span = [f"{moment.astimezone(clock):%Y-%m-%d %H:%M}" for moment in (row.window.lower, row.window.upper)]
    whom = " ".join(str(one) for one in (row.for_organization, row.person) if one)
    what: list[object] = [vars(row)["number"], str(row.get_kind_display()), str(row.resource or ""), *span]
    since = f"{row.joined_at.astimezone(clock):%Y-%m-%d %H:%M}"
    ahead = _("Yes") if row.priority else ""
    return [*what, row.minutes, row.people, whom, row.purpose, str(row.get_stage_display()), since, ahead]


def render_line(request: Request, venue: Venue, form: AdvanceForm, chosen: int = 0) -> HttpResponse:
    """The line of a venue; ``chosen`` is the place whose form was refused."""
    asked = read_line_filter(request)
    rows = queries.list_line(request.actor, venue, **asked)
    context = {"venue": venue, "form": form, "chosen": chosen, "asked": asked, "query": request.GET.urlencode()}
    context |= {"kinds": ResourceKind.choices, "stages": list_stages(), "narrowed": any(asked.values())}
    context["page"] = page_of(rows, request.GET.get("page"), each=EACH)
    return render(request, "booking/waiting.html", context, status=422 if form.errors else 200)


@page(permission=may_keep_venues)
@post_only("booking:line", "pk")
@once
def advance(request: Request, pk: int, place: int) -> HttpResponse:
    """Put a place ahead of the others, for a reason that stays on the record."""
    venue, form = find_own(request, pk), AdvanceForm(request.POST)
    row = get_object_or_404(visible(Waiting, to=request.actor).filter(venue=venue).select_related("venue"), pk=place)
    reason = request.POST.get("reason", "")
    if attempt(form, advance_place, actor=request.actor, place=row, reason=reason):
        messages.success(request, _("Put ahead. The reason is on the record."))
        return redirect("booking:line", pk)
    return render_line(request, venue, form, row.pk)
