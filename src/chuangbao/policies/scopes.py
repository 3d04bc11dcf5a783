"""What each actor may see of the register: the published is public, drafts are the office's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.actors import Capacity
from chuangbao.core.regions import covered
from chuangbao.core.scope import EVERYTHING, NOTHING, scope
from chuangbao.policies.domain.departments import aliases
from chuangbao.policies.models import (
    Interpretation,
    MeasureVersion,
    RegisteredDocument,
    Simulation,
    Subscription,
    WorkingCopy,
)
from chuangbao.policies.permissions import may_simulate
from chuangbao.policies.states import Stage

if TYPE_CHECKING:
    from chuangbao.core.actors import Actor

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
        return published | Q(region__in=covered(actor.region), department__in=aliases(actor.department))
    return published


@scope(WorkingCopy)
@scope(Subscription)
def own(actor: Actor) -> Q:
    """Only what one keeps for oneself."""
    return Q(person=actor.person_id) if actor.person_id else NOTHING


@scope(Simulation)
def of_the_agency(actor: Actor) -> Q:
    """One's own, and those of the colleagues who share area and department."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    if not may_simulate.test(actor):
        return NOTHING
    return Q(author=actor.person_id) | Q(region=actor.region, department__in=aliases(actor.department))
