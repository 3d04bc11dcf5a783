"""One fact of a subject: its history, another statement, verifying, disputing, taking back, settling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.models import FileStage
from chuangbao.core.storage.files import all_or_nothing, keep, serve
from chuangbao.core.storage.filetypes import PAPERS
from chuangbao.facts import queries
from chuangbao.facts.domain import stating
from chuangbao.facts.domain.resolving import resolve
from chuangbao.facts.domain.standing import SEALED, is_sensitive
from chuangbao.facts.forms import MoveForm, RevealForm, StatementForm, write_value
from chuangbao.facts.models import Fact
from chuangbao.facts.permissions import is_concerned, may_see, may_state, may_verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

    from chuangbao.core.http.requests import Request
    from chuangbao.facts.domain.effects import Conflict
    from chuangbao.facts.domain.standing import Value
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
@rate_limit("state", rate="600/h")
@once
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def fact(request: Request, pk: int, name: str) -> HttpResponseBase:
    """The history of one fact, and a form to state it again; what was said before stays."""
    subject, known = subject_and_fact(request, pk, name)
    if request.method != "POST":
        return shown(request, subject, known)
    permit(may_state, actor=request.actor, row=subject)
    form = StatementForm(request.POST, request.FILES, fact=known)
    warn_of_newer(form, request, subject, known)
    if attempt(form, said, statement=form, subject=subject, request=request):
        return redirect(f"{reverse('facts:subject', args=[pk])}#fact-{name}")
    return shown(request, subject, known, form=form)


def warn_of_newer(form: StatementForm, request: Request, subject: Subject, known: Known) -> None:
    """Say on the form that the fact was stated again since the page was opened, as in another tab; saving waits.

    The page then shows the newer statement, and saving once more states the typed value after it.
    """
    seen = request.POST.get("seen")
    if seen is None or not form.is_valid() or seen == newest_of(subject, known, request):
        return
    form.add_error(None, _("This was stated again meanwhile: see the history. Save once more if yours is right."))


def newest_of(subject: Subject, known: Known, request: Request) -> str:
    """Return which statement a page shows as the newest; empty where there is none."""
    said_before = queries.history_of_fact(subject, known.name, actor=request.actor, why="")
    return str(said_before[0][0].row.pk) if said_before else ""


def subject_and_fact(request: Request, pk: int, name: str) -> tuple[Subject, Known]:
    """Return a subject in sight and a fact of the catalogue.

    Raises Http404 where either is missing.
    """
    known = current_pack().facts.get(name)
    if known is None:
        raise Http404
    return get_object_or_404(queries.in_sight(request.actor), pk=pk), known


@all_or_nothing()
def said(*, statement: StatementForm, subject: Subject, request: Request) -> Fact:
    """State it, with the proof where one was brought."""
    upload = statement.cleaned_data.get("file")
    proof = (
        keep(upload=upload, actor=request.actor, purpose="facts.evidence", sensitive=True, allowed=PAPERS)
        if upload
        else None
    )
    if proof is not None and proof.stage == FileStage.QUARANTINED:
        messages.info(request, _("The scanner looks at your file first; it can be opened once nothing was found."))
    return stating.state(subject=subject, actor=request.actor, evidence=proof, **statement.statement())


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
    last = next((value for value, _happened in said_before if value.row.stage != "withdrawn"), None)
    may = may_state.test(request.actor, subject)
    if form is None and may:
        form = StatementForm(fact=known, initial=initial(known, last.value) if last else {})
    context = {
        "subject": subject, "known": known, "may_state": may, "wrong": wrong,
        "seen": said_before[0][0].row.pk if said_before else "",
        "form": form, "own": is_concerned.test(request.actor, subject),
        "conflicts": disagreements(subject, known, said_before, request) if may else [],
        "said": [
            {
                "value": value, "sealed": value.value is SEALED, "happened": happened,
                "moves": moves_of(value.row, request, wrong),
            }
            for value, happened in said_before
        ],
    }  # fmt: skip
    return render(request, "facts/fact.html", context, status=422 if wrong or (form and form.errors) else 200)


def disagreements(
    subject: Subject, known: Known, said_before: list[tuple[Value, Any]], request: Request
) -> list[Conflict]:
    """What two sources say of the fact, to be settled here in one step (以此为准); nothing where only one speaks."""
    voices = {value.voice for value, _happened in said_before if value.row.stage != "withdrawn"}
    if len(voices) <= 1:
        return []
    return queries.conflicts_of_fact(subject, known.name, day=timezone.localdate(), actor=request.actor)


def initial(known: Known, value: object) -> dict[str, object]:
    """Return what the field already holds."""
    if value is SEALED:
        return {}
    return {known.name: value if isinstance(value, list) else write_value(value)}


def moves_of(row: Fact, request: Request, wrong: MoveForm | None) -> list[MoveForm]:
    """The moves that are open to the actor, each with its small form."""
    forms = [MoveForm(move=move, row=row) for move in row.life.open_to(row, request.actor)]
    return [wrong if wrong and (wrong.move, wrong.row.pk) == (form.move, row.pk) else form for form in forms]


def page_of_statement(request: Request, pk: int, **_parts: str) -> str:
    """The page of the fact that a statement is about."""
    row = get_object_or_404(visible(Fact, to=request.actor), pk=pk)
    return reverse("facts:fact", args=[row.subject_id, row.name])


@page(permission=may_see)
@post_only(page_of_statement)
def move(request: Request, pk: int, verb: str) -> HttpResponseBase:
    """Verify, withdraw the verification, dispute, or take back.

    Raises Http404 for another verb, and for a fact out of sight.
    """
    row = get_object_or_404(visible(Fact, to=request.actor).select_related("subject__organisation"), pk=pk)
    if verb not in VERBS:
        raise Http404
    form = MoveForm(request.POST, move=row.life.by_verb[verb], row=row)
    if attempt(form, VERBS[verb], fact=row, actor=request.actor, **form_values(form)):
        messages.success(request, _("Done: %(move)s.") % {"move": form.move.label})
        return redirect("facts:fact", row.subject_id, row.name)
    subject, known = subject_and_fact(request, row.subject_id, row.name)
    return shown(request, subject, known, wrong=form)


def form_values(form: MoveForm) -> dict[str, Any]:
    """What the verb takes."""
    return form.cleaned_data if form.is_valid() else {}


@page(permission=may_state)
@post_only(page_of_statement)
def resolve_conflict(request: Request, pk: int) -> HttpResponseBase:
    """Choose one of the contradicting values."""
    row = get_object_or_404(visible(Fact, to=request.actor).select_related("subject__organisation"), pk=pk)
    verifies = may_verify.test(request.actor, row)
    form = MoveForm(request.POST, move=row.life.by_verb["verify" if verifies else "dispute"], row=row, settles=True)
    if attempt(form, resolve, fact=row, actor=request.actor, **form_values(form)):
        messages.success(request, _("Settled: the other value is set aside, with your reason."))
        return redirect("facts:subject", row.subject_id)
    subject, known = subject_and_fact(request, row.subject_id, row.name)
    return shown(request, subject, known, wrong=form)


@page(permission=may_see)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: Request, pk: int) -> HttpResponseBase:
    """Give the proof of a statement; of a sealed one to others than whom it concerns only for a reason, by POST.

    Raises Http404 where there is no proof, or the fact is out of sight.
    """
    rows = visible(Fact, to=request.actor).select_related("evidence", "subject__organisation", "subject__person")
    row = get_object_or_404(rows, pk=pk)
    if row.evidence is None:
        raise Http404
    form = RevealForm(request.POST or None)
    own = is_concerned.test(request.actor, row)
    if is_sensitive(row) and not own and not form.is_valid():
        context = {"row": row, "subject": row.subject, "known": current_pack().facts[row.name], "form": form}
        return render(request, "facts/evidence.html", context, status=422 if form.is_bound else 200)
    reason = form.cleaned_data["reason"] if form.is_bound and form.is_valid() else "own page" if own else "evidence"
    subject = row.subject
    whom = {"person": subject.person_id, "organisation": subject.organisation_id}
    return serve(row.evidence, request, about={**whom, "reason": reason, "facts": [row.name]})
