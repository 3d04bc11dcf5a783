"""What each actor may see of spaces: the register is public, transfers are between two organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope
from chuangbao.core.access.scopes import own_by
from chuangbao.core.engine.regions import covered_regions
from chuangbao.spaces.enums import MemberStage
from chuangbao.spaces.models import (
    Following,
    NewTagEvidence,
    Offer,
    Project,
    ProjectMember,
    ProjectMilestone,
    Recognition,
    Site,
    Space,
    SpacePicture,
    Transfer,
)
from chuangbao.spaces.permissions import may_oversee_spaces

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


@scope(Space)
@scope(Site)
@scope(Offer)
@scope(NewTagEvidence)
@scope(Recognition)
@scope(SpacePicture)
@scope(Project)
@scope(ProjectMilestone)
def show_register(_actor: Actor) -> Q:
    """Everything: what the register of spaces (众创空间名录) says is public."""
    return EVERYTHING


@scope(Transfer)
def limit_transfers(actor: Actor) -> Q:
    """Those that the actor's organisation gives or receives; for officers those of the area."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    if actor.capacity is Capacity.MEMBER:
        return Q(giver=actor.organisation_id) | Q(receiver=actor.organisation_id)
    return Q(space__region__in=covered_regions(actor.region)) if may_oversee_spaces.test(actor) else NOTHING


@scope(ProjectMember)
def limit_members(actor: Actor) -> Q:
    """Members for everybody; claims, and who is not in it any more, for the operator and the officers of the area."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    public = Q(stage=MemberStage.MEMBER)
    if actor.capacity is Capacity.MEMBER:
        return public | Q(space__operator=actor.organisation_id)
    return public | Q(project__region__in=covered_regions(actor.region)) if may_oversee_spaces.test(actor) else public


@scope(Following)
def limit_followings(actor: Actor) -> Q:
    """The actor's own."""
    return own_by("person", actor)
