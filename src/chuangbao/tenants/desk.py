"""What of tenants waits on the workbench, and the ways to them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.core.access.row_access import visible
from chuangbao.core.onward import Way, lead_onward
from chuangbao.core.workbench import Heading, Mine, ToDo, mine, todo
from chuangbao.spaces.permissions import may_change_space
from chuangbao.tenants.domain.limits import limit_on
from chuangbao.tenants.enums import AgreementStage, Entry, ServiceStage, TenancyStage
from chuangbao.tenants.models import Agreement, Service
from chuangbao.tenants.permissions import may_apply, may_oversee_tenancies, may_run_board
from chuangbao.tenants.queries import list_hosted, list_own

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__: list[str] = []

MOST = 20
OPERATOR = "space"


@todo("tenants", gettext_lazy("Tenants"))
def list_applications(actor: Actor) -> Iterator[ToDo]:
    """List the applications that wait for an answer of the actor's organisation, the oldest first."""
    if not may_run_board.test(actor):
        return
    rows = list_hosted(actor).filter(stage=TenancyStage.APPLIED).select_related("organization", "team")
    for row in rows.order_by("applied_at", "pk")[:MOST]:
        yield ToDo(_("Answer: %s") % row.name, reverse("tenants:tenancy", args=[row.pk]), row.applied_at)


@todo("tenant_terms", gettext_lazy("Terms that end"))
def list_ending_terms(actor: Actor) -> Iterator[ToDo]:
    """List the tenants whose term is over or ends within the last notice, the first to end first."""
    if not may_run_board.test(actor):
        return
    today = timezone.localdate()
    most = today + timedelta(days=int(limit_on("last_notice_days", today) or 0))
    rows = list_hosted(actor).filter(stage=TenancyStage.INCUBATING, term_ends_on__lte=most)
    for row in rows.select_related("organization", "team").order_by("term_ends_on", "pk")[:MOST]:
        words = _("The term of %s ends: renew, graduate or end it") % row.name
        yield ToDo(words, reverse("tenants:tenancy", args=[row.pk]), None, row.term_ends_on)


@todo("my_tenancies", gettext_lazy("Spaces I am in"))
def list_to_confirm(actor: Actor) -> Iterator[ToDo]:
    """List the agreements and services that wait for the tenant's word, the oldest first."""
    if not may_apply.test(actor):
        return
    own = Q(tenancy__organization=actor.organisation_id) if actor.organisation_id else Q(tenancy__team__isnull=False)
    papers = visible(Agreement, to=actor).filter(own, stage=AgreementStage.OFFERED)
    for paper in papers.order_by("offered_at", "pk")[:MOST]:
        where = reverse("tenants:agreement", args=[paper.pk])
        yield ToDo(_("Read and confirm the agreement %s") % paper.number, where, paper.offered_at)
    if actor.organisation_id:
        stated = list_own(actor).filter(stage=TenancyStage.INCUBATING, entry=Entry.STATED).select_related("space")
        for tenancy in stated.order_by("applied_at", "pk")[:MOST]:
            where = reverse("tenants:own", args=[tenancy.pk])
            yield ToDo(_("Are you a tenant of %s?") % tenancy.space.name, where, tenancy.applied_at)
    services = visible(Service, to=actor).filter(own, stage=ServiceStage.LOGGED)
    for row in services.order_by("logged_at", "pk")[:MOST]:
        where = reverse("tenants:own", args=[row.tenancy_id])
        yield ToDo(_("Confirm a service: %s") % row.get_kind_display(), where, row.logged_at)


@mine(Heading.SPACES)
def list_ways_to_tenants(actor: Actor) -> Iterator[Mine]:
    """List the way to the own spaces, and for who runs spaces to the board of tenants."""
    if may_run_board.test(actor) and actor.organisation_kind == OPERATOR:
        yield Mine(_("Tenants of our spaces"), reverse("tenants:board"), "users")
    if may_oversee_tenancies.test(actor):
        yield Mine(_("Tenants of my area"), reverse("tenants:area"), "users")
    if may_apply.test(actor) and list_own(actor).exists():
        yield Mine(_("Spaces I am in"), reverse("tenants:mine"), "building")


@lead_onward("spaces.space")
def lead_to_tenants(actor: Actor, spaces: Sequence[Space]) -> dict[int, list[Way]]:
    """Return the way to a place in each space; for who runs it to its tenants. It asks the database nothing."""
    return {space.pk: list(list_ways_to_place(actor, space)) for space in spaces}


def list_ways_to_place(actor: Actor, space: Space) -> Iterator[Way]:
    """List the ways of one space."""
    if may_change_space.test(actor, space):
        yield Way(_("Tenants"), f"{reverse('tenants:board')}?space={space.pk}", "users", is_main=True)
        yield Way(_("Enter an earlier tenant"), reverse("tenants:enter", args=[space.pk]), "user-plus")
        yield Way(_("Cohorts"), reverse("tenants:cohorts", args=[space.pk]), "list-check")
    elif space.is_open and (may_apply.test(actor) or not actor.signed_in):
        yield Way(_("Apply for a place"), reverse("tenants:apply", args=[space.pk]), "door-enter", is_main=True)
