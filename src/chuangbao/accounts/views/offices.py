"""The directory of offices (办事机构目录): public to read, kept by the officers of the area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.accounts.directory import departments, find_offices, hotlines
from chuangbao.accounts.domain.offices import FIELDS, add_office, change_office, move_office
from chuangbao.accounts.forms import NewOfficeForm, OfficeForm, OfficesForm, ReasonForm
from chuangbao.accounts.models import Office
from chuangbao.accounts.permissions import is_officer, may_keep_office
from chuangbao.core.access.permissions import page, permit, public
from chuangbao.core.audit.log import history_of, record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import region_name
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["add", "change", "move", "office", "offices", "workbook"]

EACH, MOST = 25, 10_000


def list_wanted(form: OfficesForm) -> QuerySet[Office]:
    """Return the offices that a filter asks for; all where nothing is asked, or nothing that could be read."""
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return find_offices(
        region=given.get("region", ""), department=given.get("department", ""), words=given.get("q", "")
    )


@public
@rate_limit("offices", rate="600/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def offices(request: Request) -> HttpResponse:
    """The offices by county and department, with the hot lines before them."""
    form = OfficesForm(request.GET or None)
    context = {
        "form": form,
        "page": page_of(list_wanted(form), request.GET.get("page"), each=EACH),
        "lines": hotlines(),
        "query": request.GET.urlencode(),
        "is_officer": is_officer.test(request.actor),
        "may_keep": may_keep_office.test(request.actor),
    }
    return render(request, "accounts/offices/offices.html", context)


@page(permission=is_officer)
@require_safe
def workbook(request: Request) -> HttpResponse:
    """The same as an Excel workbook."""
    rows = list(list_wanted(OfficesForm(request.GET or None))[:MOST])
    record(request.actor, "export", kind="accounts.office", data={"rows": len(rows)})
    named = dict(departments())
    head = [
        _("Region"),
        _("Name"),
        _("Department"),
        _("Street address"),
        _("Hours"),
        _("Telephone"),
        _("Online entrance"),
        _("Standing"),
        _("Last confirmed"),
    ]
    cells = (
        [
            str(r.region),
            str(r),
            named.get(r.department, ""),
            r.address,
            r.hours,
            r.phone,
            r.entrance,
            str(r.get_stage_display()),
            r.confirmed_on,
        ]
        for r in rows
    )
    return as_workbook("offices", _("Offices"), head, cells)


@public
@require_safe
def office(request: Request, pk: int) -> HttpResponse:
    """One office: where, when, how to reach it, what is done there."""
    return show(request, find(pk), ReasonForm())


def find(pk: int) -> Office:
    """The office, or 404."""
    return get_object_or_404(Office.objects.select_related("region", "confirmed_by", "agency"), pk=pk)


def show(request: Request, row: Office, form: ReasonForm) -> HttpResponse:
    """The page, with buttons for those who keep it."""
    keeps = may_keep_office.test(request.actor, row)
    found = current_pack().offices
    context = {
        "office": row,
        "hotline": found.hotline_of([row.department]) if found else None,
        "may_keep": keeps,
        "moves": row.life.open_to(row, request.actor),
        "form": form,
        "history": history_of(row)[:10] if keeps else [],
    }
    return render(request, "accounts/offices/office.html", context, status=422 if form.errors else 200)


@page(permission=may_keep_office)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def add(request: Request) -> HttpResponse:
    """Add an office of the own area."""
    start = {"region": request.GET.get("region") or request.actor.region, "department": request.actor.department}
    form = NewOfficeForm(request.POST or None, actor=request.actor, initial=start)
    done = None
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("region", "department", *FIELDS)}
        done = attempt(form, add_office, actor=request.actor, **wanted)
    if done:
        messages.success(request, _("Saved, and confirmed as of today."))
        return redirect("accounts:office", done.row.pk)
    context = {"form": form, "place": region_name(request.actor.region)}
    return render(request, "accounts/offices/change.html", context, status=422 if form.errors else 200)


@page(permission=may_keep_office)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def change(request: Request, pk: int) -> HttpResponse:
    """Change what an entry says; that confirms it as of today."""
    row = find(pk)
    permit(may_keep_office, actor=request.actor, row=row)
    start = {name: getattr(row, name) for name in FIELDS} | {"seen": row.revision}
    form = OfficeForm(request.POST or None, initial=start)
    if attempt_filled(form, change_office, office=row, actor=request.actor):
        messages.success(request, _("Saved, and confirmed as of today."))
        return redirect("accounts:office", pk)
    context = {"form": form, "office": row, "place": str(row.region)}
    return render(request, "accounts/offices/change.html", context, status=422 if form.errors else 200)


@page(permission=may_keep_office)
@post_only("accounts:office", "pk")
@once
def move(request: Request, pk: int, verb: str) -> HttpResponse:
    """Say that an entry is still right, that the office is gone, or that it is there again."""
    row, form = find(pk), ReasonForm(request.POST)
    permit(may_keep_office, actor=request.actor, row=row)
    if verb not in row.life.by_verb:
        return redirect("accounts:office", pk)
    if attempt_filled(form, move_office, office=row, verb=verb, actor=request.actor):
        messages.success(request, _("Noted, with the day."))
        return redirect("accounts:office", pk)
    return show(request, row, form)
