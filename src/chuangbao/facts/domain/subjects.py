"""Whom facts are about: found, or made on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.facts.models import Subject
from chuangbao.facts.permissions import may_open

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.accounts.models import Organisation
    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import Region

__all__ = ["AUDIENCES", "audiences_of", "open_to", "subject_of", "subject_of_organisation"]

AUDIENCES = {
    "enterprise": ("company", "individual_business"),
    "space": ("makerspace",),
    "institute": ("institution",),
    "funder": ("investor",),
}
"""Whom measures are for, in the words of a pack's audiences, by the kind of an organisation."""
WHY = "made on first use, for the very person or organisation that asks"


def subject_of(actor: Actor) -> Subject:
    """Return the subject of the actor's own facts: the organisation they act for, or the person.

    Raises PermissionDenied for a capacity that has none, such as an officer's.
    """
    rows = unscoped(Subject, because=WHY)
    if actor.capacity is Capacity.SELF and actor.person_id is not None:
        return rows.get_or_create(person_id=actor.person_id)[0]
    if actor.capacity is Capacity.MEMBER and actor.organisation_id is not None:
        return rows.get_or_create(organisation_id=actor.organisation_id)[0]
    raise PermissionDenied


def subject_of_organisation(organisation: Organisation) -> Subject:
    """The subject of an organisation that the caller may see."""
    return unscoped(Subject, because=WHY).get_or_create(organisation=organisation)[0]


def audiences_of(subject: Subject, raw: Mapping[str, object]) -> frozenset[str]:
    """Whom a measure may be for, to concern this subject: those of its kind.

    Of a person all kinds of people that no fact is said of, and whom the facts ``raw`` make them: one who runs a
    company too is of companies.
    """
    if subject.organisation is not None:
        return frozenset(AUDIENCES.get(subject.organisation.kind, ()))
    return frozenset(
        audience.id
        for audience in current_pack().audiences
        if (audience.facts or audience.subject == "person")
        and all(raw.get(name) == value for name, value in audience.facts.items())
    )


@transaction.atomic
def open_to(*, subject: Subject, place: Region | None, actor: Actor) -> Subject:
    """Let the offices of a place see and verify the actor's own facts, or close them again (授权查看)."""
    permit(may_open, actor=actor, row=subject)
    subject.place = place
    subject.save(update_fields=["place"])
    record(actor, "open_to", subject, after=place.pk if place else "")
    return subject
