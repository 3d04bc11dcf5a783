"""What to look at with the licences of the addresses in sight, as a page and as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.paging import MOST
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.premises.domain.limits import read_limit
from chuangbao.premises.domain.warnings import list_warnings
from chuangbao.premises.enums import WarningKind
from chuangbao.premises.permissions import may_see_letters

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.premises.domain.warnings import AddressWarning

__all__ = ["give_warnings", "show_warnings"]

PAGE_SIZE = 20


@page(permission=may_see_letters)
@require_safe
def show_warnings(request: Request) -> HttpResponse:
    """Show the warnings of the addresses in sight with what was counted, and by which limits."""
    today = timezone.localdate()
    data = {
        "page": Paginator(find_warnings(request), PAGE_SIZE).get_page(request.GET.get("page")),
        "kind": request.GET.get("kind", ""),
        "kinds": WarningKind.choices,
        "most": read_limit("mass_letters", today),
        "days": read_limit("mass_days", today),
        "lost": read_limit("lost_firms", today),
        "percent": read_limit("ceiling_percent", today),
    }
    return render(request, "premises/warnings.html", data)


@page(permission=may_see_letters)
@rate_limit("warnings-excel", rate="60/h")
@require_safe
def give_warnings(request: Request) -> HttpResponse:
    """Give the warnings as an Excel workbook."""
    head = [_("Kind of warning"), _("Space"), _("Address of the premise"), _("Counted"), _("What was counted")]
    rows = ([row.label, row.space, row.address, row.count, row.words] for row in find_warnings(request)[:MOST])
    return as_workbook("warnings", _("Warnings of addresses"), head, rows)


def find_warnings(request: Request) -> list[AddressWarning]:
    """Return the warnings in sight of the kind that was asked for, or of all kinds."""
    kind = request.GET.get("kind", "")
    rows = list_warnings(request.actor)
    return [row for row in rows if row.kind == kind] if kind in WarningKind.values else rows
