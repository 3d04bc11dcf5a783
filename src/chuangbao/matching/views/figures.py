"""Runs: the list, the button, one run with its progress, its figures by measure and county, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.localization.formatting import text, unit_words
from chuangbao.core.models import Job
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.words import label
from chuangbao.matching import queries
from chuangbao.matching.domain.correcting import reason_of
from chuangbao.matching.domain.starting import start_run
from chuangbao.matching.models import Entitlement, PopulationRun
from chuangbao.matching.permissions import may_run, may_see_entitled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["begin", "run", "run_export", "run_facts", "run_measure", "runs"]

PAGE, AGAIN = 20, 2
JOB = "how far a run is, for whoever sees the run"


@page(permission=may_run)
@require_safe
def runs(request: Request) -> HttpResponse:
    """政策找企业: every run, the newest first, and the button."""
    rows = visible(PopulationRun, to=request.actor).select_related("person").order_by("-pk")
    found = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    jobs = unscoped(Job, because=JOB).in_bulk([row.job_id for row in found if row.job_id])
    return render(request, "matching/list.html", {"page": found, "rows": [(r, jobs.get(r.job_id)) for r in found]})


@page(permission=may_run)
@post_only("matching:runs")
@once
def begin(request: Request) -> HttpResponse:
    """The button."""
    try:
        return redirect("matching:run", start_run(actor=request.actor).pk)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("matching:runs")


def in_sight(request: Request, pk: int) -> PopulationRun:
    """A run that the actor may see, or 404."""
    return get_object_or_404(visible(PopulationRun, to=request.actor).select_related("person"), pk=pk)


def region_of(request: Request) -> str:
    """Return the county that the address asks for, if it is in the area."""
    wanted = request.GET.get("region", "")
    return wanted if wanted in dict(queries.places(request.actor)) else ""


@page(permission=may_run)
@require_safe
def run(request: Request, pk: int) -> HttpResponse:
    """One run: looks again every two seconds until it is over, then its figures."""
    row = in_sight(request, pk)
    job = unscoped(Job, because=JOB).filter(run=row).first()
    going = job is not None and not job.over
    region = region_of(request)
    lines = queries.by_measure(row, request.actor, region) if row.finished_at else []
    context = {
        "run": row, "job": job, "going": going, "own": job is not None and job.person_id == request.actor.person_id,
        "lines": lines, "places": queries.places(request.actor), "region": region, "seconds": round(row.seconds, 1),
        "share": f"{row.rejudged / row.pairs:.4%}" if row.pairs else "", "names": may_see_entitled.test(request.actor),
        "declined": queries.declined_by_reason(request.actor),
        "corrected": named_corrections(row, request) if row.finished_at else [],
    }  # fmt: skip
    answer = render(request, "matching/run.html", context)
    if going:
        answer["Refresh"] = str(AGAIN)
    return answer


def named_corrections(row: PopulationRun, request: Request) -> list[tuple[Entitlement, str, str]]:
    """List who was misinformed in the area, with the measure's name and what was wrong; none without the right."""
    if not may_see_entitled.test(request.actor):
        return []
    measures = current_pack().measures
    rows = queries.corrected(row, request.actor)
    whys = {version: reason_of(version) for version in {row.version for row in rows}}
    return [(r, text(measures[r.measure].title) if r.measure in measures else r.measure, whys[r.version]) for r in rows]


@page(permission=may_run)
@require_safe
def run_measure(request: Request, pk: int, ref: str) -> HttpResponse:
    """Show one measure in each county of the area.

    Raises Http404 where the pack has no such measure, or the run is out of sight.
    """
    row, measure = in_sight(request, pk), current_pack().measures.get(ref)
    if measure is None:
        raise Http404
    context = {
        "run": row, "measure": measure, "lines": queries.by_county(row, request.actor, ref),
        "names": may_see_entitled.test(request.actor), "declined": queries.declined_by_reason(request.actor, ref),
    }  # fmt: skip
    return render(request, "matching/measure.html", context)


@page(permission=may_run)
@require_safe
def run_facts(request: Request, pk: int) -> HttpResponse:
    """缺失事实的价值: what is worth collecting."""
    row, region = in_sight(request, pk), region_of(request)
    context = {
        "run": row, "rows": queries.worth(row, request.actor, region), "region": region,
        "places": queries.places(request.actor),
    }  # fmt: skip
    return render(request, "matching/facts.html", context)


@page(permission=may_run)
@require_GET
def run_export(request: Request, pk: int) -> HttpResponse:
    """The figures by measure as a workbook, and the missing facts where they are asked for."""
    row, region = in_sight(request, pk), region_of(request)
    if request.GET.get("what") == "facts":
        head, rows = fact_rows(row, request, region)
    else:
        head, rows = measure_rows(row, request, region)
    record(request.actor, "export", row, data={"rows": len(rows)})
    return as_workbook(f"run-{row.pk}", _("Run of %(day)s") % {"day": row.day}, head, rows)


def measure_rows(row: PopulationRun, request: Request, region: str) -> tuple[list[str], list[list[object]]]:
    """Measures with their figures."""
    head = [
        _("Number of the measure"), _("Measure"), _("Conditions met"), _("One condition away"), _("Undecided"),
        _("Not at present"), _("Amount"), _("Under ceilings"), _("Unit"), _("New since the last run"),
        _("No longer"), _("Told"),
    ]  # fmt: skip
    return head, [
        [line.key, line.title, *numbers(line.figures), *sums(line), unit_words(line.unit),
         line.figures["gained"], line.figures["lost"], line.told]
        for line in queries.by_measure(row, request.actor, region)
    ]  # fmt: skip


def sums(line: queries.Line) -> list[object]:
    """The amount, and what is paid of it; nothing where the page has a dash."""
    return [line.amount, line.payable] if line.figures["cents"] else [None, None]


def numbers(figures: Mapping[str, int]) -> list[int]:
    """How many by verdict."""
    return [figures[name] for name in ("eligible", "near", "undetermined", "refused")]


def fact_rows(row: PopulationRun, request: Request, region: str) -> tuple[list[str], list[list[object]]]:
    """Missing facts with what they keep open."""
    head = [_("Fact"), _("Subjects"), _("Cases that wait for it"), _("Decided by it alone"), _("Yuan at stake")]
    return head, [
        [label(one.fact), one.subjects, one.pairs, one.alone, one.amount]
        for one in queries.worth(row, request.actor, region)
    ]
