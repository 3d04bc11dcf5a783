"""Trying a version of a measure: which facts it turns on, and how its amount moves over one of them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from chuangbao.rules import FactError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chuangbao.rules import Engine
    from chuangbao.rules.model import Measure, Version

__all__ = ["curve", "facts_of", "numeric_facts", "sample_day", "starting_facts"]

STEPS = 80
CENT = Decimal("0.01")


def sample_day(version: Version, today: date) -> date:
    """Today while the version is in force, else its nearest day."""
    if version.valid_from and today < version.valid_from:
        return version.valid_from
    return version.valid_to if version.valid_to and today > version.valid_to else today


def facts_of(engine: Engine, measure: Measure, version: Version, day: date) -> list[str]:
    """The plain facts that a version asks for, in the order in which it meets them."""
    empty = engine.judge(engine.profile({}, as_of=day, region=engine.pack.home(measure, day)), version.version)
    found = dict.fromkeys(name for condition in empty.conditions for name in condition.missing)
    found |= dict.fromkeys(empty.missing)
    found |= dict.fromkeys(name for example in version.examples for name in example.facts)
    return [name for name in found if name in engine.pack.facts and name != "tax_year"]


def starting_facts(measure: Measure, version: Version) -> dict[str, object]:
    """The facts of a worked case, best an eligible one of this version: the calculator begins with something to see."""
    cases = [*version.examples, *(example for other in measure.versions for example in other.examples)]
    chosen = next((e for e in cases if e.status == "eligible"), next(iter(cases), None))
    return {name: exact(value) for name, value in chosen.facts.items()} if chosen else {}


def exact(value: object) -> object:
    """A figure of a worked case as people write it."""
    return Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value


def numeric_facts(engine: Engine, names: list[str]) -> list[str]:
    """Those of the facts over which an amount can be drawn."""
    return [name for name in names if engine.pack.facts[name].type.numeric]


def curve(
    engine: Engine, measure: Measure, version: Version, facts: Mapping[str, object], over: str, day: date
) -> list[tuple[Decimal, Decimal | None]]:
    """(value, amount) pairs over one fact; a value just past each threshold is among them, so cliffs show."""
    now = facts.get(over)
    base = Decimal(str(now)) if now is not None else Decimal(0)
    answer = engine.judge(engine.profile(facts, as_of=day, region=engine.pack.home(measure, day)), version.version)
    turns = {
        Decimal(str(c.threshold))
        for c in answer.conditions
        if c.fact == over and isinstance(c.threshold, Decimal | int) and not isinstance(c.threshold, bool)
    }
    top = max([base, *turns, Decimal(1)]) * Decimal("1.5")
    whole = engine.pack.facts[over].type.value == "integer"
    unit = Decimal(1) if whole else CENT
    points = {(top * step / STEPS).quantize(unit) for step in range(STEPS + 1)} | {base}
    points |= {point for turn in turns for point in (turn - unit, turn, turn + unit) if point >= 0}
    found = []
    for point in sorted(points):
        value = int(point) if whole else point
        try:
            profile = engine.profile({**facts, over: value}, as_of=day, region=engine.pack.home(measure, day))
        except FactError:
            continue
        judged = engine.judge(profile, version.version)
        found.append(
            (
                point,
                judged.amount
                if judged.status == "eligible"
                else Decimal(0)
                if judged.status == "not_eligible"
                else None,
            )
        )
    return found
