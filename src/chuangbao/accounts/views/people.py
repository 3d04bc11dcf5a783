"""Pages of a person: for whom one acts, what is held, export and erasure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangbao.accounts.domain import persons
from chuangbao.accounts.domain.leaving import sole_ownerships
from chuangbao.accounts.forms import MeForm
from chuangbao.accounts.middleware import SIGNED_OUT, act_as
from chuangbao.accounts.models import Person
from chuangbao.accounts.readings import describe_readings
from chuangbao.core.access.permissions import page, signed_in
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.http.requests import safe_place
from chuangbao.core.privacy import HOLDINGS
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from chuangbao.core.http.requests import Request

__all__ = ["acting", "erase", "export", "me", "security"]


@page(permission=signed_in)
@post_only("portal:desk")
def acting(request: Request) -> HttpResponse:
    """Choose for whom to act; a capacity that the person does not hold becomes their own."""
    act_as(request, request.POST.get("acting", ""))
    return redirect(safe_place(request, request.POST.get("next", "")) or "portal:desk")


@page(permission=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: Request) -> HttpResponse:
    """Show what is held of a person, why, and who read it; correct it here."""
    person = Person.objects.get(pk=request.actor.person)
    form = MeForm(request.POST or None, initial={"name": person.name, "language": person.language})
    if form.is_bound and form.is_valid():
        persons.correct_person(actor=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:me")
    held = [{"holding": h, "rows": list(h.export(person.pk))} for h in HOLDINGS.values()]
    context = {
        "form": form,
        "person": person,
        "held": held,
        "readings": describe_readings(persons.readings_of(person.pk)),
    }
    return render(request, "accounts/me.html", context, status=422 if form.errors else 200)


@page(permission=signed_in, fresh=True)
@require_GET
@rate_limit("export", rate="10/h", methods=("GET",))
def export(request: Request) -> HttpResponse:
    """Export all data held of the person."""
    content = json.dumps(persons.export_person(actor=request.actor), ensure_ascii=False, indent=2)
    answer = HttpResponse(content, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="chuangbao-my-data.json"'
    return answer


@page(permission=signed_in, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: Request) -> HttpResponse:
    """What would be erased and what stays; then do it."""
    refusal = None
    if request.method == "POST":
        try:
            persons.erase_person(actor=request.actor)
        except Refused as said:
            refusal = said
        else:
            logout(request)
            setattr(request, SIGNED_OUT, True)
            messages.success(request, _("Your account is erased. What the law makes us keep holds no name."))
            return redirect("portal:home")
    person = request.actor.person
    held = [
        {"label": h.label, "kept": h.kept, "goes": h.erases, "count": len(list(h.export(person)))}
        for h in HOLDINGS.values()
    ]
    context = {
        "held": held, "obstacles": persons.obstacles(person), "refusal": refusal, "owned": sole_ownerships(person),
    }  # fmt: skip
    return render(request, "accounts/erase.html", context, status=422 if refusal else 200)


@page(permission=signed_in)
@require_GET
def security(request: Request) -> HttpResponse:
    """Password, second factor, passkeys, sessions: the ways to each."""
    return render(request, "accounts/security.html")
