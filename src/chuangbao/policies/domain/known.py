"""Whose facts are known here (已填信息): the people to tell when a rule changes their answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.accounts.models import Membership
from chuangbao.core.actors import SYSTEM
from chuangbao.core.scope import unscoped
from chuangbao.facts.domain.standing import holdings, raw_of
from chuangbao.facts.models import Subject
from chuangbao.policies.domain.telling import Watched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

__all__ = ["known_people"]

WHY = "the worker judges everybody, and tells each only of their own answer"


def known_people(kind: str, day: date) -> Iterator[Watched]:
    """Everybody with facts on a kind of subject; sealed facts stay sealed and count as not known."""
    wanted = {"person__isnull": False} if kind == "person" else {"organisation__kind": kind}
    rows = unscoped(Subject, because=WHY).filter(facts__isnull=False, **wanted).select_related("organisation")
    for subject in rows.distinct().order_by("pk").iterator():
        facts = raw_of(holdings(subject, day=day, actor=SYSTEM, why=""))
        for person in people_of(subject):
            yield Watched(person, facts, subject.region_id)


def people_of(subject: Subject) -> list[int]:
    """The person, or everybody who belongs to the organisation."""
    if subject.person_id is not None:
        return [subject.person_id]
    rows = unscoped(Membership, because=WHY).filter(organisation=subject.organisation_id, ended_at__isnull=True)
    return list(rows.values_list("person_id", flat=True))
