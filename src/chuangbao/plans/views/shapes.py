"""Drawing on a floor: moving many by numbers, mouse or keys, adding one or a row, changing, removing, putting back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.requests import read_number
from chuangbao.core.workflow.refusals import Refused
from chuangbao.plans.domain.areas import compare_areas
from chuangbao.plans.domain.moving import Move, move_shapes
from chuangbao.plans.domain.shapes import Row, add_row, add_shape, remove_shape, restore_shape, update_shape
from chuangbao.plans.domain.states import Stated
from chuangbao.plans.drawing import draw_floor
from chuangbao.plans.enums import ShapeKind, ShapeState
from chuangbao.plans.forms import RowForm, ShapeForm
from chuangbao.plans.models import Shape
from chuangbao.plans.models.shapes import LARGEST
from chuangbao.plans.permissions import may_draw
from chuangbao.plans.views.floors import find_own_floor, show_seen_now

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.plans.models import Floor

__all__ = ["draw", "drop_shape", "edit_shape", "new_row", "new_shape", "put_back"]

KINDS: list[str] = list(ShapeKind.values)
LAST = 10
"""How many of what was removed are offered to be put back."""
FIELDS = ("kind", "label", "x_mm", "y_mm", "width_mm", "depth_mm", "turn", "points", "resource")
PLACED = ("kind", "x_mm", "y_mm", "width_mm", "depth_mm", "turn")


@dataclass(slots=True)
class Line:
    """A line of the form that moves shapes: what is in its fields, and what is wrong with it."""

    shape: Shape
    x: str
    y: str
    fault: str = ""


def read_lines(request: Request, floor: Floor) -> list[Line]:
    """Return a line for each shape, with what was typed where a form was sent."""
    rows = visible(Shape, to=request.actor).filter(floor=floor, removed_at=None).select_related("resource")
    lines = []
    for row in sorted(rows, key=lambda one: (KINDS.index(one.kind), len(one.label), one.label, one.pk)):
        x, y = (request.POST.get(f"{axis}_{row.pk}", str(getattr(row, f"{axis}_mm"))).strip()[:12] for axis in "xy")
        lines.append(Line(row, x, y))
    return lines


def read_moves(request: Request, lines: list[Line]) -> dict[int, Move]:
    """Return what is to move, by the ids of the shapes; what is no number is said beside it."""
    moves = {}
    for line in lines:
        if not all(text.isdecimal() and int(text) <= LARGEST for text in (line.x, line.y)):
            line.fault = _("Write whole millimetres from 0 to %(most)d.") % {"most": LARGEST}
            continue
        seen = read_number(request.POST.get(f"seen_{line.shape.pk}", str(line.shape.revision)), -1)
        moves[line.shape.pk] = Move(int(line.x), int(line.y), seen)
    return moves


def save_lines(request: Request, floor: Floor, lines: list[Line]) -> bool:
    """Move what was sent; False where something is wrong, which its lines then say."""
    moves = read_moves(request, lines)
    if any(line.fault for line in lines):
        return False
    done = move_shapes(actor=request.actor, floor=floor, moves=moves)
    for line in lines:
        line.fault = str(done.faults.get(line.shape.pk, ""))
    if done.faults:
        return False
    words = ngettext("%(n)d shape is moved.", "%(n)d shapes are moved.", done.count)
    messages.success(request, words % {"n": done.count} if done.count else _("Nothing was moved."))
    return True


@page(permission=may_draw)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def draw(request: Request, pk: int) -> HttpResponse:
    """Move what is drawn on a floor; the ways to add, change and remove."""
    floor = find_own_floor(request, pk)
    lines, refusal = read_lines(request, floor), ""
    if request.method == "POST":
        try:
            if save_lines(request, floor, lines):
                return redirect("plans:draw", pk)
        except Refused as refused:
            refusal = str(refused)
    is_wrong = bool(refusal) or any(line.fault for line in lines)
    return render(request, "plans/draw.html", describe(request, floor, lines, refusal), status=422 if is_wrong else 200)


def describe(request: Request, floor: Floor, lines: list[Line], refusal: str = "") -> dict[str, Any]:
    """Return what the page on which a floor is drawn shows: shapes where they are typed to be."""
    for line in lines:
        if line.x.isdecimal() and line.y.isdecimal():
            line.shape.x_mm, line.shape.y_mm = min(int(line.x), LARGEST), min(int(line.y), LARGEST)
    stated = [Stated(line.shape, ShapeState.NONE) for line in lines]
    removed = visible(Shape, to=request.actor).filter(floor=floor, removed_at__isnull=False)
    return {
        "floor": floor,
        "venue": floor.venue,
        "lines": lines,
        "faults": [line for line in lines if line.fault],
        "refusal": refusal,
        "drawing": draw_floor(floor, stated, moment=timezone.now(), editing=True),
        "removed": removed.order_by("-removed_at", "-pk")[:LAST],
        "areas": compare_areas(request.actor, floor.venue),
        "editing": True,
        "zoom": "near",
    }


def show_beside(request: Request, floor: Floor) -> dict[str, Any]:
    """Return what a form shows of its floor: all that is drawn so far, without links that lead away from it."""
    rows = visible(Shape, to=request.actor).filter(floor=floor, removed_at=None).select_related("resource")
    stated = [Stated(row, ShapeState.NONE) for row in rows.order_by("pk")]
    drawing = draw_floor(floor, stated, moment=timezone.now(), editing=True)
    for figure in drawing.figures:
        figure.url = ""
    return {"floor": floor, "venue": floor.venue, "drawing": drawing, "zoom": "whole", "editing": False, "keeps": True}


def find_shape(request: Request, floor: Floor, shape: int) -> Shape:
    """Return a shape of a floor, or 404."""
    row = get_object_or_404(visible(Shape, to=request.actor).filter(floor=floor).select_related("resource"), pk=shape)
    row.floor = floor
    return row


def write_points(points: list[list[int]]) -> str:
    """Return corners as the form reads them."""
    return "; ".join(f"{x},{y}" for x, y in points)


@page(permission=may_draw)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_shape(request: Request, pk: int) -> HttpResponse:
    """Draw one shape."""
    floor = find_own_floor(request, pk)
    start = {"kind": request.GET.get("kind", "room"), "x_mm": 0, "y_mm": 0}
    form = ShapeForm(request.POST or None, actor=request.actor, floor=floor, initial=start)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in FIELDS}
        if done := attempt(form, add_shape, actor=request.actor, floor=floor, **said):
            messages.success(request, _("“%(shape)s” is drawn.") % {"shape": done.row})
            return redirect("plans:new-shape" if "more" in request.POST else "plans:draw", pk)
    context = {"form": form, "shape": None, **show_beside(request, floor)}
    return render(request, "plans/shape_form.html", context, status=422 if form.errors else 200)


@page(permission=may_draw)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_row(request: Request, pk: int) -> HttpResponse:
    """Draw a row of equal shapes, like one that is there where the address names it."""
    floor = find_own_floor(request, pk)
    start: dict[str, Any] = {"kind": "desk", "width_mm": 1400, "depth_mm": 700, "x_mm": 0, "y_mm": 0, "letters": "A"}
    if like := read_number(request.GET.get("like", "")):
        model = find_shape(request, floor, like)
        start = {name: getattr(model, name) for name in PLACED}
        start |= {"letters": model.label.rstrip("0123456789"), "x_mm": model.x_mm + model.box[0]}
    form = RowForm(request.POST or None, initial=start)
    if form.is_valid():
        said = form.cleaned_data
        row = Row(said["count"], said["gap_mm"], said["way"] == "down", said["letters"], said["first"], said["link"])
        fields = {name: said[name] for name in PLACED}
        if done := attempt(form, add_row, actor=request.actor, floor=floor, like=fields, row=row):
            words = ngettext("%(n)d shape is drawn.", "%(n)d shapes are drawn.", len(done.row))
            drawn = words % {"n": len(done.row)}
            if linked := sum(one.resource is not None for one in done.row):
                booked = ngettext("%(n)d of them can be booked.", "%(n)d of them can be booked.", linked)
                drawn = f"{drawn} {booked % {'n': linked}}"
            messages.success(request, drawn)
            return redirect("plans:draw", pk)
    context = {"form": form, **show_beside(request, floor)}
    return render(request, "plans/row_form.html", context, status=422 if form.errors else 200)


@page(permission=may_draw)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_shape(request: Request, pk: int, shape: int) -> HttpResponse:
    """Change one shape."""
    floor = find_own_floor(request, pk)
    row = find_shape(request, floor, shape)
    start: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    start |= {"points": write_points(row.points), "seen": row.revision}
    form = ShapeForm(request.POST or None, actor=request.actor, floor=floor, initial=start)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in (*FIELDS, "seen")}
        if attempt(form, update_shape, actor=request.actor, shape=row, **said):
            messages.success(request, _("Saved."))
            return redirect("plans:draw", pk)
    show_seen_now(form, row.revision)
    context = {"form": form, "shape": row, **show_beside(request, floor)}
    return render(request, "plans/shape_form.html", context, status=422 if form.errors else 200)


@page(permission=may_draw)
@post_only("plans:draw", "pk")
@once
def drop_shape(request: Request, pk: int, shape: int) -> HttpResponse:
    """Remove a shape; the next page offers to put it back."""
    row = find_shape(request, find_own_floor(request, pk), shape)
    remove_shape(actor=request.actor, shape=row)
    messages.success(request, _("“%(shape)s” is removed. You can put it back below.") % {"shape": row})
    return redirect("plans:draw", pk)


@page(permission=may_draw)
@post_only("plans:draw", "pk")
@once
def put_back(request: Request, pk: int, shape: int) -> HttpResponse:
    """Put back what was removed."""
    floor = find_own_floor(request, pk)
    row = find_shape(request, floor, shape)
    try:
        restore_shape(actor=request.actor, shape=row)
    except Refused as refused:
        context = describe(request, floor, read_lines(request, floor), str(refused))
        return render(request, "plans/draw.html", context, status=422)
    messages.success(request, _("“%(shape)s” is back.") % {"shape": row})
    return redirect("plans:draw", pk)
