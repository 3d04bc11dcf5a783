"""What each actor may see of tenancies: operators those of their spaces, tenants their own, officers their area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope
from chuangbao.core.engine.regions import covered_regions
from chuangbao.tenants.enums import TenancyStage
from chuangbao.tenants.models import (
    Agreement,
    Cohort,
    GraduationGround,
    Handover,
    Milestone,
    Service,
    Talk,
    Team,
    Tenancy,
    YearCard,
)
from chuangbao.tenants.permissions import may_oversee_tenancies

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["narrow_to_parties", "narrow_to_tenant"]

CONCERN_OFFICERS = (TenancyStage.INCUBATING, TenancyStage.GRADUATED, TenancyStage.LEFT, TenancyStage.ENDED)
"""An application that came to nothing is between the two sides."""


def narrow_to_parties(actor: Actor, path: str = "") -> Q:
    """Rows of tenancies of which the actor is host or tenant; ``path`` leads to the tenancy, such as ``tenancy__``."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    if actor.capacity is Capacity.MEMBER and actor.organisation_id is not None:
        return narrow_to_tenant(actor, path) | Q(**{f"{path}space__operator": actor.organisation_id})
    return narrow_to_tenant(actor, path)


def narrow_to_tenant(actor: Actor, path: str = "") -> Q:
    """Rows of tenancies of which the actor is the tenant; ``path`` leads to the tenancy."""
    if actor.capacity is Capacity.MEMBER and actor.organisation_id is not None:
        return Q(**{f"{path}organization": actor.organisation_id})
    if actor.capacity is Capacity.SELF and actor.signed_in:
        return Q(**{f"{path}team__leader": actor.person_id})
    return NOTHING


@scope(Tenancy)
def limit_tenancies(actor: Actor) -> Q:
    """Those of the actor's spaces and own; for officers those of the area that began."""
    if may_oversee_tenancies.test(actor):
        begun = Q(stage__in=CONCERN_OFFICERS, starts_on__isnull=False)
        return begun & Q(space__region__in=covered_regions(actor.region))
    return narrow_to_parties(actor)


@scope(Cohort)
def limit_cohorts(actor: Actor) -> Q:
    """Those of the actor's spaces; for officers of the area."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    if may_oversee_tenancies.test(actor):
        return Q(space__region__in=covered_regions(actor.region))
    return Q(space__operator=actor.organisation_id) if actor.capacity is Capacity.MEMBER else NOTHING


@scope(Team)
def limit_teams(actor: Actor) -> Q:
    """Those that the person leads; others see a team by its tenancy."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    return Q(leader=actor.person_id) if actor.capacity is Capacity.SELF and actor.signed_in else NOTHING


@scope(Talk)
@scope(Agreement)
@scope(Milestone)
@scope(Service)
@scope(GraduationGround)
@scope(Handover)
@scope(YearCard)
def limit_papers(actor: Actor) -> Q:
    """Those of both sides; officers see none."""
    return narrow_to_parties(actor, "tenancy__")
