"""Visits: the list of both sides, one with what was found, recording it, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of, record
from chuangbao.core.exports.excel import Sheet, as_workbook
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.storage.files import serve
from chuangbao.inspections.domain.visits import (
    add_photo,
    answer_visit,
    call_off,
    close_visit,
    plan_visit,
    record_visit,
    send_back,
)
from chuangbao.inspections.enums import VisitStage
from chuangbao.inspections.forms import AnswerForm, BackForm, CallOffForm, CloseForm, PhotoForm, PlanForm, RecordForm
from chuangbao.inspections.models import Finding, Visit, VisitFile
from chuangbao.inspections.permissions import (
    is_inspector,
    may_answer,
    may_guide,
    may_inspect,
    may_oversee,
    may_see_notes,
)
from chuangbao.inspections.queries import find_visits

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from chuangbao.core.http.requests import Request

__all__ = ["change_visit", "fill_record", "give_file", "give_visits", "list_visits", "show_visit"]

EACH = 20
VERBS: dict[str, tuple[type[Form], Callable[..., Any]]] = {
    "plan": (PlanForm, plan_visit),
    "photo": (PhotoForm, add_photo),
    "answer": (AnswerForm, answer_visit),
    "send_back": (BackForm, send_back),
    "close": (CloseForm, close_visit),
    "call_off": (CallOffForm, call_off),
}


@page(permission=may_see_notes)
@require_safe
def list_visits(request: Request) -> HttpResponse:
    """List the visits of the area, or those to the actor's own spaces that took place."""
    rows = find_visits(request.actor, request.GET)
    context = {
        "page": page_of(rows, request.GET.get("page"), each=EACH),
        "asked": {name: request.GET.get(name, "") for name in ("q", "stage", "sort")},
        "stages": VisitStage.choices,
        "sorts": [("term", _("To be mended first")), ("space", _("By space"))],
        "query": request.GET.urlencode(),
        "is_officer": may_oversee.test(request.actor),
    }
    return render(request, "inspections/visits.html", context)


@page(permission=may_see_notes)
@rate_limit("visits-excel", rate="60/h")
@require_safe
def give_visits(request: Request) -> HttpResponse:
    """The same as an Excel workbook; on a second sheet what was found of each item."""
    rows = list(find_visits(request.actor, request.GET)[:MOST])
    record(request.actor, "export", kind="inspections.visit", data={"rows": len(rows)})
    head = [
        _("Draw of visits"),
        _("Space"),
        _("State"),
        _("Planned for"),
        _("Day of the visit"),
        _("Place of the visit"),
        _("What was found"),
        _("To be mended until"),
        _("Handed on to"),
        _("Ended on"),
    ]
    cells = (
        [
            row.draw.title,
            row.space.name,
            str(row.get_stage_display()),
            row.planned_on,
            row.visited_on,
            row.place,
            row.summary,
            row.mend_by,
            row.handed_to,
            row.ended_on,
        ]
        for row in rows
    )
    more = [list_findings(request, rows)]
    return as_workbook("visits", _("Inspections"), head, cells, more=more)


def list_findings(request: Request, visits: list[Visit]) -> Sheet:
    """Return a sheet of what was found of each item of some visits, in their order."""
    place = {row.pk: n for n, row in enumerate(visits)}
    found = visible(Finding, to=request.actor).filter(visit__in=place).select_related("visit__space", "visit__draw")
    rows = [
        [
            one.visit.draw.title,
            one.visit.space.name,
            one.visit.visited_on,
            str(one.get_item_display()),
            str(one.get_outcome_display()),
            one.note,
        ]
        for one in sorted(found, key=lambda one: (place[one.visit_id], one.pk))
    ]
    head = [_("Draw of visits"), _("Space"), _("Day of the visit"), _("Item"), _("Found"), _("Note")]
    return Sheet(_("What was found"), head, rows)


def find_visit(request: Request, pk: int) -> Visit:
    """Return a visit in sight. Raises Http404."""
    rows = visible(Visit, to=request.actor).select_related("space__operator", "draw__agency")
    row = get_object_or_404(rows.prefetch_related("inspectors__post__person"), pk=pk)
    if not (may_answer.test(request.actor, row) or (may_oversee.test(request.actor) and row.region_id)):
        raise Http404
    if may_oversee.test(request.actor) and not request.actor.covers(row.region_id):
        raise Http404
    return row


@page(permission=may_see_notes)
@require_safe
def show_visit(request: Request, pk: int) -> HttpResponse:
    """Show a visit, what was found, and what can be done now."""
    return render(request, "inspections/visit.html", describe_visit(request, find_visit(request, pk)))


@page(permission=may_oversee)
@rate_limit("visit", rate="240/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def fill_record(request: Request, pk: int) -> HttpResponse:
    """Put on record what was found, item by item, with time and place."""
    row = find_visit(request, pk)
    permit(may_inspect, actor=request.actor, row=row)
    now = timezone.localtime()
    site = row.space.sites.filter(until=None).order_by("-is_main", "pk").first()
    start = {"visited_on": now.date(), "visited_time": now.time(), "place": site.address if site else ""}
    form = RecordForm(request.POST or None, initial=start)
    if form.is_valid() and attempt(form, record_visit, visit=row, actor=request.actor, **form.read_given()):
        messages.success(request, _("On record. The operator has a notice. Now add the photographs."))
        return redirect("inspections:visit", pk)
    data = {"form": form, "row": row}
    return render(request, "inspections/visit_record.html", data, status=422 if form.errors else 200)


@takes_files
@page(permission=may_see_notes)
@rate_limit("visit", rate="240/h")
@post_only("inspections:visit", "pk")
@once
def change_visit(request: Request, pk: int, verb: str) -> HttpResponse:
    """Plan a visit, add a photograph, answer, send back, close or call it off. Raises Http404 for another verb."""
    row = find_visit(request, pk)
    if verb not in VERBS:
        raise Http404(verb)
    kind, act = VERBS[verb]
    form = kind(request.POST, request.FILES, auto_id=f"{verb}-%s")
    if attempt_filled(form, act, visit=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("inspections:visit", pk)
    return render(request, "inspections/visit.html", describe_visit(request, row, **{verb: form}), status=422)


@page(permission=may_see_notes)
@rate_limit("visit-file", rate="240/h")
@require_safe
def give_file(request: Request, pk: int, file: int) -> HttpResponseBase:
    """Give a photograph or proof to either side; each reading is put on record."""
    row = find_visit(request, pk)
    kept = get_object_or_404(visible(VisitFile, to=request.actor).filter(visit=row).select_related("file"), pk=file)
    return serve(kept.file, request, about={"organisation": row.space.operator_id, "reason": "inspection"})


def list_verbs(row: Visit, *, guides: bool, inspects: bool, runs: bool) -> list[str]:
    """Return what an actor may do to a visit now, who guides, inspects or runs the space."""
    stage = VisitStage(row.stage)
    found = []
    if guides:
        found += {VisitStage.PLANNED: ["plan", "call_off"], VisitStage.MENDED: ["close", "send_back"]}.get(stage, [])
    if inspects and stage not in {VisitStage.CLOSED, VisitStage.CALLED_OFF, VisitStage.PLANNED}:
        found.append("photo")
    if runs and stage == VisitStage.MENDING:
        found.append("answer")
    return found


def describe_visit(request: Request, row: Visit, **bound: Form) -> dict[str, Any]:
    """What the page of a visit shows."""
    actor, start = request.actor, {"planned_on": row.planned_on, "mend_by": row.mend_by}
    guides = may_guide.test(actor, row)
    inspects = guides and is_inspector.test(actor, row)
    forms = {
        verb: bound.get(verb) or VERBS[verb][0](auto_id=f"{verb}-%s", initial=start)
        for verb in list_verbs(row, guides=guides, inspects=inspects, runs=may_answer.test(actor, row))
    }
    return {
        "row": row,
        "forms": forms,
        "may_record": inspects and row.stage == VisitStage.PLANNED,
        "findings": visible(Finding, to=request.actor).filter(visit=row),
        "files": visible(VisitFile, to=request.actor).filter(visit=row).select_related("file"),
        "history": history_of(row),
    }
