"""Deciding what a colleague proposed (提请), or taking back the actor's own proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import page, signed_in
from chuangbao.core.http.post_only import post_only
from chuangbao.core.models import Proposal
from chuangbao.core.workflow.proposals import confirm, decline, deed_of, row_of, take_back
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["settle_proposal"]

LONGEST = 1000
VERBS = {
    "confirm": lambda row, actor, _reason: confirm(row, actor=actor),
    "decline": lambda row, actor, reason: decline(row, actor=actor, reason=reason),
    "withdraw": lambda row, actor, _reason: take_back(row, actor=actor),
}


def find_proposal(request: Request, pk: int) -> Proposal:
    """Return the proposal to the person who made it and to those who may decide it. Raises Http404: to others."""
    row = get_object_or_404(Proposal, pk=pk)
    if row.proposer_id != request.actor.person_id and not deed_of(row).may_decide(request.actor, row_of(row), row):
        raise Http404
    return row


def page_of_proposal(request: Request, pk: int, **_parts: Any) -> str:
    """The page of what the proposal is about."""
    row = find_proposal(request, pk)
    return deed_of(row).page(row_of(row))


@page(permission=signed_in)
@post_only(page_of_proposal)
def settle_proposal(request: Request, pk: int, verb: str) -> HttpResponse:
    """Confirm a colleague's proposal, turn it down, or take back the actor's own. Raises Http404 for another verb."""
    if verb not in VERBS:
        raise Http404
    row = find_proposal(request, pk)
    try:
        VERBS[verb](row, request.actor, request.POST.get("reason", "")[:LONGEST])
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Done; it is on the record."))
    return redirect(page_of_proposal(request, pk))
