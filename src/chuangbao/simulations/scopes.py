"""Whose simulations an actor sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope
from chuangbao.policies.domain.departments import aliases
from chuangbao.simulations.models import Simulation
from chuangbao.simulations.permissions import may_simulate

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["of_the_agency"]


@scope(Simulation)
def of_the_agency(actor: Actor) -> Q:
    """The actor's own, and those of the colleagues who share area and department."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    if not may_simulate.test(actor):
        return NOTHING
    return Q(author=actor.person_id) | Q(region=actor.region, department__in=aliases(actor.department))
