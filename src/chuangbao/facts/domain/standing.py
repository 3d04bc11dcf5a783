"""Which of a subject's facts are in force on a day (有效值), which voices contradict each other, and who read what.

Verified goes before unverified, a register or an officer before what people say of themselves, then
the later day (decision 10). A voice that says something else stays visible until it is settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.audit.readings import record_reading
from chuangbao.core.engine.current import current_pack
from chuangbao.facts.domain.periods import key_of
from chuangbao.facts.domain.values import is_closed, value_of
from chuangbao.facts.enums import FactStage
from chuangbao.facts.models import Fact, Source
from chuangbao.facts.scopes import of_statements
from chuangbao.rules import FactError
from chuangbao.rules.profile import coerce

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.facts.models import Subject
    from chuangbao.rules.model import Fact as Known

__all__ = ["SEALED", "Held", "Value", "holdings", "is_sensitive", "known_values", "open_values", "raw_of"]


class Sealed:
    """Placeholder for a value that was not opened."""

    def __repr__(self) -> str:
        """Readable in messages."""
        return "SEALED"


SEALED = Sealed()


@dataclass(frozen=True, slots=True)
class Value:
    """One row with its value, opened where it was sealed."""

    row: Fact
    value: object

    def rank(self, day: date) -> tuple[bool, bool, date, int]:
        """Its weight among others of the same fact on a day."""
        return (self.holds(day), self.row.from_outside, self.row.day, self.row.pk)

    def holds(self, day: date) -> bool:
        """Whether it is verified, and still so on the day."""
        until = self.row.verified_until
        return self.row.stage == FactStage.VERIFIED and until is not None and day <= until

    @property
    def voice(self) -> str:
        """Who says so: the subject's own people, one register, or the office."""
        if self.row.source == Source.REGISTER:
            return f"register:{self.row.register}"
        return "officer" if self.row.source == Source.OFFICER else "own"


@dataclass(frozen=True, slots=True)
class Held:
    """The value of one fact (of one period) in force, and the voices that say something else."""

    fact: Known
    period: str
    standing: Value
    rivals: tuple[Value, ...]


def open_values(rows: Iterable[Fact], *, subject: Subject, actor: Actor, why: str) -> list[Value]:
    """The rows with their values; the reading of sealed ones is put on record (敏感信息查阅留痕).

    Without a reason (``why``) nothing is opened, and sealed values are ``SEALED``.
    """
    rows = list(rows)
    closed = [row for row in rows if is_closed(row) or is_sensitive(row)]
    secrets: dict[int, str] = {}
    if closed and why:
        rows_of = subject.facts.filter(pk__in=[row.pk for row in closed])
        found = rows_of.defer(None).only("subject_id", "name", "secret")
        secrets = {row.pk: str(row.secret) for row in found if row.secret is not None}
        names = sorted({row.name for row in closed})
        record_reading(
            actor, subject, person=subject.person_id, organisation=subject.organisation_id, reason=why, facts=names
        )
    return [Value(row, SEALED if row in closed and not why else value_of(row, secrets.get(row.pk))) for row in rows]


def is_sensitive(row: Fact) -> bool:
    """Whether the catalogue calls the fact sensitive; that there is none tells as much as a value."""
    known = current_pack().facts.get(row.name)
    return known is not None and known.sensitive


def known_by(subject: Subject, day: date, actor: Actor) -> list[Fact]:
    """Return everything in the actor's sight that is said and not withdrawn, about days up to this one."""
    rows = subject.facts.filter(of_statements(actor)).exclude(stage=FactStage.WITHDRAWN)
    found = rows.filter(Q(as_of__lte=day) | Q(period__startswith__lte=day)).select_related("recorded_by", "verified_by")
    return [row for row in found if row.name in current_pack().facts]


def known_values(subject: Subject, name: str, *, actor: Actor, why: str) -> list[Value]:
    """Return every statement about one fact in the actor's sight, the withdrawn as well, the newest first."""
    rows = subject.facts.filter(of_statements(actor), name=name).select_related(
        "recorded_by", "verified_by", "evidence"
    )
    return open_values(rows.order_by("-pk"), subject=subject, actor=actor, why=why)


def holdings(subject: Subject, *, day: date, actor: Actor, why: str) -> dict[tuple[str, str], Held]:
    """Return the values in force on a day, by fact and period, in the order of the catalogue."""
    pack = current_pack()
    said: dict[tuple[str, str], list[Value]] = {}
    for value in open_values(known_by(subject, day, actor), subject=subject, actor=actor, why=why):
        if fits(pack.facts[value.row.name], value.value):
            said.setdefault(key(value.row), []).append(value)
    order = {name: place for place, name in enumerate(pack.facts)}
    keys = sorted(said, key=lambda pair: (order[pair[0]], pair[1]))
    return {pair: choose_standing(pack.facts[pair[0]], pair[1], said[pair], day) for pair in keys}


def fits(fact: Known, value: object) -> bool:
    """Whether the catalogue of today still lets a value in."""
    if value is SEALED:
        return True
    try:
        coerce(current_pack(), fact, value)
    except FactError:
        return False
    return True


def key(row: Fact) -> tuple[str, str]:
    """The fact, and its period where it has one."""
    fact = current_pack().facts[row.name]
    return row.name, key_of(fact, row.period) if row.period is not None and fact.per else ""


def choose_standing(fact: Known, period: str, values: list[Value], day: date) -> Held:
    """Choose the value in force, and the last word of every other voice that says something else."""
    standing = max(values, key=lambda value: value.rank(day))
    last: dict[str, Value] = {}
    for value in sorted(values, key=lambda value: (value.row.day, value.row.pk)):
        last[value.voice] = value
    settled = standing.holds(day)
    rivals = [
        value
        for value in last.values()
        if value.value != standing.value and not (settled and value.row.day <= standing.row.day)
    ]
    return Held(fact, period, standing, tuple(rivals))


def raw_of(standing: Mapping[tuple[str, str], Held]) -> dict[str, object]:
    """Return the values in force, in the shape that the engine takes."""
    raw: dict[str, object] = {}
    for (name, period), found in standing.items():
        if found.standing.value is SEALED:
            continue
        if period:
            by_period = raw.setdefault(name, {})
            by_period[period] = found.standing.value  # type: ignore[index] # a fact has periods or has none
        else:
            raw[name] = found.standing.value
    return raw
