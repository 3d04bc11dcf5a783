"""Measures under ceilings: families with a common sum, taxes, exclusions, competitions; and random subjects for them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import world

from chuangbao.rules import Engine, Measure, Pack, Text
from chuangbao.rules.grants import Grant
from chuangbao.rules.model import Benefit, FactType, Group, Parameter, ParameterValue, Version

__all__ = ["DAY", "capped", "engine", "measure", "subject"]

DAY = date(2016, 2, 29)
RATE = Parameter(
    "rate", FactType.DECIMAL, "", Text("rate"),
    (ParameterValue(date(2015, 1, 1), Fraction(1, 4)), ParameterValue(date(2016, 1, 1), Fraction(1, 8))),
)  # fmt: skip
GROUPS = {
    "income_tax": Group("income_tax", "tax", text="income * rate", parameters={"rate": RATE}),
    "local": Group("local", "cap", text="income / 3 - COALESCE(debt, 0)", order=("e", "d")),
    "plain": Group("plain", "cap", cap=Fraction(25001, 100)),
}
GRANTS = (Grant.RIGHT, Grant.CLAIM, Grant.APPLY, Grant.COMPETE)


def measure(
    name: str, when: str, amount: str, *, kind: str = "tax", group: Group | None = None, tax: str = "", **more: object
) -> Measure:
    """A measure with one condition and one amount."""
    version = world.version(f"V-{name}", when, amount=amount, group=group, **more)
    version = replace(version, benefit=Benefit(kind, "CNY", amount, tax=tax))
    return Measure(name, Text(name), "enterprise", "", (version,))


def capped(*measures: Measure, groups: dict[str, Group] = GROUPS) -> Pack:
    """A pack of some measures under groups."""
    return replace(world.pack(), measures={m.id: m for m in measures}, groups=groups)


def engine(seed: int) -> Engine:
    """Eight measures whose families, taxes, exclusions and ways of granting are drawn."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable case, no secret
    names = "abcdefgh"
    found = []
    for name in names:
        group = chance.choice([None, GROUPS["local"], GROUPS["plain"], Group("best", "highest")])
        tax = chance.choice(["", "income_tax", "income_tax"])
        when = chance.choice(["open", "insured", "staff >= 3", "open OR staff < 2", "income > 100"])
        amount = chance.choice(["income * 0.07", "staff * 33.335", "250", "income / 7 - 20", "weight * 10"])
        excludes = tuple(chance.sample(names, chance.choice([0, 0, 1])))
        kind = chance.choice(["tax", "tax", "subsidy", "loan"])
        found.append(measure(name, when, amount, kind=kind, group=group, tax=tax, grant=chance.choice(GRANTS),
                             excludes=tuple(e for e in excludes if e != name)))  # fmt: skip
    return Engine(capped(*found))


def subject(chance: random.Random) -> dict[str, object]:
    """Facts of one subject, some of them not known."""
    facts: dict[str, object] = {
        "income": Decimal(chance.choice([0, 1, 99, 100, 1000, 7777])) / 100 * chance.choice([1, 100]),
        "staff": chance.randrange(5),
        "open": chance.random() < 0.7,
        "insured": chance.random() < 0.7,
        "weight": Decimal(chance.randrange(-20, 90)) / 10,
        "debt": chance.choice([None, 0, 5, 40]),
    }
    return {name: value for name, value in facts.items() if chance.random() < 0.85}


def versions(pack: Pack) -> list[Version]:
    """All versions of a pack."""
    return [version for _, version in pack.versions.values()]
