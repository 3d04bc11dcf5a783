"""What of tenants waits on the workbench, and the ways to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.core.workbench import Mine, ToDo, mine, todo
from chuangbao.spaces.permissions import may_change_space
from chuangbao.spaces.ways import way_from_space
from chuangbao.tenants.enums import TenancyStage
from chuangbao.tenants.permissions import may_apply, may_run_board
from chuangbao.tenants.queries import list_hosted, list_own

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@mine
def list_ways_to_tenants(actor: Actor) -> Iterator[Mine]:
    """List the way to the own spaces, and for who runs spaces to the board of tenants."""
    if may_run_board.test(actor) and actor.organisation_kind == OPERATOR:
        yield Mine(_("Tenants of our spaces"), reverse("tenants:board"), "users")
    if may_apply.test(actor) and list_own(actor).exists():
        yield Mine(_("Spaces I am in"), reverse("tenants:mine"), "building")


@way_from_space
def list_ways_from_space(space: Space, actor: Actor) -> Iterator[Mine]:
    """List the way to a place in a space; for who runs it to its tenants."""
    if may_change_space.test(actor, space):
        yield Mine(_("Tenants"), f"{reverse('tenants:board')}?space={space.pk}", "users")
        yield Mine(_("Cohorts"), reverse("tenants:cohorts", args=[space.pk]), "list-check")
    elif space.is_open and (may_apply.test(actor) or not actor.signed_in):
        yield Mine(_("Apply for a place"), reverse("tenants:apply", args=[space.pk]), "door-enter")
