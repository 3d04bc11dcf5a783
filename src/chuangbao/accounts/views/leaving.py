"""Pages of an owner: correcting the registration, handing the organisation over, giving it up; and proving identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangbao.accounts.domain import leaving
from chuangbao.accounts.forms import CorrectForm, DissolveForm, HandOverForm
from chuangbao.accounts.middleware import act_as
from chuangbao.accounts.models import Membership, Organisation, Person
from chuangbao.accounts.permissions import may_correct_organisation
from chuangbao.core.access.permissions import page, permit, signed_in
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.requests import safe_place

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.http.requests import Request

DEMO = "@demo.invalid"
"""The addresses of the people of the demonstration, who have no password."""
__all__ = ["again", "correct", "dissolve", "hand_over"]


def owned(request: Request, pk: int) -> tuple[Organisation, Actor]:
    """Return an organisation of the person's own and the person as its owner, or 404."""
    mine = visible(Membership, to=request.actor).filter(person=request.actor.person_id, ended_at=None, role="owner")
    row = get_object_or_404(mine.select_related("organisation__region"), organisation=pk).organisation
    actor = leaving.owner_acting_for(pk, person=request.actor.person)
    assert actor is not None  # noqa: S101 - the row above says so
    return row, actor


def back(request: Request, default: str, *parts: int) -> HttpResponse:
    """Go where the person came from."""
    return redirect(safe_place(request, request.GET.get("next", "")) or default, *parts)


@page(permission=may_correct_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def correct(request: Request, pk: int) -> HttpResponse:
    """Correct name, kind and region until an officer has verified them."""
    row = get_object_or_404(visible(Organisation, to=request.actor), pk=pk)
    permit(may_correct_organisation, actor=request.actor, row=row)
    form = CorrectForm(request.POST or None, initial={"name": row.name, "kind": row.kind, "region": row.region_id})
    if attempt_filled(form, leaving.correct_organisation, organisation=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("accounts:organisation", pk)
    context = {"form": form, "organisation": row}
    return render(request, "accounts/correct.html", context, status=422 if form.errors else 200)


@page(permission=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Make another member an owner."""
    row, actor = owned(request, pk)
    others = leaving.other_members(pk, than=request.actor.person).exclude(role="owner")
    form = HandOverForm(request.POST or None, members=others)
    if attempt_filled(form, leaving.hand_over_organisation, organisation=row, actor=actor):
        messages.success(request, _("Handed over; the new owner is told. You can leave now."))
        return back(request, "accounts:organisations")
    context = {"form": form, "organisation": row, "others": others}
    return render(request, "accounts/hand_over.html", context, status=422 if form.errors else 200)


@page(permission=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def dissolve(request: Request, pk: int) -> HttpResponse:
    """Give up an organisation that has no other owner."""
    row, actor = owned(request, pk)
    form = DissolveForm(request.POST or None)
    if attempt_filled(form, leaving.dissolve_organisation, organisation=row, actor=actor):
        if request.actor.organisation_id == pk:
            act_as(request, "")
        messages.success(request, _("Given up; nobody can act for it here any more."))
        return back(request, "accounts:organisations")
    context = {"form": form, "organisation": row}
    return render(request, "accounts/dissolve.html", context, status=422 if form.errors else 200)


@page(permission=signed_in)
@require_GET
def again(request: Request) -> HttpResponse:
    """Prove identity once more, for people without a password: by signing in again."""
    person = Person.objects.get(pk=request.actor.person)
    context = {
        "next": safe_place(request, request.GET.get("next", "")) or "/me/", "acting": request.actor.acting,
        "who": person.email.removesuffix(DEMO) if person.email.endswith(DEMO) else "",
    }  # fmt: skip
    return render(request, "accounts/again.html", context)
