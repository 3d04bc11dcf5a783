"""The tenant's page of the own space (我的入驻): where it stands, what to do next, what was agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of
from chuangbao.tenants.forms import EmptyForm
from chuangbao.tenants.models import Talk
from chuangbao.tenants.permissions import may_apply
from chuangbao.tenants.views.finding import find_own
from chuangbao.tenants.workflow import TENANCY

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.tenants.models import Tenancy

__all__ = ["show_own", "show_refused"]

LATELY = 20


@page(permission=may_apply)
@require_safe
def show_own(request: Request, pk: int) -> HttpResponse:
    """The page of the own space."""
    return render(request, "tenants/own.html", describe_own(request, find_own(request, pk)))


def show_refused(request: Request, pk: int, **forms: Any) -> HttpResponse:
    """Show the page again with the form that was refused."""
    return render(request, "tenants/own.html", describe_own(request, find_own(request, pk)) | forms, status=422)


def describe_own(request: Request, row: Tenancy) -> dict[str, Any]:
    """What the page of the own space shows."""
    actor = request.actor
    talks = visible(Talk, to=actor).filter(tenancy=row, at__gte=timezone.now()).order_by("at")
    return {
        "row": row,
        "verbs": {move.verb for move in TENANCY.open_to(row, actor)},
        "talks": talks,
        "withdrawing": EmptyForm(),
        "history": history_of(row)[:LATELY],
    }
