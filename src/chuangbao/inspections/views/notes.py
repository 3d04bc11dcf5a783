"""Guidance notes: the list of both sides, writing one, and one with what was written to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of, record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.inspections.domain.notes import move_note, write_note
from chuangbao.inspections.enums import NoteStage, NoteTopic
from chuangbao.inspections.forms import NoteForm, ReplyForm
from chuangbao.inspections.models import GuidanceNote, GuidanceReply
from chuangbao.inspections.permissions import may_guide, may_oversee, may_see_notes
from chuangbao.inspections.queries import find_notes
from chuangbao.inspections.ways import find_record_page
from chuangbao.inspections.workflow import NOTE
from chuangbao.spaces.models import Space

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["change_note", "give_notes", "list_notes", "new_note", "show_note"]

EACH = 20


@page(permission=may_see_notes)
@require_safe
def list_notes(request: Request) -> HttpResponse:
    """List the notes in sight: search, state, topic."""
    rows = find_notes(request.actor, request.GET)
    context = {
        "page": page_of(rows, request.GET.get("page"), each=EACH),
        "asked": {name: request.GET.get(name, "") for name in ("q", "stage", "topic", "space")},
        "stages": NoteStage.choices,
        "topics": NoteTopic.choices,
        "query": request.GET.urlencode(),
        "is_officer": may_oversee.test(request.actor),
    }
    return render(request, "inspections/notes.html", context)


@page(permission=may_see_notes)
@rate_limit("guidance-excel", rate="60/h")
@require_safe
def give_notes(request: Request) -> HttpResponse:
    """The same as an Excel workbook."""
    rows = list(find_notes(request.actor, request.GET)[:MOST])
    record(request.actor, "export", kind="inspections.guidancenote", data={"rows": len(rows)})
    head = [
        _("Space"),
        _("About"),
        _("Title of the note"),
        _("What you suggest, and why"),
        _("Office"),
        _("Written on"),
        _("An answer is welcome until"),
        _("State"),
    ]
    cells = (
        [
            row.space.name,
            str(row.get_topic_display()),
            row.title,
            row.body,
            row.agency.name,
            row.written_on,
            row.answer_by,
            str(row.get_stage_display()),
        ]
        for row in rows
    )
    return as_workbook("guidance", _("Guidance notes"), head, cells)


@page(permission=may_oversee)
@rate_limit("guidance", rate="120/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_note(request: Request, pk: int) -> HttpResponse:
    """Write guidance to a space of the area."""
    space = get_object_or_404(visible(Space, to=request.actor).select_related("operator"), pk=pk)
    permit(may_guide, actor=request.actor, row=space)
    form = NoteForm(request.POST or None)
    if done := attempt_filled(form, write_note, space=space, actor=request.actor):
        messages.success(request, _("Written. The operator has a notice."))
        return redirect("inspections:note", done.row.pk)
    data = {"form": form, "space": space}
    return render(request, "inspections/note_new.html", data, status=422 if form.errors else 200)


@page(permission=may_see_notes)
@require_safe
def show_note(request: Request, pk: int) -> HttpResponse:
    """Show a note and what both sides wrote to it."""
    return render(request, "inspections/note.html", describe_note(request, find_note(request, pk), ReplyForm()))


@page(permission=may_see_notes)
@rate_limit("guidance", rate="120/h")
@post_only("inspections:note", "pk")
@once
def change_note(request: Request, pk: int, verb: str) -> HttpResponse:
    """Answer a note, mark it as done, write back or withdraw it.

    Raises Http404 for a verb that its transitions do not have.
    """
    row = find_note(request, pk)
    if verb not in NOTE.by_verb:
        raise Http404(verb)
    form = ReplyForm(request.POST)
    if attempt_filled(form, move_note, note=row, verb=verb, actor=request.actor):
        messages.success(request, _("Saved. The other side has a notice."))
        return redirect("inspections:note", pk)
    return render(request, "inspections/note.html", describe_note(request, row, form), status=422)


def find_note(request: Request, pk: int) -> GuidanceNote:
    """Return a note in sight. Raises Http404."""
    rows = visible(GuidanceNote, to=request.actor).select_related("space__operator", "agency", "author")
    return get_object_or_404(rows, pk=pk)


def describe_note(request: Request, row: GuidanceNote, form: ReplyForm) -> dict[str, Any]:
    """What the page of a note shows."""
    replies = visible(GuidanceReply, to=request.actor).filter(note=row)
    return {
        "row": row,
        "moves": NOTE.open_to(row, request.actor),
        "form": form,
        "replies": replies.select_related("author").order_by("at", "pk"),
        "record_page": find_record_page(row, request.actor),
        "history": history_of(row),
    }
