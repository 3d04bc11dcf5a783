"""Milestones and services of a tenancy, from the pages of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import page
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.tenants.domain.support import add_milestone, answer_service, log_service, reach_milestone
from chuangbao.tenants.forms import DisputeForm, EmptyForm, MilestoneForm, ReachForm, ServiceForm
from chuangbao.tenants.models import Milestone, Service
from chuangbao.tenants.permissions import is_host, may_apply, may_run_board
from chuangbao.tenants.views.acting import act_on_tenancy
from chuangbao.tenants.views.finding import address_for, find_hosted, find_paper, find_tenancy_of_party
from chuangbao.tenants.views.hosting import show_hosted
from chuangbao.tenants.views.own import show_refused
from chuangbao.tenants.workflow import SERVICE

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.tenants.models import Tenancy

__all__ = ["log", "move_service", "new_milestone", "reach"]


def lead_to_tenancy(request: Request, pk: int) -> str:
    """Return the page of a tenancy for the actor's side."""
    return address_for(request, find_tenancy_of_party(request, pk))


def lead_from_service(request: Request, pk: int, **_verb: str) -> str:
    """Return the page of the tenancy that a service belongs to, for the actor's side."""
    return address_for(request, find_paper(request, Service, pk).tenancy)


def show_again(request: Request, row: Tenancy, **forms: Any) -> HttpResponse:
    """Show the page of the actor's side again with a form that was refused."""
    if is_host.test(request.actor, row):
        return show_hosted(request, row, **forms)
    return show_refused(request, row, **forms)


@page(permission=may_run_board)
@rate_limit("tenant-service", rate="300/h")
@post_only("tenants:tenancy", "pk")
@once
def log(request: Request, pk: int) -> HttpResponse:
    """Note a service to a tenant."""
    row, form = find_hosted(request, pk), ServiceForm(request.POST, auto_id="service-%s")
    return act_on_tenancy(
        request,
        row,
        form,
        log_service,
        said=_("Noted. The tenant is asked to confirm it."),
        shown=(show_hosted, "logging"),
    )


@page(permission=may_apply)
@post_only(lead_from_service)
@once
def move_service(request: Request, pk: int, verb: str) -> HttpResponse:
    """Confirm, dispute or take out a service. Raises Http404 for a verb that its transitions do not have."""
    row = find_paper(request, Service, pk)
    if verb not in SERVICE.by_verb:
        raise Http404(verb)
    kind = DisputeForm if verb == "dispute" else EmptyForm
    form = kind(request.POST, auto_id=f"dispute-{pk}-%s")
    return act_on_tenancy(
        request,
        row.tenancy,
        form,
        answer_service,
        said=_("Noted."),
        shown=(show_again, "answering"),
        service=row,
        verb=verb,
    )


@page(permission=may_apply)
@post_only(lead_to_tenancy)
@once
def new_milestone(request: Request, pk: int) -> HttpResponse:
    """Add a milestone."""
    row, form = find_tenancy_of_party(request, pk), MilestoneForm(request.POST, auto_id="milestone-%s")
    return act_on_tenancy(request, row, form, add_milestone, said=_("Added."), shown=(show_again, "aiming"))


@page(permission=may_apply)
@post_only(lambda request, pk: address_for(request, find_paper(request, Milestone, pk).tenancy))
@once
def reach(request: Request, pk: int) -> HttpResponse:
    """Note the day on which a milestone was reached."""
    row = find_paper(request, Milestone, pk)
    form = ReachForm(request.POST, auto_id=f"reach-{pk}-%s")
    return act_on_tenancy(
        request,
        row.tenancy,
        form,
        reach_milestone,
        said=_("Noted. Well done."),
        shown=(show_again, "answering"),
        milestone=row,
    )
