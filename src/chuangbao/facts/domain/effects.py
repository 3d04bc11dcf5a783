"""What a fact is worth (影响): which verdicts and amounts another value would change, and what missing ones decide."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from chuangbao.core.engine.current import current_engine
from chuangbao.facts.domain.standing import Value, raw_of
from chuangbao.rules.questions import stakes, useful_order

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chuangbao.facts.domain.standing import Held
    from chuangbao.rules.answers import Status
    from chuangbao.rules.grants import Grant
    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Fact, Measure
    from chuangbao.rules.profile import Profile

__all__ = ["Change", "Conflict", "Missing", "Option", "conflicts", "judge_profile", "list_missing_facts"]

NOTHING: Mapping[str, object] = MappingProxyType({})
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Change:
    """A measure whose verdict or amount is another one with another value."""

    measure: Measure
    before: Status
    after: Status
    amount_before: Decimal | None
    amount_after: Decimal | None
    unit: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class Option:
    """One of the contradicting values, and what it would change against the one in force."""

    value: Value
    stands: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Voices that contradict each other about one fact (数据冲突)."""

    fact: Fact
    period: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not known yet, the measures that wait for it, and the money among them."""

    fact: Fact
    measures: tuple[Measure, ...]
    money: Decimal


def judge_profile(profile: Profile) -> list[Answer]:
    """Every measure of the subject's place; models of other provinces are left out."""
    return useful_order(a for a in current_engine().judge_all(profile) if not a.plan.measure.model)


def conflicts(
    standing: Mapping[tuple[str, str], Held],
    *,
    day: date,
    region: str,
    name: str = "",
    granted: Mapping[str, object] = NOTHING,
) -> list[Conflict]:
    """Every contradiction, or those about the fact ``name``, with what each value would change.

    ``granted`` is what is known of past grants, which no value changes.
    """
    rivalled = [held for held in standing.values() if held.rivals and name in {"", held.fact.name}]
    if not rivalled:
        return []
    raw = {**raw_of(standing), **granted}
    before = outcomes(raw, day, region)

    def option(held: Held, rival: Value) -> Option:
        after = outcomes(replace_value(raw, held, rival), day, region)
        return Option(rival, stands=False, changes=differences(before, after))

    return [
        Conflict(
            held.fact,
            held.period,
            (Option(held.standing, stands=True, changes=()), *(option(held, rival) for rival in held.rivals)),
        )
        for held in rivalled
    ]


def replace_value(raw: dict[str, object], held: Held, rival: Value) -> dict[str, object]:
    """What would stand with the other value."""
    name = held.fact.name
    if not held.period:
        return raw | {name: rival.value}
    by_period = raw[name]
    return raw | {name: by_period | {held.period: rival.value}}  # type: ignore[operator] # facts by period are a dict


def outcomes(raw: Mapping[str, object], day: date, region: str) -> dict[str, Answer]:
    """Every verdict for some facts, by version."""
    return {a.version: a for a in judge_profile(current_engine().profile(raw, as_of=day, region=region))}


def differences(before: Mapping[str, Answer], after: Mapping[str, Answer]) -> tuple[Change, ...]:
    """The measures that another value decides in another way."""
    pairs = [(before[version], now) for version, now in after.items()]
    return tuple(
        Change(now.plan.measure, was.status, now.status, was.amount, now.amount, now.unit, now.grant)
        for was, now in pairs
        if (was.status, was.amount) != (now.status, now.amount)
    )


def concerns(measure: Measure, audiences: frozenset[str]) -> bool:
    """Whether a measure is for one of these people, or nothing is known of whom it is for."""
    return not audiences or not measure.audience or not audiences.isdisjoint(measure.audience)


def list_missing_facts(profile: Profile, audiences: frozenset[str] = frozenset()) -> list[Missing]:
    """The facts that measures still wait for, what settles most first; with ``audiences`` those for one of them."""
    engine = current_engine()
    pack = engine.pack
    found = stakes(pack, [a for a in judge_profile(profile) if concerns(a.plan.measure, audiences)])
    order = {name: place for place, name in enumerate(pack.facts)}
    ranked = sorted((n for n in found if n in order), key=lambda n: (-found[n].weight, order[n]))
    return [
        Missing(
            pack.facts[name],
            tuple(answer.plan.measure for answer in found[name].answers),
            found[name].money.quantize(CENT),
        )
        for name in ranked
    ]
