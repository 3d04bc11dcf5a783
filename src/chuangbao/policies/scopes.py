"""What each actor may see of the register: the published is public, drafts are the office's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope
from chuangbao.core.engine.regions import covered_regions
from chuangbao.policies.domain.departments import aliases
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import Interpretation, MeasureVersion, RegisteredDocument, Subscription

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["authored", "own"]


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


@scope(Subscription)
def own(actor: Actor) -> Q:
    """Only the actor's own."""
    return Q(person=actor.person_id) if actor.person_id else NOTHING
