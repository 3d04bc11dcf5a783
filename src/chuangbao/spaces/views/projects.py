"""Streets and parks of the regions (3.2): the public register of projects, and what officers and operators do in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.permissions import page, permit, public
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of, record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.http.requests import read_number
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.domain.projects import (
    PROJECT_FIELDS,
    add_milestone,
    claim_membership,
    create_project,
    enter_member,
    find_candidates,
    move_member,
    move_project,
    reach_milestone,
    read_boundary,
    update_project,
)
from chuangbao.spaces.enums import MemberStage, SpaceStage
from chuangbao.spaces.forms import (
    ClaimForm,
    MilestoneForm,
    ProjectForm,
    ProjectReasonForm,
    ProjectSearchForm,
    ReachForm,
)
from chuangbao.spaces.models import Project, ProjectMember, ProjectMilestone, Site, Space
from chuangbao.spaces.opening import say_hours
from chuangbao.spaces.permissions import may_keep_project, may_move_member, may_oversee_spaces, may_register_space
from chuangbao.spaces.queries import count_ordered, find_projects, with_card
from chuangbao.spaces.shares import count_share
from chuangbao.spaces.views.open_data import LICENCE, write_csv
from chuangbao.spaces.workflow import MEMBER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from chuangbao.core.http.requests import Request

__all__ = [
    "claim",
    "decide",
    "edit",
    "end_project",
    "enter",
    "give_csv",
    "give_json",
    "give_points",
    "give_workbook",
    "list_candidates",
    "list_projects",
    "new_milestone",
    "reach",
    "show_project",
    "start_project",
]

EACH, MOST = 20, 10_000
COLUMNS = (
    "id",
    "name",
    "kind",
    "region_code",
    "region",
    "industry",
    "industry_codes",
    "stage",
    "started_on",
    "ended_on",
    "is_demonstration",
    "addresses",
    "boundary",
    "members",
    "is_demo",
)


def read_project_filter(request: Request) -> tuple[ProjectSearchForm, QuerySet[Any]]:
    """Return the filter and the projects that it asks for; all where nothing that could be read is asked."""
    form = ProjectSearchForm(request.GET or None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return form, find_projects(request.actor, given)


@public
@rate_limit("spaces", rate="600/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def list_projects(request: Request) -> HttpResponse:
    """The register of projects, with what the document orders of each region."""
    form, rows = read_project_filter(request)
    context = {
        "form": form,
        "page": page_of(rows, request.GET.get("page"), each=EACH),
        "query": request.GET.urlencode(),
        "ordered": count_ordered(timezone.localdate()),
        "may_enter": may_oversee_spaces.test(request.actor),
        "licence": LICENCE,
    }
    return render(request, "spaces/projects.html", context)


@page(permission=may_oversee_spaces)
@rate_limit("projects-excel", rate="60/h")
@require_safe
def give_workbook(request: Request) -> HttpResponse:
    """Give the projects that were searched for as a workbook, those of the area with the share of their industry."""
    rows: list[Any] = list(read_project_filter(request)[1].prefetch_related("milestones")[:MOST])
    record(request.actor, "export", kind="spaces.project", data={"rows": len(rows)})
    head = [
        _("Kind of project"),
        _("Region"),
        _("Name of the project"),
        _("State"),
        _("Started on"),
        _("Local industry that it is built around"),
        _("Codes of the industry"),
        _("Spaces in it"),
        _("Milestones"),
        _("Milestones reached"),
        _("Milestones overdue"),
        _("Firms in the industry"),
        _("Firms in other industries"),
        _("Firms whose industry is not known"),
    ]
    return as_workbook("projects", _("Streets and parks"), head, (cells_of(row, request) for row in rows))


def cells_of(row: Any, request: Request) -> list[Any]:
    """Return the cells of a project."""
    share = count_share(row) if may_keep_project.test(request.actor, row) else None
    marks = list(row.milestones.all())
    return [
        str(row.get_kind_display()),
        str(row.region),
        row.name,
        str(row.get_stage_display()),
        row.started_on,
        row.industry,
        row.industry_codes,
        row.inside,
        len(marks),
        sum(mark.reached_on is not None for mark in marks),
        row.late,
        *((share.inside, share.others, share.unknown) if share else (None, None, None)),
    ]


def find_project(request: Request, pk: int) -> Project:
    """Return a project, or 404."""
    return get_object_or_404(visible(Project, to=request.actor).select_related("region"), pk=pk)


@public
@require_safe
def show_project(request: Request, pk: int) -> HttpResponse:
    """One project: where, since when, its milestones, its members, and what can be done now."""
    row = find_project(request, pk)
    members = visible(ProjectMember, to=request.actor).filter(project=row).select_related("space__operator")
    said = list(members.order_by("stage", "space__name", "pk"))
    for member in said:
        member.project = row
    inside = [member.space_id for member in said if member.stage == MemberStage.MEMBER]
    shown = visible(Space, to=request.actor).filter(pk__in=inside, stage=SpaceStage.OPEN).order_by("name", "pk")
    spaces = list(with_card(shown, request.actor))
    keeps = may_keep_project.test(request.actor, row) and not row.is_over
    waiting = [(member, MEMBER.open_to(member, request.actor)) for member in said]
    context = {
        "project": row,
        "milestones": visible(ProjectMilestone, to=request.actor).filter(project=row).order_by("due_on", "pk"),
        "spaces": spaces,
        "hours": say_hours(spaces),
        "looked_at": row.region_id,
        "waiting": [pair for pair in waiting if pair[1]],
        "keeps": keeps,
        "share": count_share(row) if may_keep_project.test(request.actor, row) else None,
        "may_claim": may_register_space.test(request.actor) and not row.is_over,
        "history": history_of(row)[:10] if keeps else [],
    }
    return render(request, "spaces/project.html", context)


@public
@rate_limit("spaces", rate="600/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def give_points(request: Request, pk: int) -> JsonResponse:
    """What the map of a project draws: the line around it and a point for each site of its members."""
    row = find_project(request, pk)
    members = visible(ProjectMember, to=request.actor).filter(project=row, stage=MemberStage.MEMBER)
    inside = members.filter(space__stage=SpaceStage.OPEN).values("space")
    sites = visible(Site, to=request.actor).filter(space__in=inside, until=None, latitude__isnull=False)
    found: Any = sites.order_by("pk").values_list("space", "space__name", "longitude", "latitude")[:MOST]
    points = [
        {"name": name, "at": [float(east), float(north)], "url": reverse("spaces:space", args=[key])}
        for key, name, east, north in found
    ]
    return JsonResponse({"points": points, "boundary": [[east, north] for north, east in read_boundary(row.boundary)]})


def show_form(request: Request, form: Any, title: str, button: str, **more: Any) -> HttpResponse:
    """Show a form on a page of its own, with its errors where it was refused.

    ``more`` holds back, the address without the form, and where there are, eyebrow and is_private.
    """
    context = {"form": form, "title": title, "button": button, "eyebrow": "", "is_private": False, **more}
    return render(request, "spaces/form_page.html", context, status=422 if form.errors else 200)


def back_to(pk: int) -> str:
    """Return the page of a project."""
    return reverse("spaces:project", args=[pk])


@page(permission=may_oversee_spaces)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def enter(request: Request) -> HttpResponse:
    """Enter a project of the area."""
    form = ProjectForm(request.POST or None, initial={"region": request.actor.region})
    form.fields.pop("seen")
    if done := attempt_filled(form, create_project, actor=request.actor):
        messages.success(request, _("Entered. Everybody can find it now; add milestones and members."))
        return redirect("spaces:project", done.row.pk)
    return show_form(request, form, _("Enter a street or park"), _("Enter it"), back=reverse("spaces:projects"))


def find_kept(request: Request, pk: int) -> Project:
    """Return a project of the officer's area, or 404. Raises Forbidden."""
    row = find_project(request, pk)
    permit(may_keep_project, actor=request.actor, row=row)
    return row


@page(permission=may_oversee_spaces)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what is said of a project."""
    row = find_kept(request, pk)
    shown_values = {name: getattr(row, name) for name in PROJECT_FIELDS} | {"region": row.region_id}
    form = ProjectForm(request.POST or None, initial=shown_values | {"seen": row.revision})
    if attempt_filled(form, update_project, project=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("spaces:project", pk)
    return show_form(request, form, _("Change the entry"), _("Save"), back=back_to(pk), eyebrow=row.name)


@page(permission=may_oversee_spaces)
@post_only("spaces:project", "pk")
@once
def start_project(request: Request, pk: int) -> HttpResponse:
    """Say that a project runs from today on."""
    try:
        move_project(project=find_kept(request, pk), verb="start", actor=request.actor)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The project runs."))
    return redirect("spaces:project", pk)


@page(permission=may_oversee_spaces)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def end_project(request: Request, pk: int) -> HttpResponse:
    """End a project, with the reason."""
    row = find_kept(request, pk)
    form = ProjectReasonForm(request.POST if request.method == "POST" else None)
    if attempt_filled(form, move_project, project=row, verb="end", actor=request.actor):
        messages.success(request, _("The project has ended. Its entry stays."))
        return redirect("spaces:project", pk)
    return show_form(request, form, _("End the project"), _("End the project"), back=back_to(pk), eyebrow=row.name)


@page(permission=may_oversee_spaces)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_milestone(request: Request, pk: int) -> HttpResponse:
    """Add a milestone."""
    row = find_kept(request, pk)
    form = MilestoneForm(request.POST or None)
    if attempt_filled(form, add_milestone, project=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("spaces:project", pk)
    return show_form(request, form, _("Add a milestone"), _("Save"), back=back_to(pk), eyebrow=row.name)


@page(permission=may_oversee_spaces)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def reach(request: Request, pk: int, milestone: int) -> HttpResponse:
    """Say since when a milestone is reached, with what shows it."""
    project = find_kept(request, pk)
    rows = visible(ProjectMilestone, to=request.actor).filter(project=project).select_related("project")
    row = get_object_or_404(rows, pk=milestone)
    form = ReachForm(request.POST or None, initial={"reached_on": row.reached_on, "evidence": row.evidence})
    if attempt_filled(form, reach_milestone, milestone=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("spaces:project", pk)
    return show_form(request, form, row.title, _("Save"), back=back_to(pk), eyebrow=project.name)


@page(permission=may_register_space)
@rate_limit("space-claim", rate="30/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def claim(request: Request, pk: int) -> HttpResponse:
    """Ask that a space of the organisation belongs to a project."""
    row = find_project(request, pk)
    own = visible(Space, to=request.actor).filter(operator=request.actor.organisation_id, stage=SpaceStage.OPEN)
    spaces = {str(space.pk): space for space in own.order_by("name", "pk")[:200]}
    form = ClaimForm(request.POST or None, spaces=list(spaces.values()))
    done = None
    if form.is_valid():
        space = spaces[form.cleaned_data["space"]]
        note = form.cleaned_data["note"]
        done = attempt(form, claim_membership, project=row, space=space, note=note, actor=request.actor)
    if done:
        messages.success(request, _("Asked. The officers of the place have a notice."))
        return redirect("spaces:project", pk)
    return show_form(request, form, _("Ask that a space belongs to it"), _("Ask"), back=back_to(pk), eyebrow=row.name)


def enter_candidate(request: Request, project: Project, candidates: list[Space]) -> str:
    """Enter the space that a form names; return why not, else nothing."""
    key = read_number(request.POST.get("space", ""), digits=18)
    space = next((each for each in candidates if each.pk == key), None)
    if space is None:
        return _("Choose a space of the list.")
    try:
        enter_member(project=project, space=space, actor=request.actor)
    except Refused as fault:
        return str(fault)
    return ""


@page(permission=may_oversee_spaces)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def list_candidates(request: Request, pk: int) -> HttpResponse:
    """The spaces that lie in the area or in its streets, each with a button that enters it."""
    row = find_kept(request, pk)
    candidates = find_candidates(row)
    refusal = enter_candidate(request, row, candidates) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        messages.success(request, _("Entered. The operator has a notice."))
        return redirect("spaces:project_candidates", pk)
    context = {"project": row, "candidates": candidates, "refusal": refusal}
    return render(request, "spaces/candidates.html", context, status=422 if refusal else 200)


@page(permission=may_move_member)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decide(request: Request, pk: int, verb: str) -> HttpResponse:
    """Confirm or decline a claim, leave, or take a space out. Raises Http404 for a verb that there is not."""
    rows = visible(ProjectMember, to=request.actor).select_related("project", "space__operator")
    row = get_object_or_404(rows, pk=pk)
    move = MEMBER.by_verb.get(verb)
    if move is None or not move.who.test(request.actor, row):
        raise Http404(verb)
    form = ProjectReasonForm(request.POST if request.method == "POST" else None)
    if attempt_filled(form, move_member, member=row, verb=verb, actor=request.actor):
        messages.success(request, _("Done. The other side has a notice."))
        return redirect("spaces:project", row.project_id)
    more = {"back": back_to(row.project_id), "eyebrow": f"{row.project} · {row.space}", "is_private": True}
    return show_form(request, form, str(move.label), str(move.label), **more)


# ---- open data


def open_rows(request: Request) -> Iterator[dict[str, Any]]:
    """Yield the projects that a filter asks for as open data have them."""
    for row in read_project_filter(request)[1].order_by("pk")[:MOST]:
        values = (
            row.pk,
            row.name,
            row.get_kind_display(),
            row.region_id,
            row.region.name_zh,
            row.industry,
            row.industry_codes.split(),
            row.get_stage_display(),
            row.started_on,
            row.ended_on,
            row.is_demonstration,
            row.streets,
            row.boundary.split(),
            row.inside,
            row.is_demo,
        )
        yield dict(zip(COLUMNS, values, strict=True))


@public
@rate_limit("spaces-data", rate="60/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def give_csv(request: Request) -> HttpResponse:
    """The register of projects as CSV; its licence is in the last line and in the head of the answer."""
    return write_csv("projects", COLUMNS, open_rows(request))


@public
@rate_limit("spaces-data", rate="60/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def give_json(request: Request) -> JsonResponse:
    """The register of projects as JSON with its licence and day."""
    data = {"licence": LICENCE, "day": timezone.localdate(), "projects": list(open_rows(request))}
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})
