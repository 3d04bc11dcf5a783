"""A transfer of a space as both organisations see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.domain.dependants import describe_consequences
from chuangbao.spaces.domain.ending import answer_transfer
from chuangbao.spaces.models import Transfer
from chuangbao.spaces.permissions import may_read_transfer, may_register_space
from chuangbao.spaces.workflow import TRANSFER

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["move_transfer", "show_transfer"]


def find_transfer(request: Request, pk: int) -> Transfer:
    """Return a transfer in the actor's sight, or 404."""
    rows = visible(Transfer, to=request.actor).select_related("space__region", "giver", "receiver")
    return get_object_or_404(rows, pk=pk)


def answer_page(request: Request, row: Transfer, refusal: str = "") -> HttpResponse:
    """Show a transfer, what comes with it and what can be done now; a refusal above it."""
    context = {
        "transfer": row,
        "space": row.space,
        "consequences": describe_consequences(row.space),
        "moves": TRANSFER.open_to(row, request.actor),
        "refusal": refusal,
    }
    return render(request, "spaces/transfer.html", context, status=422 if refusal else 200)


@page(permission=may_read_transfer)
@require_safe
def show_transfer(request: Request, pk: int) -> HttpResponse:
    """One transfer."""
    return answer_page(request, find_transfer(request, pk))


@page(permission=may_register_space)
@post_only("spaces:transfer", "pk")
@once
def move_transfer(request: Request, pk: int, verb: str) -> HttpResponse:
    """Accept, decline or withdraw it.

    Raises Http404 for a verb that its transitions do not have.
    """
    row = find_transfer(request, pk)
    if verb not in TRANSFER.by_verb:
        raise Http404(verb)
    try:
        answer_transfer(transfer=row, verb=verb, actor=request.actor)
    except Refused as refusal:
        return answer_page(request, find_transfer(request, pk), str(refusal))
    messages.success(request, _("Done. The other organisation has a notice."))
    return redirect("spaces:transfer", pk)
