"""Draws of an office: preparing, leaving out, fixing the list, drawing, publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of
from chuangbao.core.engine.regions import covered_regions
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.inspections.domain.candidates import find_candidates, list_inspectors, list_spaces
from chuangbao.inspections.domain.draws import (
    cancel_draw,
    count_taken,
    draw_by_number,
    exclude,
    freeze_draw,
    include,
    prepare_draw,
    publish_draw,
)
from chuangbao.inspections.enums import DrawStage
from chuangbao.inspections.forms import CallOffForm, DrawForm, EmptyForm, ExclusionForm, FreezeForm, NumberForm
from chuangbao.inspections.models import Draw, Exclusion, Visit
from chuangbao.inspections.permissions import may_draw, may_oversee

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["change_draw", "list_draws", "new_draw", "show_draw", "take_back"]

EACH = 20
VERBS: dict[str, tuple[type[Form], Callable[..., Any]]] = {
    "exclude": (ExclusionForm, exclude),
    "freeze": (FreezeForm, freeze_draw),
    "draw": (NumberForm, draw_by_number),
    "cancel": (CallOffForm, cancel_draw),
    "publish": (EmptyForm, publish_draw),
}


@page(permission=may_oversee)
@require_safe
def list_draws(request: Request) -> HttpResponse:
    """List the draws of the area, the newest first."""
    rows = visible(Draw, to=request.actor).filter(region__in=covered_regions(request.actor.region))
    words, stage = request.GET.get("q", "").strip(), request.GET.get("stage", "")
    if words:
        rows = rows.filter(title__icontains=words[:80])
    if stage in DrawStage.values:
        rows = rows.filter(stage=stage)
    found = rows.select_related("region", "agency").order_by("-created_at", "-pk")
    data = {"page": page_of(found, request.GET.get("page"), each=EACH), "q": words, "stage": stage}
    return render(request, "inspections/draws.html", data | {"stages": DrawStage.choices})


@page(permission=may_oversee)
@rate_limit("new-draw", rate="60/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_draw(request: Request) -> HttpResponse:
    """Begin a draw for the area of the post."""
    form = DrawForm(request.POST or None)
    if done := attempt_filled(form, prepare_draw, actor=request.actor):
        messages.success(request, _("Prepared. Leave out what has to be left out, then fix the list."))
        return redirect("inspections:draw", done.row.pk)
    return render(request, "inspections/draw_new.html", {"form": form}, status=422 if form.errors else 200)


def find_draw(request: Request, pk: int) -> Draw:
    """Return a draw of the officer's area. Raises Http404."""
    rows = visible(Draw, to=request.actor).filter(region__in=covered_regions(request.actor.region))
    return get_object_or_404(rows.select_related("region", "agency"), pk=pk)


@page(permission=may_oversee)
@require_safe
def show_draw(request: Request, pk: int) -> HttpResponse:
    """Show a draw: what it draws from and what can be done now; once drawn, its visits."""
    return render(request, "inspections/draw.html", describe_draw(request, find_draw(request, pk)))


@page(permission=may_oversee)
@rate_limit("draw", rate="240/h")
@post_only("inspections:draw", "pk")
@once
def change_draw(request: Request, pk: int, verb: str) -> HttpResponse:
    """Leave something out, fix the list, draw, cancel or publish. Raises Http404 for another verb."""
    row = find_draw(request, pk)
    if verb not in VERBS:
        raise Http404(verb)
    form = make_form(verb, row, request.POST)
    if attempt_filled(form, VERBS[verb][1], draw=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("inspections:draw", pk)
    return render(request, "inspections/draw.html", describe_draw(request, row, **{verb: form}), status=422)


@page(permission=may_oversee)
@post_only("inspections:draw", "pk")
@once
def take_back(request: Request, pk: int, exclusion: int) -> HttpResponse:
    """Take an exclusion back."""
    draw_row = find_draw(request, pk)
    row = get_object_or_404(visible(Exclusion, to=request.actor).filter(draw=draw_row), pk=exclusion)
    form = EmptyForm(request.POST)
    if attempt_filled(form, take_out, exclusion=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("inspections:draw", pk)
    return render(request, "inspections/draw.html", describe_draw(request, draw_row, cancel=form), status=422)


def take_out(**given: Any) -> bool:
    """Take an exclusion back, and say that it was done."""
    include(**given)
    return True


def make_form(verb: str, row: Draw, sent: Any = None) -> Form:
    """Return the form of a verb; that of exclusions knows what is in the area."""
    kind = VERBS[verb][0]
    if kind is ExclusionForm:
        spaces, posts = list_spaces(row.region_id), list_inspectors(row.region_id)
        return ExclusionForm(sent, spaces=spaces, posts=posts, auto_id="exclude-%s")
    return kind(sent, auto_id=f"{verb}-%s")


def describe_draw(request: Request, row: Draw, **bound: Form) -> dict[str, Any]:
    """What the page of a draw shows."""
    is_open, may = row.stage == DrawStage.PREPARING, may_draw.test(request.actor, row)
    candidates = find_candidates(row) if is_open else None
    visits = visible(Visit, to=request.actor).filter(draw=row).select_related("space")
    verbs = {
        DrawStage.PREPARING: ("exclude", "freeze", "cancel"),
        DrawStage.FROZEN: ("draw", "cancel"),
        DrawStage.DRAWN: () if row.published_at else ("publish",),
    }.get(DrawStage(row.stage), ())
    return {
        "row": row,
        "candidates": candidates,
        "taken": count_taken(row, len(candidates.spaces)) if candidates else 0,
        "forms": {verb: bound.get(verb) or make_form(verb, row) for verb in verbs} if may else {},
        "exclusions": visible(Exclusion, to=request.actor).filter(draw=row).select_related("space", "post__person"),
        "visits": visits.prefetch_related("inspectors__post__person").order_by("place_in_draw"),
        "history": history_of(row),
    }
