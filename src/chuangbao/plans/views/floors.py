"""The operator's floors: the list of them, adding, changing and removing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from chuangbao.booking.models import Venue
from chuangbao.booking.scopes import own_venues
from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.localization.name_search import name_contains
from chuangbao.plans.domain.areas import compare_areas
from chuangbao.plans.domain.floors import create_floor, remove_floor, update_floor
from chuangbao.plans.domain.geometry import area_of
from chuangbao.plans.enums import AREAS
from chuangbao.plans.forms import FloorForm
from chuangbao.plans.models import Floor, Shape
from chuangbao.plans.permissions import may_draw
from chuangbao.plans.views.looking import find_floor

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["drop_floor", "edit_floor", "export_floors", "find_own_floor", "list_floors", "new_floor"]

EACH = 20
FIELDS = ("name", "level", "width_mm", "depth_mm", "is_shown", "shows_picture")


def find_own_floor(request: Request, pk: int) -> Floor:
    """Return a floor that the actor keeps, or 404 where it is not in sight; 403 where it is another's."""
    floor = find_floor(request, pk)
    permit(may_draw, actor=request.actor, row=floor.venue)
    return floor


def list_venues(request: Request) -> QuerySet[Venue]:
    """Return the open venues of the organisation, by words and by whether they have a plan."""
    words, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
    rows = visible(Venue, to=request.actor).filter(own_venues(request.actor), is_open=True)
    rows = rows.annotate(floor_count=Count("floors", distinct=True))
    if words:
        rows = rows.filter(name_contains(words))
    if state in {"drawn", "none"}:
        rows = rows.filter(Q(floor_count__gt=0) if state == "drawn" else Q(floor_count=0))
    return rows.order_by("name", "pk").prefetch_related("floors")


@page(permission=may_draw)
@require_safe
def list_floors(request: Request) -> HttpResponse:
    """List the venues of the organisation with their floors."""
    context = {
        "page": page_of(list_venues(request), request.GET.get("page"), each=EACH),
        "words": request.GET.get("q", "").strip()[:80],
        "state": request.GET.get("state", ""),
        "states": [("drawn", _("With a plan")), ("none", _("Without a plan"))],
    }
    return render(request, "plans/list.html", context)


@page(permission=may_draw)
@require_GET
def export_floors(request: Request) -> HttpResponse:
    """What is drawn on the organisation's floors, as a workbook."""
    rows = visible(Shape, to=request.actor).filter(own_venues(request.actor, "floor__venue__"), removed_at=None)
    rows = rows.select_related("floor__venue", "resource").order_by(
        "floor__venue__name", "floor__level", "kind", "label"
    )
    head = [_("Venue"), _("Floor"), _("Kind of shape"), _("Label"), _("From the left"), _("From above"), _("Width")]
    head += [_("Depth"), _("Turned by"), _("Area in m²"), _("What is booked here")]
    lines = [list_cells(row) for row in rows[:MOST]]
    record(request.actor, "export", kind="plans.floor", data={"rows": len(lines)})
    return as_workbook("floors", _("Floor plans"), head, lines)


def list_cells(row: Shape) -> list[object]:
    """Return a shape as a line of the workbook."""
    what = [row.floor.venue.name, row.floor.name, str(row.get_kind_display()), row.label]
    area = area_of(row) if row.kind in AREAS else None
    place = [row.x_mm, row.y_mm, row.width_mm, row.depth_mm, row.turn]
    return [*what, *place, area, row.resource.name if row.resource else ""]


@page(permission=may_draw)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_floor(request: Request, pk: int) -> HttpResponse:
    """Add a floor to a venue."""
    venue = get_object_or_404(visible(Venue, to=request.actor), pk=pk)
    permit(may_draw, actor=request.actor, row=venue)
    form = FloorForm(request.POST or None)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in FIELDS}
        if done := attempt(form, create_floor, actor=request.actor, venue=venue, **said):
            messages.success(request, _("The floor is there. Draw what is on it."))
            return redirect("plans:draw", done.row.pk)
    context = {"form": form, "venue": venue, "floor": None}
    return render(request, "plans/floor_form.html", context, status=422 if form.errors else 200)


@page(permission=may_draw)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_floor(request: Request, pk: int) -> HttpResponse:
    """Change name, size and who sees a floor."""
    floor = find_own_floor(request, pk)
    start: dict[str, Any] = {name: getattr(floor, name) for name in FIELDS} | {"seen": floor.revision}
    form = FloorForm(request.POST or None, initial=start)
    if attempt_filled(form, update_floor, actor=request.actor, floor=floor):
        messages.success(request, _("Saved."))
        return redirect("plans:draw", pk)
    show_seen_now(form, floor.revision)
    context = {"form": form, "venue": floor.venue, "floor": floor, "areas": compare_areas(request.actor, floor.venue)}
    return render(request, "plans/floor_form.html", context, status=422 if form.errors else 200)


def show_seen_now(form: Any, revision: int) -> None:
    """Let a form that was refused go by what is there now, so that saving it again is meant."""
    if form.errors:
        form.data = form.data.copy()
        form.data["seen"] = str(revision)


@page(permission=may_draw)
@post_only("plans:change", "pk")
@once
def drop_floor(request: Request, pk: int) -> HttpResponse:
    """Remove a floor with what is drawn on it."""
    floor = find_own_floor(request, pk)
    remove_floor(actor=request.actor, floor=floor)
    messages.success(request, _("The floor is removed. What can be booked is still there."))
    return redirect("plans:venue", floor.venue_id)
