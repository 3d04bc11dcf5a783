"""What each actor may see of questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import NOTHING, scope
from chuangbao.core.engine.regions import covered_regions
from chuangbao.guidance.models import Message, Question
from chuangbao.guidance.states import QuestionStage

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


def narrow_to_actor(actor: Actor, path: str) -> Q:
    """The actor's own in this capacity; an adviser those that lie in the area, but for what was taken back."""
    if actor.capacity is Capacity.OFFICER and actor.holds("guidance"):
        here = Q(**{f"{path}region__in": covered_regions(actor.region)})
        return here & ~Q(**{f"{path}stage": QuestionStage.WITHDRAWN})
    if actor.capacity in {Capacity.SELF, Capacity.MEMBER}:
        return Q(**{f"{path}person": actor.person_id, f"{path}organisation": actor.organisation_id})
    return NOTHING


@scope(Question)
def questions(actor: Actor) -> Q:
    """Questions as above."""
    return narrow_to_actor(actor, "")


@scope(Message)
def messages(actor: Actor) -> Q:
    """What was said in them."""
    return narrow_to_actor(actor, "question__")
