"""What the rules say of a space: what a tenant gets, and how ready it is for being recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page, public
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.inspections.domain.benefits import list_benefits
from chuangbao.inspections.domain.readiness import judge_readiness
from chuangbao.inspections.permissions import may_answer, may_oversee, may_see_notes
from chuangbao.spaces.models import Space

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["show_benefits", "show_readiness"]


@public
@rate_limit("benefits", rate="120/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def show_benefits(request: Request, pk: int) -> HttpResponse:
    """Show which measures a young small firm in a space can have: who, how much, until when."""
    space = get_object_or_404(visible(Space, to=request.actor).select_related("region"), pk=pk)
    holds, may = list_benefits(space)
    return render(request, "inspections/benefits.html", {"space": space, "holds": holds, "may": may})


@page(permission=may_see_notes)
@rate_limit("readiness", rate="120/10m")
@require_safe
def show_readiness(request: Request, pk: int) -> HttpResponse:
    """Show the conditions of each recognition: met, not met by how much, unknown and where to enter it.

    Raises Http404 for a space that is neither the actor's own nor in an officer's area.
    """
    space = get_object_or_404(visible(Space, to=request.actor).select_related("operator"), pk=pk)
    is_own = may_answer.test(request.actor, space)
    if not is_own and not (may_oversee.test(request.actor) and request.actor.covers(space.region_id)):
        raise Http404
    found = judge_readiness(space, request.actor, is_own=is_own)
    return render(request, "inspections/readiness.html", {"space": space, "found": found, "is_own": is_own})
