"""The end of a tenancy from both sides: graduating, leaving at once, ending, handing over, taking data along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page
from chuangbao.core.audit.log import record
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.tenants.domain.ending import end_tenancy, graduate_tenant, leave_space
from chuangbao.tenants.domain.handing import tick_handover
from chuangbao.tenants.forms import EndForm, GraduateForm, LeaveForm, TickForm
from chuangbao.tenants.models import Handover
from chuangbao.tenants.permissions import may_apply, may_run_board
from chuangbao.tenants.taking import name_archive, pack_own_data
from chuangbao.tenants.views.acting import act_on_tenancy
from chuangbao.tenants.views.finding import address_for, find_hosted, find_own, find_paper
from chuangbao.tenants.views.hosting import show_hosted
from chuangbao.tenants.views.own import show_refused
from chuangbao.tenants.views.support import show_again

if TYPE_CHECKING:
    from chuangbao.core.http.requests import Request

__all__ = ["end_here", "give_data", "graduate", "leave", "tick"]


@page(permission=may_apply)
@post_only("tenants:own", "pk")
@once
def leave(request: Request, pk: int) -> HttpResponse:
    """Leave the space at once."""
    row, form = find_own(request, pk), LeaveForm(request.POST, auto_id="leave-%s")
    return act_on_tenancy(
        request,
        row,
        form,
        leave_space,
        said=_("You have left as of today. Take your data along; look at the hand-over list."),
        shown=(show_refused, "leaving"),
    )


@page(permission=may_run_board)
@post_only("tenants:tenancy", "pk")
@once
def graduate(request: Request, pk: int) -> HttpResponse:
    """Let a tenant graduate."""
    row, form = find_hosted(request, pk), GraduateForm(request.POST, auto_id="graduate-%s")
    if form.is_valid() and attempt(form, graduate_tenant, tenancy=row, actor=request.actor, grounds=form.cleaned_data):
        messages.success(request, _("Graduated. What the facts say of each ground is shown beside it."))
        return redirect("tenants:tenancy", pk)
    return show_hosted(request, row, graduating=form)


@page(permission=may_run_board)
@post_only("tenants:tenancy", "pk")
@once
def end_here(request: Request, pk: int) -> HttpResponse:
    """End a tenancy, with a cause and a reason."""
    row, form = find_hosted(request, pk), EndForm(request.POST, auto_id="end-%s")
    return act_on_tenancy(
        request, row, form, end_tenancy, said=_("Ended. The tenant reads the reason."), shown=(show_hosted, "ending")
    )


@page(permission=may_apply)
@post_only(lambda request, pk: address_for(request, find_paper(request, Handover, pk).tenancy))
@once
def tick(request: Request, pk: int) -> HttpResponse:
    """Tick a line of the hand-over list, or take the tick back."""
    row, form = find_paper(request, Handover, pk), TickForm(request.POST)
    return act_on_tenancy(
        request, row.tenancy, form, tick_handover, said=_("Noted."), shown=(show_again, "answering"), handover=row
    )


@page(permission=may_apply)
@rate_limit("tenant-data", rate="30/h")
@require_safe
def give_data(request: Request, pk: int) -> HttpResponse:
    """Everything that is kept of the own tenancy, as an archive."""
    row = find_own(request, pk)
    response = HttpResponse(pack_own_data(row, request.actor), content_type="application/zip")
    name = content_disposition_header(as_attachment=True, filename=f"{name_archive(row)}.zip")
    response["Content-Disposition"] = str(name)
    record(request.actor, "tenancy.take_data", row)
    return response
