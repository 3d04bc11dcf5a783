"""The tenant's page of the own space (我的入驻): how far it is, what to do next, what was agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.booking.enums import PENDING
from chuangbao.booking.models import Booking
from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.premises.enums import LetterStage
from chuangbao.premises.models import ConsentLetter
from chuangbao.spaces.models import Site
from chuangbao.tenants.domain.founding import found_firm, list_firms
from chuangbao.tenants.enums import TenancyStage
from chuangbao.tenants.forms import EmptyForm, FoundForm
from chuangbao.tenants.models import Talk
from chuangbao.tenants.permissions import may_apply
from chuangbao.tenants.views.finding import find_own
from chuangbao.tenants.views.shared import describe_tenancy

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.tenants.models import Tenancy

__all__ = ["go_on_as_firm", "show_own", "show_refused"]

MOST = 20


@page(permission=may_apply)
@require_safe
def show_own(request: Request, pk: int) -> HttpResponse:
    """The page of the own space."""
    return render(request, "tenants/own.html", describe_own(request, find_own(request, pk)))


def show_refused(request: Request, row: Tenancy, **forms: Any) -> HttpResponse:
    """Show the page again with the form that was refused."""
    return render(request, "tenants/own.html", describe_own(request, find_own(request, row.pk)) | forms, status=422)


@page(permission=may_apply)
@post_only("tenants:own", "pk")
@once
def go_on_as_firm(request: Request, pk: int) -> HttpResponse:
    """Go on as the firm that the team has founded."""
    row = find_own(request, pk)
    form = FoundForm(request.POST, auto_id="found-%s", firms=list_firms(request.actor))
    if attempt_filled(form, found_firm, tenancy=row, actor=request.actor):
        messages.success(request, _("The place is your firm's from today. Act for the firm to see it."))
        return redirect("tenants:mine")
    return show_refused(request, row, founding=form)


def describe_own(request: Request, row: Tenancy) -> dict[str, Any]:
    """What the page of the own space shows beside what both sides see."""
    actor, now = request.actor, timezone.now()
    bookings = visible(Booking, to=actor).filter(resource__venue__site__space=row.space_id, ends__gt=now)
    letters = visible(ConsentLetter, to=actor).filter(organisation=row.organization_id, stage=LetterStage.VALID)
    return describe_tenancy(request, row) | {
        "talks": visible(Talk, to=actor).filter(tenancy=row, at__gte=now).order_by("at"),
        "bookings": bookings.filter(stage__in=PENDING).select_related("resource").order_by("starts", "pk")[:MOST],
        "letters": letters.filter(premise__site__space=row.space_id)[:MOST] if row.is_firm else [],
        "sites": visible(Site, to=actor).filter(space=row.space_id, until=None, venue__isnull=False),
        "withdrawing": EmptyForm(),
        "entering": EmptyForm(),
        "founding": FoundForm(auto_id="found-%s", firms=list_firms(actor)) if is_team(row) else None,
    }


def is_team(row: Tenancy) -> bool:
    """Whether it is a team that incubates, which may go on as a firm."""
    return not row.is_firm and row.stage == TenancyStage.INCUBATING
