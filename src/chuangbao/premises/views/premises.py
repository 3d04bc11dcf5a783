"""Premises that can be registered, and the letters of each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.requests import read_number
from chuangbao.premises.domain.premises import close_premise, open_premise, put_ceiling
from chuangbao.premises.enums import LetterStage
from chuangbao.premises.forms import CeilingForm, PremiseForm
from chuangbao.premises.models import ConsentLetter, Premise
from chuangbao.premises.permissions import is_member, may_keep_premises, may_see_letters
from chuangbao.premises.views.letters import KNOWN, MOST_CHARACTERS
from chuangbao.spaces.enums import SpaceStage
from chuangbao.spaces.models import Site

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["change_ceiling", "close", "list_premises", "new_premise", "show_premise"]

PAGE_SIZE = 20


def valid_letters() -> Q:
    """The letters of a premise that are valid today."""
    return Q(letters__stage=LetterStage.VALID, letters__valid_until__gte=timezone.localdate())


@page(permission=may_see_letters)
@require_safe
def list_premises(request: Request) -> HttpResponse:
    """List the premises in sight with how many licences each has, and search them."""
    words = request.GET.get("q", "").strip()
    rows = (
        visible(Premise, to=request.actor)
        .select_related("site__space")
        .annotate(valid=Count("letters", filter=valid_letters()))
    )
    if words:
        named = Q(room__icontains=words) | Q(site__address__icontains=words) | Q(site__space__name__icontains=words)
        rows = rows.filter(named)
    found = page_of(rows.order_by("site__space__name", "room", "pk"), request.GET.get("page"), each=PAGE_SIZE)
    known = read_known(request)
    is_host = request.actor.capacity is Capacity.MEMBER
    data = {"page": found, "q": words, "is_host": is_host, "known": known, "known_query": urlencode(known)}
    return render(request, "premises/list.html", data)


def read_known(request: Request) -> dict[str, str]:
    """Return what the page of a tenant has written of its firm into the address."""
    return {name: value for name in KNOWN if (value := request.GET.get(name, "")[:MOST_CHARACTERS])}


@page(permission=is_member)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_premise(request: Request) -> HttpResponse:
    """Open a room or desk of a site of the organisation's spaces for registration."""
    sites = visible(Site, to=request.actor).filter(
        space__operator=request.actor.organisation_id, space__stage=SpaceStage.OPEN, until=None
    )
    key = read_number(request.GET.get("space", ""), digits=18)
    site = sites.filter(space=key).order_by("-is_main", "pk").first() if key else None
    form = PremiseForm(request.POST or None, sites=sites.select_related("space"), initial={"site": site})
    known = read_known(request)
    if done := attempt_filled(form, open_premise, actor=request.actor):
        messages.success(request, _("Open for registration. Now issue the first letter."))
        if known:
            return redirect(f"{reverse('premises:letter_new', args=[done.row.pk])}?{urlencode(known)}")
        return redirect("premises:premise", done.row.pk)
    whom = request.GET.get("for", "")[:MOST_CHARACTERS]
    data = {"form": form, "has_sites": sites.exists(), "whom": whom, "space": site.space if site else None}
    return render(request, "premises/new.html", data, status=422 if form.errors else 200)


@page(permission=may_see_letters)
@require_safe
def show_premise(request: Request, pk: int) -> HttpResponse:
    """Show a premise with its letters."""
    row = find_premise(request, pk)
    form = CeilingForm(initial={"ceiling": row.ceiling})
    return render(request, "premises/premise.html", describe_premise(request, row, form))


@page(permission=is_member)
@post_only("premises:premise", "pk")
@once
def change_ceiling(request: Request, pk: int) -> HttpResponse:
    """Keep how many licences the premise takes at most."""
    row = find_premise(request, pk)
    form = CeilingForm(request.POST)
    if attempt_filled(form, put_ceiling, premise=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("premises:premise", pk)
    return render(request, "premises/premise.html", describe_premise(request, row, form), status=422)


@page(permission=is_member)
@post_only("premises:premise", "pk")
@once
def close(request: Request, pk: int) -> HttpResponse:
    """Close a premise for registration."""
    row = find_premise(request, pk)
    form = CeilingForm({"ceiling": row.ceiling})
    if attempt(form, close_premise, premise=row, actor=request.actor):
        messages.success(request, _("Closed for registration."))
        return redirect("premises:premise", pk)
    return render(request, "premises/premise.html", describe_premise(request, row, form), status=422)


def find_premise(request: Request, pk: int) -> Premise:
    """Return a premise in sight. Raises Http404."""
    return get_object_or_404(visible(Premise, to=request.actor).select_related("site__space__operator"), pk=pk)


def describe_premise(request: Request, row: Premise, form: CeilingForm) -> dict[str, Any]:
    """What the page of a premise shows."""
    letters = visible(ConsentLetter, to=request.actor).filter(premise=row)
    letters = letters.select_related("premise__site__space__operator")
    return {
        "row": row,
        "form": form,
        "may_keep": may_keep_premises.test(request.actor, row),
        "page": page_of(letters.order_by("-issued_on", "-pk"), request.GET.get("page"), each=PAGE_SIZE),
    }
