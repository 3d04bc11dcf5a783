"""Explanations (解读) and answered questions (问答) on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.authoring.domain.interpretations import begin_interpretation, revise_interpretation, save_interpretation
from chuangbao.authoring.domain.returned import returned_of
from chuangbao.authoring.forms import InterpretationForm
from chuangbao.authoring.permissions import may_author, may_draft
from chuangbao.authoring.views.papers import moved, revision_of, steps_of
from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import Interpretation

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["new_note", "note", "note_move", "note_revise", "notes"]

PAGE = 25


@page(permission=may_author)
@require_safe
def notes(request: Request) -> HttpResponse:
    """What the desk explains."""
    rows = visible(Interpretation, to=request.actor).exclude(stage=Stage.DISCARDED).order_by("-pk")
    stage = request.GET.get("stage", "")
    rows = rows.filter(stage=stage) if stage in Stage.values else rows
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "stage": stage,
        "stages": Stage.choices,
        "may_draft": may_draft.test(request.actor),
    }
    return render(request, "authoring/notes.html", context)


@page(permission=may_draft)
@once
@require_http_methods(["GET", "HEAD", "POST"])
def new_note(request: Request) -> HttpResponse:
    """Begin one."""
    form = InterpretationForm(
        request.POST or None, pack=current_pack(), initial={"place": request.GET.get("place", "")}
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(form, begin_interpretation, values=form.values(), actor=request.actor)
        if done:
            return redirect("authoring:note", done.row.pk)
    return render(request, "authoring/note.html", context_of(None, form, request), status=422 if form.errors else 200)


def found(request: Request, pk: int) -> Interpretation:
    """The one within the officer's sight."""
    rows = visible(Interpretation, to=request.actor).select_related("author", "reviewer")
    return get_object_or_404(rows, pk=pk)


def context_of(row: Interpretation | None, form: InterpretationForm, request: Request, **given: Any) -> dict[str, Any]:
    """What the page shows."""
    return {
        "row": row, "form": form, **(steps_of(row, request, given) if row else {}),
        "may_edit": row is None or (row.stage == Stage.DRAFT and may_draft.test(request.actor, row)),
        "may_revise": row is not None and row.stage == Stage.IN_FORCE and may_draft.test(request.actor, row),
        "history": history_of(row)[:30] if row else [],
        "returned": returned_of(row) if row else None,
        "wrote": row is not None and request.actor.person_id in row.writers and row.stage == Stage.IN_REVIEW,
    }  # fmt: skip


def form_of(row: Interpretation, data: Any = None) -> InterpretationForm:
    """The form of one."""
    place = f"{row.document} {row.clause}".strip()
    initial = {"sort": row.sort, "place": place, "title": row.title, "body": row.body}
    return InterpretationForm(data, pack=current_pack(), initial=initial)


@page(permission=may_author)
@once
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: Request, pk: int) -> HttpResponse:
    """Read it, and write in it while it is a draft."""
    row = found(request, pk)
    form = form_of(row, request.POST or None)
    status = 200
    if request.method == "POST":
        permit(may_draft, actor=request.actor, row=row)
        given = {"row": row, "revision": revision_of(request), "actor": request.actor}
        if form.is_valid() and attempt(form, save_interpretation, values=form.values(), **given):
            return redirect("authoring:note", pk)
        status = 422
        row.refresh_from_db()
    return render(request, "authoring/note.html", context_of(row, form, request), status=status)


@page(permission=may_author)
@once
@post_only("authoring:note", "pk")
def note_move(request: Request, pk: int, verb: str) -> HttpResponse:
    """One step of its life."""
    row = found(request, pk)
    answer = moved(request, row, verb)
    if answer is None:
        return redirect("authoring:note", pk)
    return render(request, "authoring/note.html", context_of(row, form_of(row), request, **answer[0]), status=answer[1])


@page(permission=may_draft)
@once
@post_only("authoring:note", "pk")
def note_revise(request: Request, pk: int) -> HttpResponse:
    """A draft to take its place."""
    row = found(request, pk)
    try:
        draft = revise_interpretation(row=row, actor=request.actor)
    except Refused as refused:
        context = context_of(row, form_of(row), request, refusal=refused)
        return render(request, "authoring/note.html", context, status=409)
    return redirect("authoring:note", draft.pk)
