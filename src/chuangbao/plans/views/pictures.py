"""The picture behind a floor: bringing it, giving it its scale with two points, taking it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangbao.core.access.permissions import page
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.requests import read_number
from chuangbao.plans.domain.pictures import put_picture, remove_picture, scale_picture
from chuangbao.plans.forms import PictureForm, ScaleForm
from chuangbao.plans.permissions import may_draw
from chuangbao.plans.views.floors import find_own_floor

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.plans.models import Floor

__all__ = ["bring_picture", "give_scale", "take_away"]

WIDEST = 1600
"""Pixels in which the picture is shown for choosing two points; a larger one is made smaller."""

BEFORE = 160
"""Pixels that are kept in sight before a point that was pressed."""


@takes_files
@page(permission=may_draw)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def bring_picture(request: Request, pk: int) -> HttpResponse:
    """Bring a picture of the floor."""
    floor = find_own_floor(request, pk)
    form = PictureForm(request.POST or None, request.FILES or None) if request.method == "POST" else PictureForm()
    if request.method == "POST" and attempt_filled(form, put_picture, actor=request.actor, floor=floor):
        messages.success(request, _("The picture is there. Now give it its scale."))
        return redirect("plans:scale", pk)
    context = {"form": form, "floor": floor, "venue": floor.venue}
    return render(request, "plans/background.html", context, status=422 if form.errors else 200)


def read_points(request: Request, shrunk: float) -> dict[str, int]:
    """Return the points that were pressed on the picture so far: a press on it is a part of the address.

    The first press is the first point, the next the second, and one more begins again.
    """
    given = {name: read_number(request.GET.get(name, "")) for name in ("x1", "y1", "x2", "y2") if request.GET.get(name)}
    pressed = [request.GET.get(f"at.{axis}", "") for axis in "xy"]
    if not all(pressed):
        return given
    which = "2" if len(given) == len("xy") else "1"
    kept = given if which == "2" else {}
    return kept | {
        f"{axis}{which}": round(read_number(text) * shrunk) for axis, text in zip("xy", pressed, strict=True)
    }


def list_marks(points: dict[str, int], shrunk: float) -> list[dict[str, int]]:
    """Return where the points that were pressed are drawn on the picture as it is shown, each with its number.

    ``left`` and ``above`` are where the page is scrolled to: a little before the point, so that it is not at the edge.
    """
    found = []
    for n in (1, 2):
        if {f"x{n}", f"y{n}"} <= points.keys():
            x, y = (round(points[f"{axis}{n}"] / shrunk) for axis in "xy")
            found.append({"n": n, "x": x, "y": y, "left": max(0, x - BEFORE), "above": max(0, y - BEFORE)})
    return found


@page(permission=may_draw)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def give_scale(request: Request, pk: int) -> HttpResponse:
    """Give the picture its scale: by two points and their distance, or in millimetres per pixel."""
    floor = find_own_floor(request, pk)
    if floor.picture is None:
        return redirect("plans:background", pk)
    shown = min(floor.picture_width, WIDEST)
    shrunk = floor.picture_width / shown
    points = read_points(request, shrunk)
    start = {"mm_per_pixel": floor.mm_per_pixel, "offset_x_mm": floor.offset_x_mm, "offset_y_mm": floor.offset_y_mm}
    form = ScaleForm(request.POST or None, initial=start | points)
    if form.is_valid() and save_scale(request, floor, form):
        messages.success(request, _("The picture has its scale. Draw over it."))
        return redirect("plans:draw", pk)
    context = {
        "form": form,
        "floor": floor,
        "venue": floor.venue,
        "points": points,
        "marks": list_marks(points, shrunk),
        "shown": (shown, round(floor.picture_height * shown / floor.picture_width)),
    }
    return render(request, "plans/scale.html", context, status=422 if form.errors else 200)


def save_scale(request: Request, floor: Floor, form: ScaleForm) -> bool:
    """Keep the scale that was filled in; False where it is refused."""
    offsets = {name: form.cleaned_data[name] for name in ("offset_x_mm", "offset_y_mm")}
    return attempt(form, scale_picture, actor=request.actor, floor=floor, scale=form.scale(), **offsets) is not None


@page(permission=may_draw)
@post_only("plans:scale", "pk")
@once
def take_away(request: Request, pk: int) -> HttpResponse:
    """Take the picture from a floor."""
    remove_picture(actor=request.actor, floor=find_own_floor(request, pk))
    messages.success(request, _("The picture is taken away. What is drawn stays."))
    return redirect("plans:draw", pk)
