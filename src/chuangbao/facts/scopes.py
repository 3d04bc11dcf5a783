"""What each actor may see of facts: one's own, those of the organisation one acts for, those of one's area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.actors import Capacity
from chuangbao.core.regions import covered
from chuangbao.core.scope import EVERYTHING, NOTHING, scope
from chuangbao.facts.models import Fact, Intake, IntakeRow, Subject

if TYPE_CHECKING:
    from chuangbao.core.actors import Actor

__all__ = ["of_subject"]


def of_subject(actor: Actor, path: str) -> Q:
    """Rows about subjects in an actor's sight; ``path`` leads from the row to its subject."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    if actor.capacity is Capacity.SELF:
        return Q(**{f"{path}person": actor.person_id})
    if actor.capacity is Capacity.MEMBER:
        return Q(**{f"{path}organisation": actor.organisation_id})
    if actor.capacity is Capacity.OFFICER and actor.holds("register", "supervisor"):
        return Q(**{f"{path}area__in": covered(actor.region)})
    return NOTHING


@scope(Subject)
def subjects(actor: Actor) -> Q:
    """As above."""
    return of_subject(actor, "")


@scope(Fact)
def facts(actor: Actor) -> Q:
    """Those of the subjects in sight."""
    return of_subject(actor, "subject__")


def uploaded(actor: Actor, path: str) -> Q:
    """Files that one uploaded oneself in this very capacity."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    return Q(**{f"{path}person": actor.person_id, f"{path}holder": actor.acting}) if actor.signed_in else NOTHING


@scope(Intake)
def intakes(actor: Actor) -> Q:
    """One's own."""
    return uploaded(actor, "")


@scope(IntakeRow)
def intake_rows(actor: Actor) -> Q:
    """Those of one's own files."""
    return uploaded(actor, "intake__")
