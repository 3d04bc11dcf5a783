"""How an operator leaves a space: closing, merging and handing on, with what happens said first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.http.requests import read_number
from chuangbao.spaces.domain.dependants import describe_consequences
from chuangbao.spaces.domain.ending import (
    announce_closing,
    close_space,
    keep_open,
    merge_spaces,
    reopen_space,
    transfer_space,
)
from chuangbao.spaces.domain.venues import count_late_bookings
from chuangbao.spaces.enums import SpaceStage
from chuangbao.spaces.forms import CloseForm, MergeForm, TransferForm
from chuangbao.spaces.models import Space
from chuangbao.spaces.permissions import may_end_space
from chuangbao.spaces.workflow import SPACE

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["end", "hand_on", "show_ways"]


def find_own_space(request: Request, pk: int) -> Space:
    """Return a space that the actor may close, or 404. Raises Forbidden."""
    row = get_object_or_404(visible(Space, to=request.actor).select_related("operator", "region"), pk=pk)
    permit(may_end_space, actor=request.actor, row=row)
    return row


@page(permission=may_end_space)
@require_safe
def show_ways(request: Request, pk: int) -> HttpResponse:
    """What is concerned, and the ways to leave a space."""
    return render(request, "spaces/ending.html", describe_ways(request, find_own_space(request, pk)))


def describe_ways(request: Request, row: Space, **bound: Any) -> dict[str, Any]:
    """Return what the page shows: consequences and forms, the one that was sent with its errors."""
    others = list_others(request, row)
    return {
        "space": row,
        "consequences": describe_consequences(row),
        "late_bookings": count_late_bookings(row),
        "close_form": CloseForm(initial={"reason": row.closing_reason}),
        "merge_form": MergeForm(others=others),
        "others": others,
        "may_reopen": row.stage == SpaceStage.CLOSED,
        **bound,
    }


def list_others(request: Request, row: Space) -> list[Space]:
    """List the other running spaces of the organisation."""
    rows = visible(Space, to=request.actor).filter(operator=row.operator_id, stage=SpaceStage.OPEN)
    return list(rows.exclude(pk=row.pk).order_by("name", "pk")[:200])


@page(permission=may_end_space)
@rate_limit("space-end", rate="30/h")
@post_only("spaces:ending", "pk")
@once
def end(request: Request, pk: int, verb: str) -> HttpResponse:
    """Close, merge or reopen a space; announce its last day, or take that back.

    Raises Http404 for a verb that its transitions do not have.
    """
    row = find_own_space(request, pk)
    if verb not in {*SPACE.by_verb, "keep-open"}:
        raise Http404(verb)
    form: Any = CloseForm(request.POST)
    if verb == "close":
        done, name = close_or_announce(request, row, form), "close_form"
    elif verb == "keep-open":
        done, name = attempt(form, keep_open, space=row, actor=request.actor), "keep_form"
    elif verb == "reopen":
        done, name = attempt(form, reopen_space, space=row, actor=request.actor), "reopen_form"
    else:
        form, name = MergeForm(request.POST, others=list_others(request, row)), "merge_form"
        done = merge(request, row, form)
    if done:
        messages.success(request, _("Done. Everybody who is concerned has a notice."))
        return redirect("spaces:space", pk)
    return render(request, "spaces/ending.html", describe_ways(request, row, **{name: form}), status=422)


def close_or_announce(request: Request, row: Space, form: CloseForm) -> Any:
    """Close a space today, or announce the later day that a form names."""
    if not form.is_valid():
        return None
    reason, last_day = form.cleaned_data["reason"], form.cleaned_data["last_day"]
    if last_day is None:
        return attempt(form, close_space, space=row, actor=request.actor, reason=reason)
    return attempt(form, announce_closing, space=row, actor=request.actor, reason=reason, last_day=last_day)


def merge(request: Request, row: Space, form: MergeForm) -> Any:
    """Merge a space into the one that a form names."""
    if not form.is_valid():
        return None
    key = read_number(form.cleaned_data["into"], digits=18)
    into = visible(Space, to=request.actor).filter(pk=key).first() if key else None
    reason = form.cleaned_data["reason"]
    return attempt(form, merge_spaces, space=row, into=into, actor=request.actor, reason=reason)


@page(permission=may_end_space)
@rate_limit("space-hand-on", rate="20/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def hand_on(request: Request, pk: int) -> HttpResponse:
    """Offer a space to another organisation."""
    row = find_own_space(request, pk)
    form = TransferForm(request.POST or None)
    if done := attempt_filled(form, transfer_space, space=row, actor=request.actor):
        messages.success(request, _("Offered. You run it until the other organisation accepts."))
        return redirect("spaces:transfer", done.row.pk)
    context = {"form": form, "space": row, "consequences": describe_consequences(row)}
    return render(request, "spaces/hand_on.html", context, status=422 if form.errors else 200)
