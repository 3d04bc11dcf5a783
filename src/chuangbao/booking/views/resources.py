"""Resources: the operator's list and forms, and the page with the week as a table."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from chuangbao.booking import queries
from chuangbao.booking.calendars import draw_days
from chuangbao.booking.domain.resources import create_resource, retire_resource, update_resource
from chuangbao.booking.domain.rules import name_barrier
from chuangbao.booking.domain.trainings import find_training_kind
from chuangbao.booking.enums import UPCOMING, ResourceKind
from chuangbao.booking.forms import ResourceForm
from chuangbao.booking.models import Booking, Resource
from chuangbao.booking.permissions import may_keep_venues, may_serve
from chuangbao.booking.views.bookings import find_bookable
from chuangbao.booking.views.venues import find_own, read_day
from chuangbao.core.access.permissions import page, permit, public
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.requests import read_number
from chuangbao.core.localization.working_days import is_provisional
from chuangbao.core.onward import find_ways

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.http.requests import Request

__all__ = [
    "edit_resource",
    "export_resources",
    "list_resources",
    "new_resource",
    "retire",
    "show_door",
    "show_resource",
]

EACH, WEEK = 20, 7
NUMBERS = ("slot_minutes", "buffer_before", "buffer_after", "notice_minutes", "cancel_minutes", "horizon_days")


def read_asked(request: Request) -> dict[str, Any]:
    """What the address of the list asks for."""
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "kind", "state", "sort", "venue")}
    kind = asked["kind"] if asked["kind"] in ResourceKind.values else ""
    found = {"words": asked["q"], "kind": kind, "venue": read_number(asked["venue"])}
    return found | {"state": asked["state"], "sort": asked["sort"] or "name"}


@page(permission=may_keep_venues)
@require_safe
def list_resources(request: Request) -> HttpResponse:
    """List what the organisation has to book."""
    asked = read_asked(request)
    rows = queries.list_own_resources(request.actor, **asked)
    context = {
        "page": page_of(rows, request.GET.get("page"), each=EACH),
        "asked": asked,
        "query": request.GET.urlencode(),
        "kinds": ResourceKind.choices,
        "states": [("", _("In use or free")), ("retired", _("Out of use"))],
        "venues": queries.list_own_venues(request.actor).values_list("pk", "name"),
        "sorts": [("name", _("By name")), ("newest", _("The newest first"))],
    }
    return render(request, "booking/resources.html", context)


@page(permission=may_keep_venues)
@require_GET
def export_resources(request: Request) -> HttpResponse:
    """The same list as a workbook."""
    rows = list(queries.list_own_resources(request.actor, **read_asked(request))[:MOST])
    head = [_("Venue"), _("Name of the resource"), _("Kind of resource"), _("Floor"), _("Door"), _("Capacity")]
    head += [_("Equipment"), _("Open to"), _("Price per hour in yuan")]
    lines = [list_cells(row) for row in rows]
    record(request.actor, "export", kind="booking.resource", data={"rows": len(rows)})
    return as_workbook("resources", _("Resources"), head, lines)


def list_cells(row: Resource) -> list[object]:
    """Return a resource as a line of the workbook."""
    what = [row.venue.name, row.name, str(row.get_kind_display()), row.floor, row.door, row.capacity]
    return [*what, _(", ").join(row.features), str(row.get_audience_display()), row.price_per_hour]


@transaction.atomic
def save_resource(verb: Callable[..., Resource], *, actor: Actor, new_training: str, **said: Any) -> Resource:
    """Write a resource by a verb, with a training that is added on the way where its form names one."""
    if new_training and said["training"] is None:
        said["training"] = find_training_kind(actor=actor, name=new_training)
    return verb(actor=actor, **said)


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_resource(request: Request, pk: int) -> HttpResponse:
    """Add a resource to a venue."""
    venue = find_own(request, pk)
    usual = {name: getattr(Resource(), name) for name in (*NUMBERS, "capacity")}
    form = ResourceForm(request.POST or None, actor=request.actor, initial=usual)
    if done := attempt_filled(form, partial(save_resource, create_resource), actor=request.actor, venue=venue):
        messages.success(request, _("The resource is added and can be booked."))
        return redirect("booking:resource", done.row.pk)
    context = {"form": form, "venue": venue}
    return render(request, "booking/resource_form.html", context, status=422 if form.errors else 200)


def find_own_resource(request: Request, pk: int) -> Resource:
    """Return a resource of a venue that the actor manages, or 404, or 403 where it is another's."""
    row = get_object_or_404(visible(Resource, to=request.actor).select_related("venue", "training"), pk=pk)
    permit(may_keep_venues, actor=request.actor, row=row)
    return row


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_resource(request: Request, pk: int) -> HttpResponse:
    """Change a resource and its rules."""
    row = find_own_resource(request, pk)
    start = {name: getattr(row, name) for name in ResourceForm.base_fields if name != "new_training"} | {
        "features": _(", ").join(row.features)
    }
    form = ResourceForm(request.POST or None, actor=request.actor, initial=start)
    if attempt_filled(form, partial(save_resource, update_resource), actor=request.actor, resource=row):
        messages.success(request, _("Saved."))
        return redirect("booking:resource", pk)
    context = {"form": form, "venue": row.venue, "resource": row}
    return render(request, "booking/resource_form.html", context, status=422 if form.errors else 200)


@page(permission=may_keep_venues)
@post_only("booking:resource", "pk")
@once
def retire(request: Request, pk: int) -> HttpResponse:
    """Take a resource out of use; what is booked is called off, and people are noticed."""
    retire_resource(actor=request.actor, resource=find_own_resource(request, pk))
    messages.success(request, _("The resource is out of use. Those who had booked are notified."))
    return redirect("booking:resource", pk)


@public
@require_safe
def show_resource(request: Request, pk: int) -> HttpResponse:
    """Show a resource: where it is, by which rules it is booked, and seven days or one of it as a table."""
    row, first = find_bookable(request, pk), read_day(request)
    length = 1 if request.GET.get("view") == "day" else WEEK
    days = [first + timedelta(days=n) for n in range(length)]
    serves = may_serve.test(request.actor, row)
    keeps = may_keep_venues.test(request.actor, row)
    grid = draw_days(row, days, request.actor)
    barrier = grid.barriers[0] if grid.barriers and request.actor.signed_in else None
    context = {
        "resource": row,
        "grid": grid,
        "barrier": barrier,
        "why_not": name_barrier(barrier, row) if barrier else "",
        "first": first,
        "is_week": length == WEEK,
        "is_provisional": any(map(is_provisional, days)),
        "before": first - timedelta(days=length),
        "after": first + timedelta(days=length),
        "serves": serves,
        "keeps": keeps,
        "held": list_held(request.actor, row, days) if serves else [],
        "upcoming": visible(Booking, to=request.actor).filter(resource=row, stage__in=UPCOMING).count() if keeps else 0,
        "ways": find_ways(request.actor, "booking.resource", [row]),
        "rates": queries.list_current_rates(row),
    }
    return render(request, "booking/resource.html", context)


@page(permission=may_keep_venues)
@require_safe
def show_door(request: Request, pk: int) -> HttpResponse:
    """Show the code for the door alone, large, to be printed."""
    return render(request, "booking/door.html", {"resource": find_own_resource(request, pk)})


def list_held(actor: Actor, row: Resource, days: list[date]) -> QuerySet[Booking]:
    """List the bookings of a resource on some days, for who serves there; 200 at the most."""
    held = visible(Booking, to=actor).filter(resource=row, ends__date__gte=days[0], starts__date__lte=days[-1])
    return held.select_related("resource__venue", "person", "for_organization").order_by("starts", "pk")[:200]
