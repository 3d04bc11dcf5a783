"""Applying for a place on the page of a space, and one's own applications and spaces (我入驻的空间)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.spaces.models import Space
from chuangbao.tenants.domain.applying import apply_for_place, list_waiting, withdraw_application
from chuangbao.tenants.forms import ApplyForm, EmptyForm, TeamApplyForm
from chuangbao.tenants.permissions import may_apply
from chuangbao.tenants.queries import list_own
from chuangbao.tenants.views.acting import act_on_tenancy
from chuangbao.tenants.views.finding import find_own
from chuangbao.tenants.views.own import show_refused

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["apply", "list_mine", "take_back"]

EACH = 20


@page(permission=may_apply)
@rate_limit("tenancy", rate="30/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def apply(request: Request, pk: int) -> HttpResponse:
    """Apply for a place in a space, for the firm that one acts for or a team of one's own."""
    space = get_object_or_404(visible(Space, to=request.actor).select_related("region", "operator"), pk=pk)
    kind = ApplyForm if request.actor.capacity is Capacity.MEMBER else TeamApplyForm
    form = kind(request.POST or None, initial={"team_name": request.actor.name})
    if done := attempt_filled(form, apply_for_place, space=space, actor=request.actor):
        messages.success(request, _("Sent. The space answers you here; you can take it back at any time."))
        return redirect("tenants:own", done.row.pk)
    waiting = list_waiting(space, request.actor).first()
    context = {"form": form, "space": space, "is_firm": kind is ApplyForm, "waiting": waiting}
    return render(request, "tenants/apply.html", context, status=422 if form.errors else 200)


@page(permission=may_apply)
@require_safe
def list_mine(request: Request) -> HttpResponse:
    """The spaces in which one has a place, wanted one or had one."""
    rows = list_own(request.actor).select_related("space", "organization", "team").order_by("-applied_at", "-pk")
    return render(request, "tenants/mine.html", {"page": page_of(rows, request.GET.get("page"), each=EACH)})


@page(permission=may_apply)
@post_only("tenants:own", "pk")
@once
def take_back(request: Request, pk: int) -> HttpResponse:
    """Take an application back."""
    row, form = find_own(request, pk), EmptyForm(request.POST)
    return act_on_tenancy(
        request,
        row,
        form,
        withdraw_application,
        said=_("Taken back. You can apply again at any time."),
        shown=(show_refused, "withdrawing"),
    )
