"""What everybody sees of draws (一公开): that a list is fixed, how it was drawn, and what came of the visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import public
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.paging import page_of
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.inspections.enums import DrawStage
from chuangbao.inspections.models import Draw, Visit

if TYPE_CHECKING:
    from chuangbao.core.http.requests import Request

__all__ = ["give_list", "list_results", "show_result"]

EACH = 20


def is_told(draw: Draw) -> bool:
    """Whether list, secret and seed of a draw are public: it was published or cancelled."""
    return draw.published_at is not None or draw.stage == DrawStage.CANCELLED


@public
@rate_limit("results", rate="600/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def list_results(request: Request) -> HttpResponse:
    """List the draws whose list was fixed, the newest first; search by title."""
    words = request.GET.get("q", "").strip()[:80]
    rows = visible(Draw, to=request.actor).filter(frozen_at__isnull=False).select_related("region", "agency")
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(agency__name__icontains=words))
    rows = rows.annotate(count=Count("visits")).order_by("-frozen_at", "-pk")
    data = {"page": page_of(rows, request.GET.get("page"), each=EACH), "q": words}
    return render(request, "inspections/results.html", data)


def find_result(request: Request, pk: int) -> Draw:
    """Return a draw whose list was fixed. Raises Http404."""
    rows = visible(Draw, to=request.actor).filter(frozen_at__isnull=False).select_related("region", "agency")
    return get_object_or_404(rows, pk=pk)


@public
@rate_limit("results", rate="600/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def show_result(request: Request, pk: int) -> HttpResponse:
    """Show what was fixed beforehand and, once it is published, the seed, the visits and whether all repeats."""
    row = find_result(request, pk)
    visits = visible(Visit, to=request.actor).filter(draw=row, draw__published_at__isnull=False)
    data = {
        "row": row,
        "is_told": is_told(row),
        "is_repeated": row.published_at is not None and row.is_repeated,
        "visits": visits.select_related("space").order_by("place_in_draw"),
    }
    return render(request, "inspections/result.html", data)


@public
@rate_limit("results", rate="600/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def give_list(request: Request, pk: int) -> HttpResponse:
    """Give the list of a draw as it was hashed, byte for byte, once it is public."""
    row = find_result(request, pk)
    if not is_told(row):
        return render(request, "inspections/list_waits.html", {"row": row}, status=409)
    return HttpResponse(row.list_text, content_type="text/plain; charset=utf-8")
