"""Curves of spaces (存活与毕业曲线): whole for both sides with a way to each record, protected for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page, public
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.regions import covered_regions, region_name
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.inspections.domain.curves import count_months, estimate_curve, find_share
from chuangbao.inspections.domain.limits import read_limit
from chuangbao.inspections.domain.lives import list_stays, list_survivals
from chuangbao.inspections.permissions import may_answer, may_oversee, may_see_notes
from chuangbao.spaces.enums import SpaceKind
from chuangbao.spaces.models import Space

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.inspections.domain.curves import Step
    from chuangbao.inspections.domain.lives import Life

__all__ = ["give_curves", "show_area_curves", "show_curves"]

MARKS = (6, 12, 24, 36, 48, 60)
WIDE, HIGH, LEFT, TOP = 560, 240, 48, 16
"""The chart in points of its own: its field, and the room for the words at its left and top."""
GRID = (0, 25, 50, 75, 100)


def draw_line(steps: list[Step], last: int, *, of_rest: bool = False) -> str:
    """Return the path of a curve in the points of the chart; ``of_rest`` draws what is missing to all."""

    def at(month: int, share: float) -> str:
        return f"{LEFT + WIDE * month / last:.1f} {TOP + HIGH * (1 - share):.1f}"

    share = 0.0 if of_rest else 1.0
    points = [f"M{at(0, share)}"]
    for step in steps:
        points.append(f"L{at(step.month, share)}")
        share = 1 - float(step.share) if of_rest else float(step.share)
        points.append(f"L{at(step.month, share)}")
    return " ".join(points)


def describe_curves(spaces: list[int]) -> dict[str, Any]:
    """Return both curves of some spaces with their lives, their chart and the protected shares."""
    firms, stays = list_survivals(spaces), list_stays(spaces)
    survival = estimate_curve(count_months((life.months, life.ended) for life in firms))
    graduation = estimate_curve(count_months((life.months, life.ended) for life in stays))
    last = max([12, *(step.month for step in (*survival, *graduation))])
    least = read_limit("smallest_shown", timezone.localdate())
    return {
        "survival": [(step, lives_of(firms, step.month)) for step in survival],
        "graduation": [(step, lives_of(stays, step.month)) for step in graduation],
        "lines": {"survival": draw_line(survival, last), "graduation": draw_line(graduation, last, of_rest=True)},
        "grid": [(share, TOP + HIGH * (100 - share) // 100) for share in GRID],
        "months": [(month, round(LEFT + WIDE * month / last)) for month in range(0, last + 1, 12)],
        "marks": list_marks(survival, graduation, least),
        "least": least,
        "firms": len(firms),
        "stays": len(stays),
    }


def lives_of(lives: list[Life], month: int) -> list[Life]:
    """Return the lives that ended or left sight in a month."""
    return [life for life in lives if life.months == month]


def list_marks(survival: list[Step], graduation: list[Step], least: int) -> list[tuple[int, int | None, int | None]]:
    """Return what everybody may see: the shares that survived and that graduated after some months."""
    found = []
    for month in MARKS:
        stayed = find_share(graduation, month, least=least)
        found.append((month, find_share(survival, month, least=least), None if stayed is None else 100 - stayed))
    return found


@public
@rate_limit("curves", rate="300/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def show_curves(request: Request, pk: int) -> HttpResponse:
    """Show the curves of a space: whole to its operator and the officers of the place, protected to others."""
    space = get_object_or_404(visible(Space, to=request.actor), pk=pk)
    runs = may_answer.test(request.actor, space)
    is_whole = runs or (may_oversee.test(request.actor) and request.actor.covers(space.region_id))
    data = describe_curves([space.pk]) | {"space": space, "lead": space.name, "is_whole": is_whole, "runs": runs}
    return render(request, "inspections/curves.html", data)


@page(permission=may_oversee)
@require_safe
def show_area_curves(request: Request) -> HttpResponse:
    """Show the curves of all spaces of the area together, or of one kind."""
    kind = request.GET.get("kind", "")
    rows = visible(Space, to=request.actor).filter(region__in=covered_regions(request.actor.region))
    if kind in SpaceKind.values:
        rows = rows.filter(kind=kind)
    spaces = list(rows.order_by("pk").values_list("pk", flat=True))
    data = describe_curves(spaces) | {"space": None, "is_whole": True, "runs": False}
    data |= {"kind": kind, "kinds": SpaceKind.choices, "count": len(spaces), "lead": region_name(request.actor.region)}
    return render(request, "inspections/curves.html", data)


@page(permission=may_see_notes)
@rate_limit("curves-excel", rate="60/h")
@require_safe
def give_curves(request: Request, pk: int) -> HttpResponse:
    """Give the table of a space's curves as an Excel workbook, to both sides."""
    rows = visible(Space, to=request.actor)
    if may_oversee.test(request.actor):
        rows = rows.filter(region__in=covered_regions(request.actor.region))
    else:
        rows = rows.filter(operator=request.actor.organisation_id)
    data = describe_curves([get_object_or_404(rows, pk=pk).pk])
    head = [
        _("Curve"),
        _("Whole months"),
        _("Followed as long"),
        _("Ended in it"),
        _("Last seen"),
        _("Share in percent"),
    ]
    cells = [
        *([_("Firms that go on"), s.month, s.at_risk, s.ended, s.censored, s.percent] for s, _l in data["survival"]),
        *([_("Graduated"), s.month, s.at_risk, s.ended, s.censored, s.complement] for s, _l in data["graduation"]),
    ]
    return as_workbook("curves", _("Survival and graduation"), head, cells)
