"""Past grants: the list with its search and export, one grant, a form, and workbooks with many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of, record
from chuangbao.core.exports.excel import Sheet, as_workbook
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.awardforms import AwardForm, WithdrawForm, measure_choices
from chuangbao.facts.domain.awarding import read_awards, record_award, undo_awards, withdraw_award
from chuangbao.facts.forms import UploadForm
from chuangbao.facts.grants import award_search, list_awards, list_records
from chuangbao.facts.models import Award, Intake
from chuangbao.facts.permissions import may_correct, may_have_facts, may_import, may_list, may_see
from chuangbao.facts.words import benefit_words, measure_words

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from chuangbao.core.http.requests import Request

__all__ = ["award", "export", "list_grants", "new", "template", "undo", "upload"]

PAGE = 20


def is_office(request: Request) -> bool:
    """Whether an officer asks, who loads the grants of others."""
    return request.actor.capacity is Capacity.OFFICER


def column_words(*, office: bool = True) -> dict[str, str]:
    """The headings of a workbook of grants in the reader's language; own people need not say whom it is about."""
    found = {
        "measure": _("Measure"),
        "subject": _("Code or number of the subject"),
        "kind": _("Kind of benefit"),
        "level": _("Level of the grant"),
        "region": _("Region"),
        "granted_on": _("Granted on"),
        "period": _("Period"),
        "amount": _("Amount (yuan)"),
        "months": _("Months"),
        "since": _("Complete since"),
    }
    return {name: title for name, title in found.items() if office or name != "subject"}


@page(permission=may_have_facts | may_list)
@require_safe
def list_grants(request: Request) -> HttpResponseBase:
    """The grants in sight, searched and narrowed, and since when records are complete."""
    asked = award_search(request.GET)
    found = page_of(list_awards(request.actor, asked), request.GET.get("page"), each=PAGE)
    context = {
        "page": found,
        "rows": [(row, measure_words(row.measure)) for row in found],
        "asked": asked,
        "query": request.GET.urlencode(),
        "measures": measure_choices(),
        "narrowed": any(asked.values()),
        "records": [(row, measure_words(row.measure)) for row in list_records(request.actor)],
        "office": is_office(request),
        "may_load": may_import.test(request.actor),
    }
    return render(request, "facts/awards.html", context)


@page(permission=may_have_facts | may_list)
@require_GET
def export(request: Request) -> HttpResponseBase:
    """The same list as a workbook that can be loaded again."""
    rows = list(list_awards(request.actor, award_search(request.GET))[:MOST])
    head = [*column_words().values(), _("Name"), _("Source"), _("State")]
    record(request.actor, "export", kind="facts.award", data={"rows": len(rows)})
    return as_workbook("awards", _("Past grants"), head, (cells_of(row) for row in rows))


def cells_of(row: Award) -> list[object]:
    """One grant as a line."""
    firm = row.subject.organisation
    return [
        measure_words(row.measure),
        firm.code if firm is not None else row.subject_id,
        benefit_words(row.kind) if row.kind else "",
        str(row.get_level_display()),
        row.place_id or "",
        row.granted_on,
        row.period,
        row.amount,
        row.months,
        "",
        str(row.subject),
        str(row.get_source_display()),
        str(row.get_stage_display()),
    ]


@page(permission=may_import)
@rate_limit("award", rate="600/h")
@once
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Type one grant, or say since when a record is complete."""
    posted = request.method == "POST"
    chosen = {"measure": request.GET.get("measure", "")}
    form = AwardForm(request.POST if posted else None, actor=request.actor, initial=chosen)
    cells = form.cells() if posted and form.is_valid() else {}
    if attempt(form, record_award, cells=cells, actor=request.actor):
        messages.success(request, _("It is on record."))
        return redirect("facts:awards")
    return render(request, "facts/award_new.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=may_import)
@rate_limit("facts-import", rate="60/h")
@once
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request) -> HttpResponseBase:
    """Choose a workbook; it is read and checked, nothing is on record yet."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    done = attempt(form, read_awards, upload=request.FILES.get("file"), actor=request.actor)
    if done:
        return redirect("facts:checked", done.row.pk)
    before = visible(Intake, to=request.actor).filter(holds=Intake.Holds.AWARDS)[:10]
    context = {
        "form": form,
        "waiting": before,
        "columns": column_words(office=is_office(request)).values(),
        "office": is_office(request),
    }
    return render(request, "facts/award_import.html", context, status=422 if form.errors else 200)


@page(permission=may_import)
@require_GET
def template(request: Request) -> HttpResponseBase:
    """An empty workbook under the right headings, and a second sheet with every measure."""
    rows = [(title, name) for name, title in measure_choices()]
    measures = Sheet(_("Measures"), [_("Measure"), _("Id of the measure")], rows)
    head = list(column_words(office=is_office(request)).values())
    return as_workbook("awards-template", _("Past grants"), head, [], more=[measures])


@page(permission=may_import)
@post_only("facts:checked", "pk")
def undo(request: Request, pk: int) -> HttpResponseBase:
    """Take everything that a file brought off the record again."""
    intake = get_object_or_404(visible(Intake, to=request.actor).filter(holds=Intake.Holds.AWARDS), pk=pk)
    try:
        undo_awards(intake=intake, actor=request.actor)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("facts:checked", pk)


@page(permission=may_see)
@once
@require_http_methods(["GET", "HEAD", "POST"])
def award(request: Request, pk: int) -> HttpResponseBase:
    """One grant with its history, and a form to take it off the record."""
    rows = visible(Award, to=request.actor).select_related("subject__organisation", "subject__person", "place")
    row = get_object_or_404(rows, pk=pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        permit(may_correct, actor=request.actor, row=row)
        given = form.cleaned_data if form.is_valid() else {}
        if attempt(form, withdraw_award, award=row, actor=request.actor, **given):
            messages.success(request, _("It is off the record."))
            return redirect("facts:awards")
    context = {
        "row": row,
        "title": measure_words(row.measure),
        "kind": benefit_words(row.kind) if row.kind else "",
        "form": form if row.life.open_to(row, request.actor) else None,
        "history": history_of(row),
    }
    return render(request, "facts/award.html", context, status=422 if form.errors else 200)
