"""What each actor may see: an operator what concerns its spaces, officers what is of their area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope
from chuangbao.core.engine.regions import covered_regions
from chuangbao.inspections.enums import PlanStage
from chuangbao.inspections.models import (
    Draw,
    Exclusion,
    Finding,
    GuidanceNote,
    GuidanceReply,
    PlanMilestone,
    UpgradePlan,
    Visit,
    VisitFile,
    VisitInspector,
)
from chuangbao.inspections.models.visits import SEEN
from chuangbao.inspections.permissions import may_oversee

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["narrow_to_space"]


def narrow_to_space(actor: Actor, path: str = "space__") -> Q:
    """Rows of the actor's own spaces, or of those in an officer's area; ``path`` leads to the space."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    if actor.capacity is Capacity.MEMBER and actor.organisation_id is not None:
        return Q(**{f"{path}operator": actor.organisation_id})
    if may_oversee.test(actor):
        return Q(**{f"{path}region__in": covered_regions(actor.region)})
    return NOTHING


@scope(GuidanceNote)
def limit_notes(actor: Actor) -> Q:
    """Those to the actor's spaces; for officers of the area."""
    return narrow_to_space(actor)


@scope(GuidanceReply)
def limit_replies(actor: Actor) -> Q:
    """Those of the notes in sight."""
    return narrow_to_space(actor, "note__space__")


@scope(Draw)
def limit_draws(actor: Actor) -> Q:
    """Those of the area, and for everybody those whose list is fixed: that is public at once."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    fixed = Q(frozen_at__isnull=False)
    return fixed | Q(region__in=covered_regions(actor.region)) if may_oversee.test(actor) else fixed


@scope(Exclusion)
def limit_exclusions(actor: Actor) -> Q:
    """Those of the area's draws, for officers alone: they name inspectors."""
    return narrow_to_officers(actor, "draw__region__in")


@scope(VisitInspector)
def limit_inspectors(actor: Actor) -> Q:
    """Those of the area's visits, for officers alone."""
    return narrow_to_officers(actor, "visit__space__region__in")


def narrow_to_officers(actor: Actor, path: str) -> Q:
    """Rows of an officer's area; ``path`` asks whether a region is in it."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    return Q(**{path: covered_regions(actor.region)}) if may_oversee.test(actor) else NOTHING


@scope(Visit)
def limit_visits(actor: Actor) -> Q:
    """Those of the area; an operator's own once they took place; for everybody what is published."""
    published = Q(draw__published_at__isnull=False)
    own = narrow_to_space(actor)
    return published | (own & Q(stage__in=SEEN) if actor.capacity is Capacity.MEMBER else own)


@scope(Finding)
@scope(VisitFile)
def limit_findings(actor: Actor) -> Q:
    """Those of the area's visits, and of the operator's own that took place."""
    own = narrow_to_space(actor, "visit__space__")
    return own & Q(visit__stage__in=SEEN) if actor.capacity is Capacity.MEMBER else own


@scope(UpgradePlan)
def limit_plans(actor: Actor) -> Q:
    """Those of the actor's spaces; for officers those of the area that began."""
    own = narrow_to_space(actor)
    return own & ~Q(stage=PlanStage.DRAFT) if may_oversee.test(actor) else own


@scope(PlanMilestone)
def limit_milestones(actor: Actor) -> Q:
    """Those of the plans in sight."""
    own = narrow_to_space(actor, "plan__space__")
    return own & ~Q(plan__stage=PlanStage.DRAFT) if may_oversee.test(actor) else own
