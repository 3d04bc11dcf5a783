"""Upgrade plans: the list of both sides, planning, milestones with evidence, finishing and dropping."""

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
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.storage.files import serve
from chuangbao.inspections.domain.upgrades import (
    add_plan_milestone,
    move_upgrade,
    plan_upgrade,
    reach_plan_milestone,
)
from chuangbao.inspections.enums import PlanStage
from chuangbao.inspections.forms import EmptyForm, MilestoneDueForm, MilestoneReachForm, UpgradeForm
from chuangbao.inspections.models import PlanMilestone, UpgradePlan
from chuangbao.inspections.permissions import is_member, may_answer, may_see_notes
from chuangbao.inspections.queries import find_plans
from chuangbao.inspections.workflow import UPGRADE
from chuangbao.spaces.models import Space

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from chuangbao.core.http.requests import Request

__all__ = ["change_plan", "give_evidence", "give_plans", "list_plans", "new_plan", "reach", "show_plan"]

EACH = 20


@page(permission=may_see_notes)
@require_safe
def list_plans(request: Request) -> HttpResponse:
    """List the plans of the actor's spaces, or those of the area that began."""
    context = {
        "page": page_of(find_plans(request.actor, request.GET), request.GET.get("page"), each=EACH),
        "asked": {name: request.GET.get(name, "") for name in ("q", "stage")},
        "stages": PlanStage.choices,
        "query": request.GET.urlencode(),
    }
    return render(request, "inspections/plans.html", context)


@page(permission=may_see_notes)
@rate_limit("upgrades-excel", rate="60/h")
@require_safe
def give_plans(request: Request) -> HttpResponse:
    """The same as an Excel workbook."""
    rows: list[Any] = list(find_plans(request.actor, request.GET)[:MOST])
    record(request.actor, "export", kind="inspections.upgradeplan", data={"rows": len(rows)})
    head = [
        _("Space"),
        _("Upgrade plan"),
        _("State"),
        _("Begins on"),
        _("To be reached until"),
        _("Milestones reached"),
        _("Milestones planned"),
    ]
    cells = (
        [r.space.name, str(r), str(r.get_stage_display()), r.starts_on, r.due_on, r.reached, r.planned] for r in rows
    )
    return as_workbook("upgrades", _("Upgrade plans"), head, cells)


@page(permission=is_member)
@rate_limit("new-upgrade", rate="60/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_plan(request: Request, pk: int) -> HttpResponse:
    """Plan to turn a space of the organisation into another kind."""
    space = get_object_or_404(visible(Space, to=request.actor), pk=pk)
    permit(may_answer, actor=request.actor, row=space)
    form = UpgradeForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if done := attempt_filled(form, plan_upgrade, space=space, actor=request.actor):
        messages.success(request, _("Planned. Add milestones, then begin."))
        return redirect("inspections:plan", done.row.pk)
    data = {"form": form, "space": space}
    return render(request, "inspections/plan_new.html", data, status=422 if form.errors else 200)


def find_plan(request: Request, pk: int) -> UpgradePlan:
    """Return a plan in sight. Raises Http404."""
    return get_object_or_404(visible(UpgradePlan, to=request.actor).select_related("space__operator"), pk=pk)


@page(permission=may_see_notes)
@require_safe
def show_plan(request: Request, pk: int) -> HttpResponse:
    """Show a plan, how far it is, and what can be done now."""
    return render(request, "inspections/plan.html", describe_plan(request, find_plan(request, pk)))


@page(permission=is_member)
@rate_limit("upgrade", rate="120/h")
@post_only("inspections:plan", "pk")
@once
def change_plan(request: Request, pk: int, verb: str) -> HttpResponse:
    """Add a milestone, begin, finish or drop a plan. Raises Http404 for another verb."""
    row = find_plan(request, pk)
    if verb == "milestone":
        form: Any = MilestoneDueForm(request.POST, auto_id="milestone-%s")
        done = attempt_filled(form, add_plan_milestone, plan=row, actor=request.actor)
    elif verb in UPGRADE.by_verb:
        form, reason = EmptyForm(request.POST), request.POST.get("reason", "")[:300]
        done = attempt(form, move_upgrade, plan=row, verb=verb, actor=request.actor, reason=reason)
    else:
        raise Http404(verb)
    if done:
        messages.success(request, _("Saved."))
        return redirect("inspections:plan", pk)
    return render(request, "inspections/plan.html", describe_plan(request, row, **{verb: form}), status=422)


@takes_files
@page(permission=is_member)
@rate_limit("upgrade", rate="120/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def reach(request: Request, pk: int, milestone: int) -> HttpResponse:
    """Say since when a milestone is reached, and what shows it."""
    row = find_plan(request, pk)
    permit(may_answer, actor=request.actor, row=row)
    found = get_object_or_404(visible(PlanMilestone, to=request.actor).filter(plan=row), pk=milestone)
    found.plan = row
    form = MilestoneReachForm(request.POST or None, request.FILES or None, initial={"reached_on": timezone.localdate()})
    if attempt_filled(form, reach_plan_milestone, milestone=found, actor=request.actor):
        messages.success(request, _("Reached."))
        return redirect("inspections:plan", pk)
    data = {"form": form, "row": row, "milestone": found}
    return render(request, "inspections/plan_reach.html", data, status=422 if form.errors else 200)


@page(permission=may_see_notes)
@rate_limit("upgrade-file", rate="240/h")
@require_safe
def give_evidence(request: Request, pk: int, milestone: int) -> HttpResponseBase:
    """Give the file that shows a milestone to either side. Raises Http404 where there is none."""
    row = find_plan(request, pk)
    found = get_object_or_404(visible(PlanMilestone, to=request.actor).filter(plan=row), pk=milestone)
    if found.file is None:
        raise Http404
    return serve(found.file, request, about={"organisation": row.space.operator_id, "reason": "upgrade plan"})


def describe_plan(request: Request, row: UpgradePlan, **bound: Any) -> dict[str, Any]:
    """What the page of a plan shows."""
    return {
        "row": row,
        "milestones": visible(PlanMilestone, to=request.actor).filter(plan=row),
        "moves": UPGRADE.open_to(row, request.actor),
        "refused": next((form for verb, form in bound.items() if verb != "milestone"), None),
        "form": bound.get("milestone") or MilestoneDueForm(auto_id="milestone-%s"),
        "may_change": may_answer.test(request.actor, row) and row.stage in {PlanStage.DRAFT, PlanStage.RUNNING},
        "history": history_of(row),
    }
