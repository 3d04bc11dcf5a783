"""What happens to tenants when a space closes, merges or is handed on: each hears it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.core.access.row_access import unscoped
from chuangbao.spaces.domain.dependants import Dependants, hang_on_space
from chuangbao.tenants.domain.deciding import decline_tenant
from chuangbao.tenants.domain.ending import end_tenancy
from chuangbao.tenants.domain.telling import list_party
from chuangbao.tenants.domain.venues import give_passes
from chuangbao.tenants.enums import OPEN, EndCause, Entry, TenancyStage
from chuangbao.tenants.models import Cohort, Tenancy

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__: list[str] = []

WHY = "of a space that its operator closes, merges or hands on"
WITH_PASS = (TenancyStage.ADMITTED, TenancyStage.INCUBATING)


def list_open(space: Space) -> Any:
    """Return the tenancies of a space that go on."""
    rows = unscoped(Tenancy, because=WHY).filter(space=space, stage__in=OPEN)
    return rows.select_related("space", "organization", "team").order_by("pk")


def count_open(space: Space) -> int:
    """Return how many tenancies go on."""
    return int(list_open(space).count())


def list_people(space: Space) -> set[int]:
    """Return the persons of the tenants."""
    return {person for row in list_open(space) for person in list_party(row)}


def follow_space(space: Space, verb: str, actor: Actor) -> None:
    """End the tenancies of a space that closes, carry them into the one it merges into, keep passes otherwise."""
    if verb == "close":
        for row in list_open(space):
            end_with_space(row, actor, _("The space has closed."))
    elif verb == "merge" and space.merged_into is not None:
        carry_into(space, space.merged_into, actor)
    elif verb == "handed_on":
        end_own_tenancy(space, actor)
        renew_passes(space)


def end_own_tenancy(space: Space, actor: Actor) -> None:
    """End the tenancy of a firm that has become the operator of the space: it would confirm what it does itself."""
    for row in list_open(space).filter(organization=space.operator_id):
        end_with_space(row, actor, _("You run this space yourself now."))


def end_with_space(row: Tenancy, actor: Actor, reason: str) -> None:
    """End a tenancy, or answer an application, because the space goes."""
    if row.stage == TenancyStage.INCUBATING:
        end_tenancy(tenancy=row, actor=actor, cause=EndCause.SPACE, reason=reason)
    else:
        decline_tenant(tenancy=row, actor=actor, reason=reason)


def carry_into(space: Space, target: Space, actor: Actor) -> None:
    """Carry tenants and cohorts into another space; who has a place there too keeps that one alone."""
    there = list_open(target)
    firms = set(there.values_list("organization", flat=True)) - {None}
    teams = set(there.values_list("team", flat=True)) - {None}
    for row in list_open(space):
        if row.organization_id in firms or row.team_id in teams:
            end_with_space(row, actor, _("The space became a part of %s, where you have a place already.") % target)
    names = set(unscoped(Cohort, because=WHY).filter(space=target).values_list("name", flat=True))
    for cohort in unscoped(Cohort, because=WHY).filter(space=space):
        name = cohort.name if cohort.name not in names else f"{cohort.name[:60]} ({space.pk})"
        unscoped(Cohort, because=WHY).filter(pk=cohort.pk).update(space=target, name=name)
    list_open(space).update(space=target)
    renew_passes(target)


def renew_passes(space: Space) -> None:
    """Let all tenants book in all venues of their space, also in a new one or under another operator."""
    for row in list_open(space).filter(stage__in=WITH_PASS).exclude(entry=Entry.STATED):
        give_passes(row)


hang_on_space(
    "tenants",
    Dependants(gettext_lazy("Tenants and applications"), count_open, list_people, follow_space, take_site=renew_passes),
)
