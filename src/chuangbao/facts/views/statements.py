"""One fact of a subject: its history, another statement, verifying, disputing, taking back, settling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangbao.core.access import page
from chuangbao.core.files import drop, keep, serve
from chuangbao.core.filetypes import PAPERS
from chuangbao.core.forms import attempt
from chuangbao.core.idempotency import once
from chuangbao.core.limits import limited
from chuangbao.core.refusals import Refused
from chuangbao.core.registry import current_pack
from chuangbao.core.scope import visible
from chuangbao.facts import queries
from chuangbao.facts.domain import stating
from chuangbao.facts.domain.resolving import resolve
from chuangbao.facts.domain.standing import SEALED
from chuangbao.facts.forms import MoveForm, StatementForm, stored
from chuangbao.facts.models import Fact
from chuangbao.facts.permissions import may_see, may_state, may_verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

    from chuangbao.core.requests import Request
    from chuangbao.facts.models import Subject
    from chuangbao.rules.model import Fact as Known

__all__ = ["evidence", "fact", "move", "resolve_conflict"]

VERBS: dict[str, Callable[..., Fact]] = {
    "verify": stating.verify,
    "doubt": stating.doubt,
    "dispute": stating.dispute,
    "withdraw": stating.withdraw,
}


@page(permission=may_see)
@limited("state", rate="600/h")
@once
@require_http_methods(["GET", "HEAD", "POST"])
def fact(request: Request, pk: int, name: str) -> HttpResponseBase:
    """The history of one fact, and a form to say it anew; what was said before stays."""
    subject, known = subject_and_fact(request, pk, name)
    if request.method != "POST":
        return shown(request, subject, known)
    if not may_state.test(request.actor, subject):
        raise PermissionDenied
    form = StatementForm(request.POST, request.FILES, fact=known)
    if attempt(form, said, statement=form, subject=subject, request=request):
        return redirect(f"{reverse('facts:subject', args=[pk])}#fact-{name}")
    return shown(request, subject, known, form=form)


def subject_and_fact(request: Request, pk: int, name: str) -> tuple[Subject, Known]:
    """A subject in sight and a fact of the catalogue, or 404."""
    known = current_pack().facts.get(name)
    if known is None:
        raise Http404
    return get_object_or_404(queries.in_sight(request.actor), pk=pk), known


@transaction.atomic
def said(*, statement: StatementForm, subject: Subject, request: Request) -> Fact:
    """State it, with the proof where one was brought."""
    upload = statement.cleaned_data.get("file")
    proof = (
        keep(upload=upload, actor=request.actor, purpose="facts.evidence", sensitive=True, allowed=PAPERS)
        if upload
        else None
    )
    try:
        return stating.state(subject=subject, actor=request.actor, evidence=proof, **statement.statement())
    except Refused:
        if proof is not None:
            drop(proof)
        raise


def shown(
    request: Request,
    subject: Subject,
    known: Known,
    *,
    form: StatementForm | None = None,
    wrong: MoveForm | None = None,
) -> HttpResponseBase:
    """The page of one fact."""
    said_before = queries.history_of_fact(subject, known.name, actor=request.actor, why="")
    last = next((value for value, _ in said_before if value.row.stage != "withdrawn"), None)
    may = may_state.test(request.actor, subject)
    if form is None and may:
        form = StatementForm(fact=known, initial=initial(known, last.value) if last else {})
    context = {
        "subject": subject, "known": known, "may_state": may, "wrong": wrong,
        "form": form,
        "said": [
            {"value": value, "happened": happened, "moves": moves_of(value.row, request, wrong)}
            for value, happened in said_before
        ],
    }  # fmt: skip
    return render(request, "facts/fact.html", context, status=422 if wrong or (form and form.errors) else 200)


def initial(known: Known, value: object) -> dict[str, object]:
    """What stands already in the field."""
    if value is SEALED:
        return {}
    return {known.name: value if isinstance(value, list) else stored(value)}


def moves_of(row: Fact, request: Request, wrong: MoveForm | None) -> list[MoveForm]:
    """The moves that are open to the actor, each with its small form."""
    forms = [MoveForm(move=move, row=row) for move in row.life.open_to(row, request.actor)]
    return [wrong if wrong and (wrong.move, wrong.row.pk) == (form.move, row.pk) else form for form in forms]


@page(permission=may_see)
@require_POST
def move(request: Request, pk: int, verb: str) -> HttpResponseBase:
    """Verify, withdraw the verification, dispute, or take back."""
    row = get_object_or_404(visible(Fact, to=request.actor).select_related("subject__organisation"), pk=pk)
    if verb not in VERBS:
        raise Http404
    form = MoveForm(request.POST, move=row.life.by_verb[verb], row=row)
    if attempt(form, VERBS[verb], fact=row, actor=request.actor, **form_values(form)):
        return redirect("facts:fact", row.subject_id, row.name)
    subject, known = subject_and_fact(request, row.subject_id, row.name)
    return shown(request, subject, known, wrong=form)


def form_values(form: MoveForm) -> dict[str, Any]:
    """What the verb takes."""
    return form.cleaned_data if form.is_valid() else {}


@page(permission=may_state)
@require_POST
def resolve_conflict(request: Request, pk: int) -> HttpResponseBase:
    """Choose one of the contradicting values."""
    row = get_object_or_404(visible(Fact, to=request.actor).select_related("subject__organisation"), pk=pk)
    verifies = may_verify.test(request.actor, row)
    form = MoveForm(request.POST, move=row.life.by_verb["verify" if verifies else "dispute"], row=row, settles=True)
    if attempt(form, resolve, fact=row, actor=request.actor, **form_values(form)):
        return redirect("facts:subject", row.subject_id)
    subject, known = subject_and_fact(request, row.subject_id, row.name)
    return shown(request, subject, known, wrong=form)


@page(permission=may_see)
@require_safe
def evidence(request: Request, pk: int) -> HttpResponseBase:
    """The proof of a statement, to whoever may see the statement."""
    row = get_object_or_404(visible(Fact, to=request.actor).select_related("evidence"), pk=pk)
    if row.evidence is None:
        raise Http404
    return serve(row.evidence, request)
