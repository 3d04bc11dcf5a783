"""What each actor may see of facts: their own, those of their organisation, those of their area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from chuangbao.accounts.states import Standing
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope
from chuangbao.core.engine.regions import covered_regions, reporting_line
from chuangbao.facts.domain.sensitive import telling_measures
from chuangbao.facts.models import Award, AwardRecord, Fact, Intake, IntakeRow, Source, Subject

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["OUTSIDE", "is_withheld", "of_found", "of_statements", "of_subject"]

OUTSIDE = (Source.REGISTER, Source.OFFICER)
"""Who states facts from outside: not for people whose word alone makes them members of an organisation."""


def of_subject(actor: Actor, path: str) -> Q:
    """Rows about subjects in an actor's sight; ``path`` leads from the row to its subject."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    if actor.capacity is Capacity.SELF:
        return Q(**{f"{path}person": actor.person_id})
    if actor.capacity is Capacity.MEMBER:
        return Q(**{f"{path}organisation": actor.organisation_id})
    if actor.capacity is Capacity.OFFICER and actor.holds("register", "supervisor"):
        return Q(**{f"{path}area__in": covered_regions(actor.region)})
    return NOTHING


def of_verified(path: str) -> Q:
    """Rows about persons and about organisations that an officer has verified (已核验)."""
    return Q(**{f"{path}organisation": None}) | Q(**{f"{path}organisation__stage": Standing.VERIFIED})


def of_statements(actor: Actor) -> Q:
    """Statements in an actor's sight among those of one subject.

    Members of an organisation that is not verified do not see what registers and offices state of it: anybody
    can register a code that is printed on a licence.
    """
    if actor.capacity is not Capacity.MEMBER:
        return EVERYTHING
    return ~Q(source__in=OUTSIDE) | of_verified("subject__")


def of_found(actor: Actor, path: str) -> Q:
    """Rows worked out of all that is stated of a subject: for members once their organisation is verified."""
    found = of_subject(actor, path)
    return found & of_verified(path) if actor.capacity is Capacity.MEMBER else found


def is_withheld(actor: Actor, subject: Subject) -> bool:
    """Whether statements from outside are withheld from the actor, so that a page says so."""
    organisation = subject.organisation
    return actor.capacity is Capacity.MEMBER and organisation is not None and organisation.stage != Standing.VERIFIED


@scope(Subject)
def subjects(actor: Actor) -> Q:
    """As above."""
    return of_subject(actor, "")


@scope(Fact)
def facts(actor: Actor) -> Q:
    """Those of the subjects in sight; see ``of_statements``."""
    return of_subject(actor, "subject__") & of_statements(actor)


def is_own_upload(actor: Actor, path: str) -> Q:
    """Files that the actor uploaded in this very capacity."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    return Q(**{f"{path}person": actor.person_id, f"{path}holder": actor.acting}) if actor.signed_in else NOTHING


@scope(Intake)
def intakes(actor: Actor) -> Q:
    """The actor's own."""
    return is_own_upload(actor, "")


@scope(IntakeRow)
def intake_rows(actor: Actor) -> Q:
    """Those of the actor's own files."""
    return is_own_upload(actor, "intake__")


@scope(Award)
def awards(actor: Actor) -> Q:
    """Those of the subjects in sight, as facts are; a measure that tells a sealed fact only to who recorded the grant.

    That a person got the aid for a group tells that they belong to it.
    """
    found = of_subject(actor, "subject__") & of_statements(actor)
    if actor.capacity is not Capacity.OFFICER:
        return found
    return found & (~Q(measure__in=list(telling_measures())) | Q(recorded_by=actor.person_id))


@scope(AwardRecord)
def award_records(actor: Actor) -> Q:
    """What offices say of the actor's area or of places above it, and what is said of the subjects in sight."""
    found = of_subject(actor, "subject__") & Q(subject__isnull=False)
    if actor.capacity is Capacity.OFFICER and actor.region:
        return found | Q(
            region__in=[*covered_regions(actor.region), *reporting_line(actor.region, timezone.localdate())]
        )
    return found
