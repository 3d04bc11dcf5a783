"""Documents on the desk: bring one in, correct its tree, mark its clauses, hand it to a colleague, publish it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.authoring.domain import documents as verbs
from chuangbao.authoring.domain.authored import move_on, publish_text
from chuangbao.authoring.domain.bringing import bring_file, is_long, queue_file
from chuangbao.authoring.domain.comments import add_comment, marks_of
from chuangbao.authoring.domain.returned import find_reason, returned_of
from chuangbao.authoring.forms import (
    BringForm,
    ClauseForm,
    CommentForm,
    DocumentForm,
    ReasonForm,
    RetireForm,
    SubmitForm,
    TextPublishForm,
)
from chuangbao.authoring.permissions import may_author, may_draft
from chuangbao.authoring.remarks import by_clause, remarks_on
from chuangbao.authoring.views.comments import address_of, describe_form, threads_on
from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of, record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.http.requests import read_number
from chuangbao.core.models import FileStage
from chuangbao.core.storage.files import serve
from chuangbao.core.workflow.proposals import proposals_about, propose
from chuangbao.core.workflow.refusals import Refused
from chuangbao.gongwen import DocumentError
from chuangbao.policies.domain.offices import list_issuers_beyond
from chuangbao.policies.domain.overlay import clause_id
from chuangbao.policies.domain.reading import read_text
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import Interpretation, RegisteredClause, RegisteredDocument
from chuangbao.policies.readerwords import explain_document_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from chuangbao.core.http.requests import Request

__all__ = ["bring", "clause", "paper", "paper_comment", "paper_head", "paper_move", "paper_original", "papers"]

PAGE = 25
DAY_FORMS: dict[str, Callable[..., forms.Form]] = {
    "publish": TextPublishForm, "retire": RetireForm, "return": ReasonForm, "discard": ReasonForm, "submit": SubmitForm,
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
    return render(request, "authoring/papers.html", context)


@page(permission=may_draft)
@rate_limit("bring", rate="60/h")
@once
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Request) -> HttpResponse:
    """Read a document and keep it as a draft."""
    form = BringForm(request.POST, request.FILES) if request.method == "POST" else BringForm()
    if form.is_bound and form.is_valid():
        file, given = form.cleaned_data["file"], {"ref": form.cleaned_data["ref"], "actor": request.actor}
        if file and is_long(file):
            queued = attempt(form, queue_file, upload=file, **given)
            if queued:
                return redirect("core:job", queued.row.key)
        elif done := bring_read(form, given):
            return redirect("authoring:paper", done.pk)
    return render(request, "authoring/bring.html", {"form": form}, status=422 if form.errors else 200)


def bring_read(form: BringForm, given: dict[str, Any]) -> RegisteredDocument | None:
    """Read what the form brings and make a document of it; what is wrong is said beside its field."""
    file = form.cleaned_data["file"]
    try:
        if file:
            done = attempt(form, bring_file, upload=file, **given)
        else:
            text, parsed = read_text(form.cleaned_data["text"])
            done = attempt(form, verbs.bring_document, text=text, parsed=parsed, **given)
    except Refused as refusal:
        form.add_error("file" if file else "text", str(refusal))
    except DocumentError as error:
        form.add_error("file" if file else "text", explain_document_error(error, name=file.name if file else ""))
    else:
        return done.row if done else None
    return None


def found(request: Request, pk: int) -> RegisteredDocument:
    """The document within the officer's sight."""
    rows = visible(RegisteredDocument, to=request.actor).select_related("author", "reviewer", "original")
    return get_object_or_404(rows, pk=pk)


@page(permission=may_author)
@require_safe
def paper_original(request: Request, pk: int) -> HttpResponseBase:
    """Give the file that a document was read from to those who may see the document; the download is recorded.

    Raises Http404: the document was pasted, so that there is no file.
    """
    row = found(request, pk)
    if row.original is None:
        raise Http404
    if row.original.stage == FileStage.CLEAN:
        record(request.actor, "download_original", row, data={"file": row.original.pk})
    return serve(row.original, request)


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
    marks = marks_of(row)
    clauses = [
        {"row": c, "id": clause_id(row.ref, c.number), "mark": marks[c.pk],
         "measures": [m for m in measures if clause_id(row.ref, c.number) in m.clauses]}
        for c in row.clauses.all()
    ]  # fmt: skip
    history = list(history_of(row)[:30])
    context = {
        "row": row, "clauses": clauses, "may_edit": may_write(request, row), "history": history,
        "returned": returned_of(row), "beyond": list_issuers_beyond(row), "said_why": find_reason(history),
        "head": given.get("head") or DocumentForm(initial=head_of(row), pack=current_pack()),
        **steps_of(row, request, given),
        "wrote": request.actor.person_id in row.writers and row.stage == Stage.IN_REVIEW,
        **threads_on(request, row, marks),
        **describe_form(given.get("comment") or comment_form(marks, about=request.GET.get("about", ""))),
    }  # fmt: skip
    return render(request, "authoring/paper.html", context, status=status)


def comment_form(marks: dict[int, str], data: Any = None, *, about: str = "") -> CommentForm:
    """The form for a comment on the whole or on one clause, that of ``about`` chosen beforehand."""
    parts = [(str(pk), mark) for pk, mark in marks.items()]
    whole, chosen = gettext("The whole document"), {"clause": about}
    return CommentForm(data, prefix="comment", place="clause", whole=whole, parts=parts, initial=chosen)


@page(permission=may_author)
@once
@post_only("authoring:paper", "pk")
def paper_comment(request: Request, pk: int) -> HttpResponse:
    """Write a comment on a document or on one of its clauses, or answer one."""
    row = found(request, pk)
    form = comment_form(marks_of(row), request.POST)
    if form.is_valid():
        chosen = form.cleaned_data["clause"]
        given = form.cleaned_data | {"clause": row.clauses.get(pk=int(chosen)) if chosen else None}
        done = attempt(form, add_comment, row=row, actor=request.actor, **given)
        if done:
            first = done.row.answers or done.row
            return redirect(address_of(first, clause=request.POST.get("at") == "clause"))
    return shown(request, row, {"comment": form}, 422)


def may_write(request: Request, row: RegisteredDocument) -> bool:
    """Whether the officer may write in it now."""
    return row.stage == Stage.DRAFT and may_draft.test(request.actor, row)


def steps_of(row: RegisteredDocument | Interpretation, request: Request, given: dict[str, Any]) -> dict[str, Any]:
    """The steps that are open, each with its form, and what is proposed already."""
    proposals = proposals_about(row, request.actor)
    waiting = {"supersede", *(one.row.verb for one in proposals)}
    moves = [
        {"move": m, "form": given.get(m.verb) or form_of(m.verb, row)}
        for m in row.life.open_to(row, request.actor)
        if m.verb not in waiting
    ]
    return {"moves": moves, "proposals": proposals, "refusal": given.get("refusal")}


def form_of(verb: str, row: RegisteredDocument | Interpretation, data: Any = None) -> forms.Form | None:
    """What a step asks for; publishing shows the days that the draft says, an explanation begins today."""
    if verb not in DAY_FORMS or (verb == "submit" and not asks_why(row)):
        return None
    if verb != "publish":
        return DAY_FORMS[verb](data, prefix=verb)
    today = timezone.localdate() if isinstance(row, Interpretation) else None
    return TextPublishForm(data, prefix=verb, period=(row.valid_from or today, row.valid_to), seen=row.revision)


def asks_why(row: RegisteredDocument | Interpretation) -> bool:
    """Whether a text is handed on with a reason: a document with issuers beyond the office's area."""
    return isinstance(row, RegisteredDocument) and bool(list_issuers_beyond(row))


def head_of(row: RegisteredDocument) -> dict[str, object]:
    """The head as the form has it."""
    return {
        "title": row.title, "number": row.number, "kind": row.kind, "issuers": "、".join(row.issuers),
        "issued_on": row.issued_on, "valid_from": row.valid_from, "valid_to": row.valid_to, "themes": row.themes,
    }  # fmt: skip


def revision_of(request: Request) -> int:
    """The revision that the page was made from."""
    return read_number(request.POST.get("revision", ""))


@page(permission=may_draft)
@once
@post_only("authoring:paper", "pk")
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
        return redirect("authoring:clause", clause.pk)
    if form.is_valid() and attempt(form, verbs.edit_document, values=form.cleaned_data, **given):
        return redirect("authoring:paper", pk)
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
    initial = {name: getattr(row, name) for name in ("mark", "level", "heading", "text", "kind")}
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
            return redirect(f"{reverse('authoring:paper', args=[row.document_id])}{where}")
        if refusal is not None and form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            refusal = None
        status = 422
    context = {
        "row": row,
        "mark": marks_of(row.document)[row.pk],
        "form": form,
        "document": row.document,
        "sentences": verbs.sentences(row.text),
        "refusal": refusal,
        "may_comment": True,
        "comments": by_clause(remarks_on(row.document, marks_of(row.document))).get(row.pk, []),
    }
    return render(request, "authoring/clause.html", context, status=status)


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
        return given | {"sentence": read_number(request.POST.get("sentence", ""))}
    return given | {"values": form.cleaned_data} if form.is_valid() else None


@page(permission=may_author)
@once
@post_only("authoring:paper", "pk")
def paper_move(request: Request, pk: int, verb: str) -> HttpResponse:
    """One step of a document's life."""
    row = found(request, pk)
    answer = moved(request, row, verb)
    return redirect("authoring:paper", pk) if answer is None else shown(request, row, answer[0], answer[1])


def moved(request: Request, row: Any, verb: str) -> tuple[dict[str, Any], int] | None:
    """Take the step; None when it was taken, else the forms to show again and the status.

    Raises Http404 for a step that no page has.
    """
    if verb == "supersede" or verb not in row.life.by_verb:
        raise Http404
    permit(row.life.by_verb[verb].who, actor=request.actor, row=row)
    form = form_of(verb, row, request.POST)
    if form is not None and not form.is_valid():
        return {verb: form}, 422
    given = form.cleaned_data if form else {}
    try:
        if verb == "publish":
            publish_text(row=row, actor=request.actor, **given)
        elif verb == "retire":
            propose(row, verb, actor=request.actor, **given)
        else:
            move_on(row=row, verb=verb, actor=request.actor, **given)
    except Refused as refused:
        row.refresh_from_db()
        if form is not None and refused.field in form.fields:
            form.add_error(refused.field, str(refused))
            return {verb: form}, 422
        return {"refusal": refused}, 409
    return None
