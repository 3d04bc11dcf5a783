"""The workbench (我的工作台): what waits first, then what is mine, what is new and what I did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from chuangbao.core.access.permissions import page, signed_in
from chuangbao.core.access.row_access import visible
from chuangbao.core.messaging.notifications import title_of
from chuangbao.core.models import History, Notice
from chuangbao.core.workbench import mine_of, todos_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["desk"]

LATEST = 6


@page(permission=signed_in)
@require_GET
def desk(request: Request) -> HttpResponse:
    """Everything of the capacity one acts in."""
    actor = request.actor
    context = {
        "todos": todos_of(actor),
        "ways": mine_of(actor),
        "notices": [{"notice": n, "title": title_of(n)} for n in visible(Notice, to=actor)[:LATEST]],
        "recent": History.objects.filter(person=actor.person_id, acting=actor.acting)[:LATEST],
        "today": timezone.localdate(),
    }
    return render(request, "portal/desk.html", context)
