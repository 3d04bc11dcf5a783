"""What each actor may see of runs over everybody, and of who is entitled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope
from chuangbao.core.engine.regions import covered_regions
from chuangbao.facts.scopes import of_found
from chuangbao.matching.models import Entitlement, Offer, PopulationRun, RunTotal, RunWorth
from chuangbao.matching.permissions import may_run, may_see_entitled

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


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
