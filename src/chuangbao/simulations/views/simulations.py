"""Simulations: the list, how one begins, its page, running it, and what it takes along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.current import current_pack
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.localization.formatting import text
from chuangbao.core.localization.width import narrow
from chuangbao.core.workflow.refusals import Refused
from chuangbao.rules.changes import changes
from chuangbao.rules.variants import VariantError
from chuangbao.simulations.domain.simulate import run_simulation
from chuangbao.simulations.domain.simulations import (
    begin_ceiling_example,
    begin_simulation,
    change_simulation,
    copy_simulation,
    default_day,
    read_variant,
)
from chuangbao.simulations.forms import NewSimulationForm, SettingsForm
from chuangbao.simulations.models import MOST_VARIANTS, Simulation
from chuangbao.simulations.permissions import may_change_simulation, may_simulate
from chuangbao.simulations.results import charts_of, shown_result, table_of

if TYPE_CHECKING:
    from uuid import UUID

    from chuangbao.core.http.requests import Request
    from chuangbao.rules.model import Measure

__all__ = [
    "copy", "example", "export", "figures", "found", "new_simulation", "run", "settings", "simulation", "simulations",
]  # fmt: skip

PAGE, LISTED = 25, 20


def found(request: Request, key: UUID) -> Simulation:
    """A simulation in sight of the actor."""
    return get_object_or_404(visible(Simulation, to=request.actor).select_related("author", "job"), key=key)


@page(permission=may_simulate)
@require_safe
def simulations(request: Request) -> HttpResponse:
    """List the simulations (政策模拟) of the actor and their colleagues."""
    rows = visible(Simulation, to=request.actor).select_related("author").order_by("-created_at", "-pk")
    words = narrow(request.GET.get("q", "")).strip()[:100]
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")), "text": words,
        "measures": matching(words) if words else [],
    }  # fmt: skip
    return render(request, "simulations/list.html", context)


def matching(words: str) -> list[Measure]:
    """Measures that a simulation can be about; what an officer decides is not worked out."""
    held = [m for m in current_pack().measures.values() if any(v.manual is None for v in m.versions)]
    return [m for m in held if words in m.title.zh or words in m.id or words in m.clauses][:LISTED]


@page(permission=may_simulate)
@once
@require_http_methods(["GET", "HEAD", "POST"])
def new_simulation(request: Request, ref: str) -> HttpResponse:
    """Begin a simulation of a measure.

    Raises Http404 where the pack has no such measure.
    """
    measure = current_pack().measures.get(ref)
    if measure is None:
        raise Http404
    today = timezone.localdate()
    version = current_pack().versions.get(request.GET.get("version", ""), (None, None))[1]
    version = version or measure.version_at(today) or measure.versions[-1]
    initial = {"version": version.version, "title": text(measure.title), "day": default_day(version, today)}
    form = NewSimulationForm(request.POST or None, measure=measure, initial=initial)
    done = attempt_filled(form, begin_simulation, measure=ref, actor=request.actor)
    if done:
        return redirect("simulations:simulation", done.row.key)
    return render(
        request, "simulations/new.html", {"form": form, "measure": measure}, status=422 if form.errors else 200
    )


@page(permission=may_simulate)
@require_safe
def simulation(request: Request, key: UUID) -> HttpResponse:
    """One simulation: what is asked, and what came of it."""
    return shown(request, found(request, key))


def shown(request: Request, row: Simulation, form: SettingsForm | None = None, status: int = 200) -> HttpResponse:
    """The page of a simulation."""
    mine = may_change_simulation.test(request.actor, row)
    measure = current_pack().measures.get(row.measure)
    variants = variants_of(row)
    context = {
        "row": row, "mine": mine, "measure": measure, "variants": variants, "most": MOST_VARIANTS,
        "form": form or SettingsForm(instance=row), "result": shown_result(row) if row.result else None,
        "base": current_pack().versions.get(row.version, (None, None))[1],
        "job": row.job if row.job and not row.job.over else None,
        "failed": row.job if row.job and row.job.over else None,
    }  # fmt: skip
    return render(request, "simulations/simulation.html", context, status=status)


def variants_of(row: Simulation) -> list[dict[str, Any]]:
    """Each variant with what it changes, in words; ``lost`` where it no longer holds together."""
    listed = []
    base = current_pack().versions.get(row.version, (None, None))[1]
    for variant in row.variants.order_by("number"):
        day = variant.day or row.day
        try:
            new = read_variant(row.measure, variant.version, variant.changes, day).versions[0]
        except (Refused, VariantError):
            listed.append({"row": variant, "day": day, "lost": True, "changes": []})
            continue
        differs = changes(base, new) if base else []
        listed.append({"row": variant, "day": day, "lost": False, "changes": differs})
    return listed


@page(permission=may_simulate)
@post_only("simulations:simulation", "key")
def settings(request: Request, key: UUID) -> HttpResponse:
    """Another name, day or budget."""
    row = found(request, key)
    permit(may_change_simulation, actor=request.actor, row=row)
    form = SettingsForm(request.POST, instance=row)
    if form.is_valid():
        change_simulation(simulation=row, actor=request.actor, **form.cleaned_data)
        return redirect("simulations:simulation", key)
    return shown(request, found(request, key), form, 422)


@page(permission=may_simulate)
@post_only("simulations:simulation", "key")
@once
def run(request: Request, key: UUID) -> HttpResponse:
    """Work it out; what takes long goes to the worker and shows its progress."""
    row = found(request, key)
    permit(may_change_simulation, actor=request.actor, row=row)
    try:
        job = run_simulation(simulation=row, actor=request.actor)
    except Refused as refused:
        messages.error(request, str(refused))
        job = None
    return redirect("core:job", job.key) if job else redirect("simulations:simulation", key)


@page(permission=may_simulate)
@post_only("simulations:simulation", "key")
@once
def copy(request: Request, key: UUID) -> HttpResponse:
    """Go on from a copy."""
    row = copy_simulation(simulation=found(request, key), actor=request.actor)
    return redirect("simulations:simulation", row.key)


@page(permission=may_simulate)
@post_only("simulations:simulations")
@once
def example(request: Request) -> HttpResponse:
    """The seeds' own example, made and worked out in one step."""
    try:
        row = begin_ceiling_example(actor=request.actor)
        job = run_simulation(simulation=row, actor=request.actor)
    except Refused as refused:
        messages.error(request, _("The example cannot be shown here: %s") % refused)
        return redirect("simulations:simulations")
    return redirect("core:job", job.key) if job else redirect("simulations:simulation", row.key)


@page(permission=may_simulate)
@require_safe
def figures(request: Request, key: UUID) -> JsonResponse:
    """Return what the charts are drawn from, as JSON.

    Raises Http404 before there is a result.
    """
    row = found(request, key)
    if row.result is None:
        raise Http404
    return JsonResponse(charts_of(row))


@page(permission=may_simulate)
@require_safe
def export(request: Request, key: UUID) -> HttpResponse:
    """Return all figures as a workbook.

    Raises Http404 before there is a result.
    """
    row = found(request, key)
    if row.result is None:
        raise Http404
    return as_workbook("simulation", _("Simulation"), *table_of(row))
