"""Documents on the desk: bring one in, correct its tree, mark its clauses, hand it to a colleague, publish it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangbao.core.access import page, permit
from chuangbao.core.forms import attempt
from chuangbao.core.history import history_of
from chuangbao.core.idempotency import once
from chuangbao.core.limits import limited
from chuangbao.core.refusals import Refused
from chuangbao.core.requests import figure_in
from chuangbao.core.scope import visible
from chuangbao.gongwen import DocumentError
from chuangbao.policies.deskforms import (
    BringForm,
    ClauseForm,
    DocumentForm,
    PublishForm,
    ReasonForm,
    RetireForm,
)
from chuangbao.policies.domain import documents as verbs
from chuangbao.policies.domain.authored import move_on, publish_text, retire_text
from chuangbao.policies.domain.overlay import clause_id
from chuangbao.policies.domain.reading import read_text, read_upload
from chuangbao.policies.domain.registry import current_pack
from chuangbao.policies.models import RegisteredClause, RegisteredDocument
from chuangbao.policies.permissions import may_author, may_draft
from chuangbao.policies.states import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse

    from chuangbao.core.requests import Request
    from chuangbao.policies.models import Interpretation

__all__ = ["bring", "clause", "paper", "paper_head", "paper_move", "papers"]

PAGE = 25
DAY_FORMS: dict[str, Callable[..., forms.Form]] = {
    "publish": PublishForm, "retire": RetireForm, "return": ReasonForm, "discard": ReasonForm,
}  # fmt: skip


@page(permission=may_author)
@require_safe
def papers(request: Request) -> HttpResponse:
    """The documents of the desk."""
    rows = visible(RegisteredDocument, to=request.actor).exclude(stage=Stage.DISCARDED)
    stage = request.GET.get("stage", "")
    rows = rows.filter(stage=stage) if stage in Stage.values else rows
    context = {
        "page": Paginator(rows.order_by("-pk"), PAGE).get_page(request.GET.get("page")),
        "stage": stage,
        "stages": Stage.choices,
        "may_draft": may_draft.test(request.actor),
    }
    return render(request, "policies/desk/papers.html", context)


@page(permission=may_draft)
@limited("bring", rate="60/h")
@once
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Request) -> HttpResponse:
    """Read a document and keep it as a draft."""
    form = BringForm(request.POST, request.FILES) if request.method == "POST" else BringForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            text, parsed = read_upload(file) if file else read_text(form.cleaned_data["text"])
        except DocumentError as error:
            form.add_error("file" if file else "text", f"{error.what} {error.why} {error.remedy}")
        else:
            given = {"ref": form.cleaned_data["ref"], "text": text, "parsed": parsed, "actor": request.actor}
            done = attempt(form, verbs.bring_document, **given)
            if done:
                return redirect("policies:desk_paper", done.row.pk)
    return render(request, "policies/desk/bring.html", {"form": form}, status=422 if form.errors else 200)


def found(request: Request, pk: int) -> RegisteredDocument:
    """The document within the officer's sight."""
    rows = visible(RegisteredDocument, to=request.actor).select_related("author", "reviewer")
    return get_object_or_404(rows, pk=pk)


@page(permission=may_author)
@require_safe
def paper(request: Request, pk: int) -> HttpResponse:
    """The page of a document with its tree."""
    return shown(request, found(request, pk))


def shown(
    request: Request, row: RegisteredDocument, given: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page, with forms as they were posted."""
    given = given or {}
    measures = current_pack().measures.values()
    clauses = [
        {"row": c, "id": clause_id(row.ref, c.number),
         "measures": [m for m in measures if clause_id(row.ref, c.number) in m.clauses]}
        for c in row.clauses.all()
    ]  # fmt: skip
    context = {
        "row": row, "clauses": clauses, "may_edit": may_write(request, row), "history": history_of(row)[:30],
        "head": given.get("head") or DocumentForm(initial=head_of(row), pack=current_pack()),
        "moves": moves_of(row, request, given), "refusal": given.get("refusal"),
        "wrote": request.actor.person_id in row.writers and row.stage == Stage.IN_REVIEW,
    }  # fmt: skip
    return render(request, "policies/desk/paper.html", context, status=status)


def may_write(request: Request, row: RegisteredDocument) -> bool:
    """Whether the officer may write in it now."""
    return row.stage == Stage.DRAFT and may_draft.test(request.actor, row)


def moves_of(row: RegisteredDocument | Interpretation, request: Request, given: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps that are open, each with its form."""
    return [
        {"move": m, "form": given.get(m.verb) or (DAY_FORMS[m.verb](prefix=m.verb) if m.verb in DAY_FORMS else None)}
        for m in row.life.open_to(row, request.actor)
    ]


def head_of(row: RegisteredDocument) -> dict[str, object]:
    """The head as the form has it."""
    return {
        "title": row.title, "number": row.number, "kind": row.kind, "issuers": "、".join(row.issuers),
        "issued_on": row.issued_on, "themes": row.themes,
    }  # fmt: skip


def revision_of(request: Request) -> int:
    """The revision that the page was made from."""
    return figure_in(request.POST.get("revision", ""))


@page(permission=may_draft)
@once
@require_POST
def paper_head(request: Request, pk: int) -> HttpResponse:
    """Correct the head; or add a clause at the end."""
    row = found(request, pk)
    permit(may_draft, actor=request.actor, row=row)
    form = DocumentForm(request.POST, pack=current_pack())
    given: dict[str, Any] = {"document": row, "revision": revision_of(request), "actor": request.actor}
    if request.POST.get("do") == "add":
        try:
            clause = verbs.add_clause(after=None, **given)
        except Refused as refused:
            return shown(request, row, {"refusal": refused}, 409)
        return redirect("policies:desk_clause", clause.pk)
    if form.is_valid() and attempt(form, verbs.edit_document, values=form.cleaned_data, **given):
        return redirect("policies:desk_paper", pk)
    row.refresh_from_db()
    return shown(request, row, {"head": form}, 422)


@page(permission=may_draft)
@once
@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: Request, pk: int) -> HttpResponse:
    """One clause: correct, split, join to the one before, remove, or add one behind it."""
    sight = visible(RegisteredDocument, to=request.actor)
    row = get_object_or_404(RegisteredClause.objects.filter(document__in=sight).select_related("document"), pk=pk)
    permit(may_draft, actor=request.actor, row=row.document)
    initial = {name: getattr(row, name) for name in ("number", "level", "heading", "text", "kind")}
    form = ClauseForm(request.POST or None, initial=initial)
    status, refusal = 200, None
    if request.method == "POST":
        verb, given = clause_verb(request.POST.get("do", "save")), clause_given(request, row, form)
        try:
            done = verb(**given) if given is not None else None
        except Refused as refused:
            done, refusal = None, refused
            row.document.refresh_from_db()
        if done is not None:
            where = f"#c-{done.pk}" if isinstance(done, RegisteredClause) else ""
            return redirect(f"{reverse('policies:desk_paper', args=[row.document_id])}{where}")
        if refusal is not None and form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            refusal = None
        status = 422
    context = {
        "row": row,
        "form": form,
        "document": row.document,
        "sentences": verbs.sentences(row.text),
        "refusal": refusal,
    }
    return render(request, "policies/desk/clause.html", context, status=status)


def clause_verb(do: str) -> Callable[..., Any]:
    """The verb behind a button; what gives nothing back gives True."""
    known: dict[str, Callable[..., Any]] = {
        "split": verbs.split_clause, "merge": verbs.merge_clause, "add": added_behind, "remove": removed,
    }  # fmt: skip
    return known.get(do, verbs.edit_clause)


def added_behind(*, clause: RegisteredClause, revision: int, actor: Any) -> RegisteredClause:
    """An empty clause behind this one."""
    return verbs.add_clause(document=clause.document, after=clause, revision=revision, actor=actor)


def removed(*, clause: RegisteredClause, revision: int, actor: Any) -> bool:
    """Gone."""
    verbs.remove_clause(clause=clause, revision=revision, actor=actor)
    return True


def clause_given(request: Request, row: RegisteredClause, form: ClauseForm) -> dict[str, Any] | None:
    """What the verb takes; None where the form has to be mended first."""
    given: dict[str, Any] = {"clause": row, "revision": revision_of(request), "actor": request.actor}
    do = request.POST.get("do", "save")
    if do in {"merge", "add", "remove"}:
        return given
    if do == "split":
        return given | {"sentence": figure_in(request.POST.get("sentence", ""))}
    return given | {"values": form.cleaned_data} if form.is_valid() else None


@page(permission=may_author)
@once
@require_POST
def paper_move(request: Request, pk: int, verb: str) -> HttpResponse:
    """One step of a document's life."""
    row = found(request, pk)
    answer = moved(request, row, verb)
    return redirect("policies:desk_paper", pk) if answer is None else shown(request, row, answer[0], answer[1])


def moved(request: Request, row: Any, verb: str) -> tuple[dict[str, Any], int] | None:
    """Take the step; None when it was taken, else the forms to show again and the status."""
    permit(row.life.by_verb[verb].who, actor=request.actor, row=row)
    form = DAY_FORMS[verb](request.POST, prefix=verb) if verb in DAY_FORMS else None
    if form is not None and not form.is_valid():
        return {verb: form}, 422
    given = form.cleaned_data if form else {}
    try:
        if verb in {"publish", "retire"}:
            {"publish": publish_text, "retire": retire_text}[verb](row=row, actor=request.actor, **given)  # type: ignore[operator] # either takes either
        else:
            move_on(row=row, verb=verb, actor=request.actor, **given)
    except Refused as refused:
        row.refresh_from_db()
        if form is not None and refused.field in form.fields:
            form.add_error(refused.field, str(refused))
            return {verb: form}, 422
        return {"refusal": refused}, 409
    return None
