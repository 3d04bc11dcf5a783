"""Tenants of before the platform: entered by the operator, confirmed or refused on the page of the own space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.spaces.models import Space
from chuangbao.spaces.permissions import may_change_space
from chuangbao.tenants.domain.entering import confirm_entry, enter_tenant, refuse_entry
from chuangbao.tenants.forms import EmptyForm, EnterForm
from chuangbao.tenants.permissions import may_apply, may_run_board
from chuangbao.tenants.views.acting import act_on_tenancy
from chuangbao.tenants.views.finding import find_own
from chuangbao.tenants.views.own import show_refused

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["confirm_place", "enter_earlier", "refuse_place"]


@page(permission=may_run_board)
@rate_limit("tenant-enter", rate="120/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def enter_earlier(request: Request, pk: int) -> HttpResponse:
    """Enter a tenant who was in the space before."""
    space = get_object_or_404(visible(Space, to=request.actor), pk=pk)
    permit(may_change_space, actor=request.actor, row=space)
    form = EnterForm(request.POST or None)
    if done := attempt_filled(form, enter_tenant, space=space, actor=request.actor):
        if done.row.is_firm:
            messages.success(
                request, _("Entered. The firm has a notice and confirms it; until then it counts nowhere.")
            )
        else:
            messages.success(request, _("Entered. It stays marked as not confirmed and counts in no figure."))
        return redirect("tenants:tenancy", done.row.pk)
    context = {"form": form, "space": space}
    return render(request, "tenants/enter.html", context, status=422 if form.errors else 200)


@page(permission=may_apply)
@post_only("tenants:own", "pk")
@once
def confirm_place(request: Request, pk: int) -> HttpResponse:
    """Confirm what the operator entered."""
    row, form = find_own(request, pk), EmptyForm(request.POST)
    said = _("Confirmed. Thank you.")
    return act_on_tenancy(request, row, form, confirm_entry, said=said, shown=(show_refused, "entering"))


@page(permission=may_apply)
@post_only("tenants:own", "pk")
@once
def refuse_place(request: Request, pk: int) -> HttpResponse:
    """Say that what the operator entered is wrong."""
    row, form = find_own(request, pk), EmptyForm(request.POST)
    said = _("The entry does not count any more, and the operator has a notice.")
    return act_on_tenancy(request, row, form, refuse_entry, said=said, shown=(show_refused, "entering"))
