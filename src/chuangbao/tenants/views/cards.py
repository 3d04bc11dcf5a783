"""The yearly card of a tenant, and the figures of a space (I10 to I14) with what to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.spaces.models import Space
from chuangbao.tenants.domain.cards import fill_card, prefill_card, year_due
from chuangbao.tenants.domain.counting import Flows, count_flows
from chuangbao.tenants.domain.warnings import find_doubles, warn_of_space
from chuangbao.tenants.forms import CardForm, PeriodForm
from chuangbao.tenants.models import Tenancy
from chuangbao.tenants.permissions import may_apply, may_oversee_tenancies, may_run_board
from chuangbao.tenants.queries import list_hosted
from chuangbao.tenants.views.finding import find_own

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["fill", "give_area", "list_area", "list_figures"]

EACH, LONGEST_YEAR = 20, 4


@page(permission=may_apply)
@rate_limit("tenant-card", rate="60/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def fill(request: Request, pk: int) -> HttpResponse:
    """Fill in the card of a year; what is known is filled in already."""
    row, due = find_own(request, pk), year_due(timezone.localdate())
    first = row.starts_on.year if row.starts_on else due
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == LONGEST_YEAR else max(due, first)
    form = CardForm(request.POST or None, initial={"year": year, **prefill_card(row, year)})
    done = form.is_valid() and attempt(form, fill_card, tenancy=row, actor=request.actor, **form.cleaned_data)
    if done:
        messages.success(request, _("Kept. Nobody asks you for this year again."))
        return redirect("tenants:own", pk)
    context = {"form": form, "row": row, "year": year}
    return render(request, "tenants/card.html", context, status=422 if form.errors else 200)


def read_period(request: Request) -> tuple[PeriodForm, date, date]:
    """Return the form and the period that is asked for; this year until today where none is."""
    today = timezone.localdate()
    start = {"first": today.replace(month=1, day=1), "last": today}
    form = PeriodForm(request.GET if request.GET.get("first") or request.GET.get("last") else None, initial=start)
    given = form.cleaned_data if form.is_bound and form.is_valid() else start
    return form, given["first"], given["last"]


def figures_of(flows: Flows) -> list[tuple[str, str, int]]:
    """Return the figures with their codes and words."""
    return [
        ("I10", _("Firms incubating at the end"), flows.firms),
        ("I11", _("Firms that entered"), flows.entered),
        ("I12", _("Firms that ever graduated"), flows.graduated_ever),
        ("I13", _("Firms that graduated"), flows.graduated),
        ("I14", _("Firms that left without graduating"), flows.left),
        ("M12", _("Firms that were a team here before"), flows.founded),
        ("", _("Teams at the end"), flows.teams),
        ("", _("of all these virtual: in no figure of areas"), flows.virtual),
        ("", _("entered by operators, not confirmed: in no other figure"), flows.unconfirmed),
    ]


@page(permission=may_run_board)
@require_safe
def list_figures(request: Request) -> HttpResponse:
    """The figures of the own spaces in a period, and what to look at in each space."""
    form, first, last = read_period(request)
    rows = list_hosted(request.actor)
    spaces = visible(Space, to=request.actor).filter(operator=request.actor.organisation_id)
    found = page_of(spaces.order_by("name", "pk"), request.GET.get("page"), each=EACH)
    context = {
        "form": form,
        "first": first,
        "last": last,
        "figures": figures_of(count_flows(rows, first, last)),
        "spaces": [(space, warn_of_space(space)) for space in found],
        "page": found,
        "doubles": find_doubles(rows).select_related("organization", "space").order_by("pk")[:MOST],
    }
    return render(request, "tenants/figures.html", context)


def area_rows(request: Request) -> QuerySet[Tenancy]:
    """Return the tenancies of an officer's area that began."""
    return visible(Tenancy, to=request.actor)


@page(permission=may_oversee_tenancies)
@require_safe
def list_area(request: Request) -> HttpResponse:
    """The figures of the area in a period, its spaces, and firms that are in two of them."""
    form, first, last = read_period(request)
    rows = area_rows(request)
    doubles = find_doubles(rows).select_related("organization", "space").order_by("organization__name", "pk")
    context = {
        "form": form,
        "first": first,
        "last": last,
        "figures": figures_of(count_flows(rows, first, last)),
        "page": page_of(doubles, request.GET.get("page"), each=EACH),
        "query": request.GET.urlencode(),
    }
    return render(request, "tenants/area.html", context)


@page(permission=may_oversee_tenancies)
@rate_limit("tenants-area-excel", rate="60/h")
@require_safe
def give_area(request: Request) -> HttpResponse:
    """The figures of each space of the area as an Excel workbook; the last row is their sum."""
    _form, first, last = read_period(request)
    rows = area_rows(request)
    names = dict(rows.order_by().values_list("space", "space__name").distinct()[:MOST])
    parts = [(name, count_flows(rows.filter(space=pk), first, last)) for pk, name in sorted(names.items())]
    lines: list[list[Any]] = [[name, *(value for _c, _w, value in figures_of(flows))] for name, flows in parts]
    head = [_("Space"), *(f"{code} {words}".strip() for code, words, _v in figures_of(count_flows(rows, first, last)))]
    lines.append([_("Sum"), *(sum(line[place] for line in lines) for place in range(1, len(head)))])
    return as_workbook("tenants-area", _("Tenants"), head, lines)
