"""The operator's board of tenants (入驻看板): search, filters, Excel; and the cohorts of a space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.spaces.models import Space
from chuangbao.spaces.permissions import may_change_space
from chuangbao.tenants.domain.placing import add_cohort, change_cohort, drop_cohort
from chuangbao.tenants.forms import CohortForm, EmptyForm
from chuangbao.tenants.permissions import may_run_board
from chuangbao.tenants.queries import count_by_stage, list_cohorts, list_hosted, read_asked, search_board, with_counts

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.tenants.models import Cohort

__all__ = ["edit_cohort", "give_board", "list_board", "list_space_cohorts", "remove_cohort"]

EACH = 20


@page(permission=may_run_board)
@require_safe
def list_board(request: Request) -> HttpResponse:
    """The board: how many are at each stage, and those that are asked for."""
    asked, rows = read_asked(request.GET), list_hosted(request.actor)
    spaces = visible(Space, to=request.actor).filter(operator=request.actor.organisation_id)
    context = {
        "page": page_of(search_board(rows, asked), request.GET.get("page"), each=EACH),
        "asked": asked,
        "stages": count_by_stage(rows, asked),
        "spaces": [(row.pk, row.name) for row in spaces],
        "cohorts": [(row.pk, f"{row.space} · {row}") for row in list_cohorts(request.actor)],
        "kinds": list_kinds(),
        "sorts": [("old", _("Longest waiting first")), ("term", _("By the end of the term"))],
        "query": request.GET.urlencode(),
        "rest": rest_of(request),
    }
    return render(request, "tenants/board.html", context)


def list_kinds() -> list[tuple[str, str]]:
    """Return the kinds of tenants that a list can be narrowed to."""
    return [("firm", _("Firms")), ("team", _("Teams")), ("virtual", _("Virtual"))]


def rest_of(request: Request) -> str:
    """Return the filter without state and page, for the links to the states."""
    given = request.GET.copy()
    for name in ("stage", "page"):
        given.pop(name, None)
    return given.urlencode()


@page(permission=may_run_board)
@rate_limit("tenants-excel", rate="60/h")
@require_safe
def give_board(request: Request) -> HttpResponse:
    """The same as an Excel workbook."""
    rows = list(search_board(list_hosted(request.actor), read_asked(request.GET))[:MOST])
    record(request.actor, "export", kind="tenants.tenancy", data={"rows": len(rows)})
    head = [
        _("Space"),
        _("Name of the tenant"),
        _("Kind of tenant"),
        _("State"),
        _("Virtual"),
        _("Cohort"),
        _("Desks"),
        _("Area in m²"),
        _("Applied on"),
        _("First day in the space"),
        _("Term ends on"),
        _("Last day in the space"),
        _("How it was entered"),
    ]
    return as_workbook("tenants", _("Tenants"), head, (cells_of(row) for row in rows))


def cells_of(row: Any) -> list[Any]:
    """Return the cells of one tenancy."""
    return [
        row.space.name,
        row.name,
        _("Firm") if row.is_firm else str(row.team.get_kind_display()),
        str(row.get_stage_display()),
        _("Yes") if row.is_virtual else _("No"),
        str(row.cohort or ""),
        row.desks,
        row.area,
        row.applied_on,
        row.starts_on,
        row.term_ends_on,
        row.ended_on,
        str(row.get_entry_display()),
    ]


@page(permission=may_run_board)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def list_space_cohorts(request: Request, pk: int) -> HttpResponse:
    """The cohorts of a space with how many tenants each has, and a form that adds one."""
    space = get_object_or_404(visible(Space, to=request.actor), pk=pk)
    permit(may_change_space, actor=request.actor, row=space)
    form = CohortForm(request.POST or None)
    if attempt_filled(form, add_cohort, space=space, actor=request.actor):
        messages.success(request, _("Added. Put tenants into it from their pages."))
        return redirect("tenants:cohorts", pk)
    rows = with_counts(list_cohorts(request.actor).filter(space=space))
    context = {"space": space, "form": form, "page": page_of(rows, request.GET.get("page"), each=EACH)}
    return render(request, "tenants/cohorts.html", context, status=422 if form.errors else 200)


def find_cohort(request: Request, pk: int, cohort: int) -> Cohort:
    """Return a cohort of a space that the actor may change. Raises Http404, Forbidden."""
    row = get_object_or_404(list_cohorts(request.actor).filter(space=pk), pk=cohort)
    permit(may_change_space, actor=request.actor, row=row.space)
    return row


def show_cohort(request: Request, row: Cohort, form: Form, removing: Form) -> HttpResponse:
    """The page of a cohort, with what was refused."""
    context = {"row": row, "form": form, "removing": removing}
    return render(request, "tenants/cohort.html", context, status=422 if form.errors or removing.errors else 200)


def start_of(row: Cohort) -> CohortForm:
    """Return the form of a cohort as it is."""
    return CohortForm(initial={name: getattr(row, name) for name in ("name", "starts_on", "ends_on")})


@page(permission=may_run_board)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_cohort(request: Request, pk: int, cohort: int) -> HttpResponse:
    """Change name and days of a cohort."""
    row = find_cohort(request, pk, cohort)
    form = CohortForm(request.POST) if request.method == "POST" else start_of(row)
    if attempt_filled(form, change_cohort, cohort=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("tenants:cohorts", pk)
    return show_cohort(request, row, form, EmptyForm())


@page(permission=may_run_board)
@post_only("tenants:cohort", "pk", "cohort")
@once
def remove_cohort(request: Request, pk: int, cohort: int) -> HttpResponse:
    """Remove a cohort without tenants."""
    row, form = find_cohort(request, pk, cohort), EmptyForm(request.POST)
    if attempt(form, drop_cohort, cohort=row, actor=request.actor):
        messages.success(request, _("Removed."))
        return redirect("tenants:cohorts", pk)
    return show_cohort(request, row, start_of(row), form)
