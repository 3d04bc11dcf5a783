"""Whose facts are known here (已填信息): the people to tell when a rule changes their answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.accounts.models import Membership
from chuangbao.accounts.states import Standing
from chuangbao.authoring.domain.telling import Watched, watchers
from chuangbao.core.access.actors import Actor, Capacity
from chuangbao.core.access.row_access import unscoped
from chuangbao.facts.domain.granted import known_facts
from chuangbao.facts.models import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

__all__ = ["known_people"]

WHY = "the worker judges everybody, and tells each only of their own answer"


def known_people(kind: str, day: date) -> Iterator[Watched]:
    """Everybody with facts on a kind of subject; sealed facts stay sealed and count as not known."""
    wanted = {"person__isnull": False} if kind == "person" else {"organisation__kind": kind}
    rows = unscoped(Subject, because=WHY).filter(facts__isnull=False, **wanted).select_related("organisation")
    rows = rows.exclude(person__is_active=False).exclude(organisation__stage=Standing.CLOSED)
    for subject in rows.distinct().order_by("pk").iterator():
        facts = known_facts(subject, day=day, actor=reader_of(subject), why="")
        for person in people_of(subject):
            yield Watched(person, facts, subject.region_id, subject.pk)


def reader_of(subject: Subject) -> Actor:
    """Return whom the facts are judged for: the subject's own people, with no more than they see."""
    if subject.person_id is not None:
        return Actor(Capacity.SELF, subject.person_id)
    return Actor(Capacity.MEMBER, organisation_id=subject.organisation_id)


def people_of(subject: Subject) -> list[int]:
    """The person, or everybody who belongs to the organisation."""
    if subject.person_id is not None:
        return [subject.person_id]
    rows = unscoped(Membership, because=WHY).filter(organisation=subject.organisation_id, ended_at__isnull=True)
    return list(rows.values_list("person_id", flat=True))


watchers.append(known_people)
