"""What each actor may see of the register: the published is public, drafts are the office's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope
from chuangbao.core.engine.regions import covered_regions
from chuangbao.facts.scopes import of_found
from chuangbao.policies.domain.departments import aliases
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import (
    Entitlement,
    Interpretation,
    MeasureVersion,
    Offer,
    PopulationRun,
    RegisteredDocument,
    RunTotal,
    RunWorth,
    Simulation,
    Subscription,
    WorkingCopy,
)
from chuangbao.policies.permissions import may_run, may_see_entitled, may_simulate

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["authored", "of_the_agency", "own"]


@scope(MeasureVersion)
@scope(RegisteredDocument)
@scope(Interpretation)
def authored(actor: Actor) -> Q:
    """What is or was in force; officers who write or review also the drafts of their area and department."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    published = Q(stage__in=[Stage.IN_FORCE, Stage.RETIRED])
    if actor.capacity is Capacity.OFFICER and actor.holds("policy_editor", "policy_reviewer"):
        return published | Q(region__in=covered_regions(actor.region), department__in=aliases(actor.department))
    return published


@scope(WorkingCopy)
@scope(Subscription)
def own(actor: Actor) -> Q:
    """Only the actor's own."""
    return Q(person=actor.person_id) if actor.person_id else NOTHING


@scope(Simulation)
def of_the_agency(actor: Actor) -> Q:
    """The actor's own, and those of the colleagues who share area and department."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    if not may_simulate.test(actor):
        return NOTHING
    return Q(author=actor.person_id) | Q(region=actor.region, department__in=aliases(actor.department))


@scope(PopulationRun)
def runs(actor: Actor) -> Q:
    """That a run was made, and how long it took, is no secret among those who see its figures."""
    return EVERYTHING if actor.capacity is Capacity.SYSTEM or (may_run | may_see_entitled).test(actor) else NOTHING


@scope(RunTotal)
@scope(RunWorth)
def figures(actor: Actor) -> Q:
    """Those of the area of the post; persons who opened their facts to no office are in none."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    return Q(region__in=covered_regions(actor.region)) if (may_run | may_see_entitled).test(actor) else NOTHING


@scope(Entitlement)
@scope(Offer)
def of_subjects(actor: Actor) -> Q:
    """Of the subjects in sight, as they are in sight today; for members once their organisation is verified."""
    return of_found(actor, "subject__")
