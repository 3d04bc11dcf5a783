"""What the pages of both sides show of a tenancy: agreement, milestones, services."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from chuangbao.booking.models import Booking
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of
from chuangbao.core.onward import find_ways
from chuangbao.tenants.domain.agreements import WITH_AGREEMENT
from chuangbao.tenants.domain.handing import list_ahead
from chuangbao.tenants.enums import ServiceStage
from chuangbao.tenants.forms import (
    DisputeForm,
    EmptyForm,
    EndForm,
    GraduateForm,
    LeaveForm,
    MilestoneForm,
    OfferForm,
    ReachForm,
    ServiceForm,
)
from chuangbao.tenants.models import Agreement, GraduationGround, Handover, Milestone, Service, YearCard
from chuangbao.tenants.permissions import may_decide_tenancy, may_keep_tenancy, may_speak_for_tenant
from chuangbao.tenants.workflow import SERVICE, TENANCY

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.http.requests import Request
    from chuangbao.tenants.models import Tenancy

__all__ = ["describe_tenancy"]

LATELY, MOST = 20, 200


def describe_tenancy(request: Request, row: Tenancy) -> dict[str, Any]:
    """Return what both sides see, and the forms of what may be done now."""
    actor, today = request.actor, timezone.localdate()
    services = list(visible(Service, to=actor).filter(tenancy=row).select_related("tenancy__space")[:MOST])
    for service in services:
        service.tenancy = row  # its team and firm are read already
    confirmed = [service for service in services if service.stage == ServiceStage.CONFIRMED]
    return {
        "row": row,
        "verbs": {move.verb for move in TENANCY.open_to(row, actor)},
        "may_keep": may_keep_tenancy.test(actor, row),
        "may_aim": (may_keep_tenancy | may_speak_for_tenant).test(actor, row) and row.stage == "incubating",
        "agreements": visible(Agreement, to=actor).filter(tenancy=row),
        "offering": OfferForm(initial=next_term(row, today), auto_id="offer-%s"),
        "may_offer": may_be_offered(row) and may_decide_tenancy.test(actor, row),
        "services": [
            (
                service,
                {move.verb for move in SERVICE.open_to(service, actor)},
                DisputeForm(auto_id=f"dispute-{service.pk}-%s"),
            )
            for service in services
        ],
        "hours": sum(service.hours or 0 for service in confirmed),
        "logging": ServiceForm(initial={"given_on": today}, auto_id="service-%s"),
        "milestones": [
            (one, ReachForm(initial={"reached_on": today}, auto_id=f"reach-{one.pk}-%s"))
            for one in visible(Milestone, to=actor).filter(tenancy=row)
        ],
        "aiming": MilestoneForm(auto_id="milestone-%s"),
        "answering": EmptyForm(),
        "grounds": visible(GraduationGround, to=actor).filter(tenancy=row),
        "handovers": visible(Handover, to=actor).filter(tenancy=row),
        **describe_open(request, row),
        "cards": visible(YearCard, to=actor).filter(tenancy=row),
        "leaving": LeaveForm(auto_id="leave-%s"),
        "graduating": GraduateForm(auto_id="graduate-%s"),
        "ending": EndForm(auto_id="end-%s"),
        "ways": find_ways(actor, "tenants.tenancy", [row]).get(row.pk, []),
        "history": history_of(row)[:LATELY],
    }


def describe_open(request: Request, row: Tenancy) -> dict[str, Any]:
    """Return what the tenant has still to come and to pay, which its leaving does not end."""
    if row.starts_on is None:
        return {"ahead": [], "unpaid": [], "deposits": [], "beyond": []}
    ahead = list_ahead(visible(Booking, to=request.actor), row).select_related("resource").order_by("starts", "pk")
    ways = {"unpaid": "tenants.handover", "deposits": "tenants.deposit", "beyond": "tenants.beyond"}
    found = {name: find_ways(request.actor, label, [row]).get(row.pk, []) for name, label in ways.items()}
    return {"ahead": ahead[:LATELY], **found}


def may_be_offered(row: Tenancy) -> bool:
    """Whether there is a person with an account who can confirm an agreement now."""
    return row.stage in WITH_AGREEMENT and (row.is_firm or (row.team is not None and row.team.leader_id is not None))


def next_term(row: Tenancy, today: date) -> dict[str, Any]:
    """Return a term of two years from today, or from the day after the one that runs."""
    over = row.term_ends_on if row.starts_on else None
    day = today if over is None else over + timedelta(days=1)
    return {"starts_on": day, "term_ends_on": day + timedelta(days=730)}
