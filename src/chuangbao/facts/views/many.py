"""The facts that are worth most, on one page: each beside its measures, saved together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.storage.files import all_or_nothing
from chuangbao.facts import queries
from chuangbao.facts.domain.stating import state
from chuangbao.facts.forms import FactsForm
from chuangbao.facts.permissions import may_state

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.http.requests import Request
    from chuangbao.facts.models import Subject

__all__ = ["fill"]

MOST = 10


@page(permission=may_state)
@rate_limit("state", rate="600/h")
@once
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: Request, pk: int) -> HttpResponseBase:
    """Ask for the ten facts that are worth most, and keep together what was answered."""
    subject = get_object_or_404(queries.in_sight(request.actor), pk=pk)
    permit(may_state, actor=request.actor, row=subject)
    gaps = {gap.fact.name: gap for gap in queries.worth_most(subject, day=timezone.localdate(), actor=request.actor)}
    if request.method == "POST":
        seen = read_seen(request)
        form = make_form(list(seen), request)
        if form.is_valid() and save(subject=subject, form=form, seen=seen, actor=request.actor):
            count = len(form.facts())
            words = ngettext("%(n)s fact was saved.", "%(n)s facts were saved.", count) % {"n": count}
            messages.success(request, words)
            return redirect("facts:subject", pk)
    else:
        form = make_form(list(gaps)[:MOST])
    now = queries.last_statements(subject, actor=request.actor)
    rows = [(form[name], gaps.get(name), now.get(name, 0)) for name in form.names]
    context = {"subject": subject, "form": form, "rows": rows}
    return render(request, "facts/many.html", context, status=422 if form.errors else 200)


class ManyForm(FactsForm):
    """Several facts of a subject at once."""

    asks_back = True


def make_form(names: list[str], request: Request | None = None) -> FactsForm:
    """The form over some facts, empty or with what was sent."""
    sent = {"data": request.POST} if request is not None else {}
    return ManyForm(engine=current_engine(), names=names, as_of=timezone.localdate(), **sent)


def read_seen(request: Request) -> dict[str, int]:
    """By each fact that was asked for the statement that stood when the page was opened; 0 for none.

    What was typed for a fact stays on the page though the word that it was asked is missing.
    """
    pairs = (entry.rpartition(":") for entry in request.POST.getlist("asked")[:MOST])
    facts = current_pack().facts
    seen = {name: int(row) for name, _colon, row in pairs if name in facts and row.isascii() and row.isdigit()}
    return seen | dict.fromkeys([name for name in request.POST if name in facts and name not in seen][:MOST], 0)


@all_or_nothing()
def save(*, subject: Subject, form: FactsForm, seen: dict[str, int], actor: Actor) -> bool:
    """Keep every answer, or none where one was said elsewhere since, or nothing was said; whether it was kept."""
    answers, now = form.facts(), queries.last_statements(subject, actor=actor)
    if not answers:
        form.add_error(None, _("Nothing was filled in: answer what you know and leave the rest empty."))
    for name in answers:
        if now.get(name, 0) != seen[name]:
            form.add_error(name, _("It was said elsewhere since this page was opened. Save again if yours is right."))
    if form.errors:
        return False
    for name, value in answers.items():
        state(subject=subject, name=name, value=value, actor=actor)
    return True
