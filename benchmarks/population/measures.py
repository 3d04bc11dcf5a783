"""The measures of the workload: 3 to 8 conditions and a formula each, drawn by chance from what real measures ask.

A condition is a small record; every engine of the comparison words it in its own language, by hand, once a kind.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from population.facts import CODES

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Absent",
    "Amount",
    "AnyOf",
    "AtLeast",
    "AtMost",
    "Bands",
    "Between",
    "BySize",
    "ByTrade",
    "Condition",
    "Either",
    "Interest",
    "LoanAtMost",
    "Measure",
    "MonthsUnder",
    "OneOf",
    "PerHead",
    "Relief",
    "RentHelp",
    "Share",
    "ShareOf",
    "Since",
    "Truth",
    "draw",
]


@dataclass(frozen=True)
class AtLeast:
    """``fact >= limit``."""

    fact: str
    limit: Decimal


@dataclass(frozen=True)
class AtMost:
    """``fact <= limit``."""

    fact: str
    limit: Decimal


@dataclass(frozen=True)
class Between:
    """``fact BETWEEN low AND high``."""

    fact: str
    low: int
    high: int


@dataclass(frozen=True)
class Truth:
    """A boolean fact, or its contrary."""

    fact: str
    wanted: bool


@dataclass(frozen=True)
class OneOf:
    """``fact IN (codes)``."""

    fact: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class MonthsUnder:
    """Fewer than so many full months since a day."""

    fact: str
    months: int


@dataclass(frozen=True)
class Since:
    """On that day or later."""

    fact: str
    day: date


@dataclass(frozen=True)
class AnyOf:
    """The set ``groups`` has one of the codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class ShareOf:
    """``part >= whole * share``."""

    part: str
    share: Decimal
    whole: str


@dataclass(frozen=True)
class LoanAtMost:
    """No loan, or one of at most so much."""

    limit: int


@dataclass(frozen=True)
class Absent:
    """Known to have no loan."""


@dataclass(frozen=True)
class ByTrade:
    """Staff at most ``within`` in some industries and at most ``outside`` in the others."""

    industries: tuple[str, ...]
    within: int
    outside: int


@dataclass(frozen=True)
class Either:
    """``fact >= limit OR truth``."""

    fact: str
    limit: int
    truth: str


Condition = (
    AtLeast
    | AtMost
    | Between
    | Truth
    | OneOf
    | MonthsUnder
    | Since
    | AnyOf
    | ShareOf
    | LoanAtMost
    | Absent
    | ByTrade
    | Either
)


@dataclass(frozen=True)
class PerHead:
    """So much for each."""

    fact: str
    rate: int


@dataclass(frozen=True)
class Share:
    """A share of a sum, up to a cap."""

    fact: str
    rate: Decimal
    cap: int


@dataclass(frozen=True)
class Relief:
    """Tax at the full rate less tax at the reduced one."""

    half: Decimal
    reduced: Decimal


@dataclass(frozen=True)
class RentHelp:
    """A share of the rent, up to so much for each square metre."""

    rate: Decimal
    per_area: int


@dataclass(frozen=True)
class BySize:
    """One lump sum for a size, another for the rest."""

    scale: str
    high: int
    low: int


@dataclass(frozen=True)
class Bands:
    """One rate up to a first limit, another from there to a second."""

    first: int
    second: int
    rate: Decimal
    next_rate: Decimal


@dataclass(frozen=True)
class Interest:
    """Interest on the loan for some months; nothing where there is none."""

    rate: Decimal
    months: int


Amount = PerHead | Share | Relief | RentHelp | BySize | Bands | Interest


@dataclass(frozen=True)
class Measure:
    """All conditions must hold; then the amount is owed."""

    id: str
    conditions: tuple[Condition, ...]
    amount: Amount


FACTORS = (Decimal(1), Decimal(1), Decimal(1), Decimal("1.5"), Decimal("1.2"))


def draw(number: int, seed: int = 6) -> tuple[Measure, ...]:
    """So many measures; the first of a longer list are those of a shorter one."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, no secret
    return tuple(Measure(f"m{index:03d}", conditions(chance), amount(chance)) for index in range(number))


def conditions(chance: random.Random) -> tuple[Condition, ...]:
    """Three to eight different ones, no kind of thing asked twice."""
    makers = chance.sample(CONDITIONS, chance.randint(3, 8))
    return tuple(maker(chance) for maker in makers)


def amount(chance: random.Random) -> Amount:
    """One formula."""
    return chance.choice(AMOUNTS)(chance)


def some(chance: random.Random, name: str, least: int, most: int) -> tuple[str, ...]:
    """A few codes of a list."""
    return tuple(sorted(chance.sample(CODES[name], chance.randint(least, most))))


def at_most(fact: str, *limits: int | str) -> Callable[[random.Random], Condition]:
    """An upper limit, one of those that rules use, or half as much again."""
    return lambda chance: AtMost(fact, Decimal(chance.choice(limits)) * chance.choice(FACTORS))


def at_least(fact: str, *limits: int | str) -> Callable[[random.Random], Condition]:
    """A lower limit, one of those that rules use, or half as much again."""
    return lambda chance: AtLeast(fact, Decimal(chance.choice(limits)) * chance.choice(FACTORS))


def truth(fact: str, *, wanted: bool = True) -> Callable[[random.Random], Condition]:
    """A boolean fact."""
    return lambda _chance: Truth(fact, wanted)


CONDITIONS: tuple[Callable[[random.Random], Condition], ...] = (
    at_most("taxable_income", 200_000, 300_000, 500_000, 1_000_000, 2_000_000, 3_000_000),
    at_most("revenue", 3_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000, 100_000_000, 400_000_000),
    at_most("assets", 10_000_000, 30_000_000, 50_000_000, 80_000_000, 100_000_000),
    at_least("rd_spend", 10_000, 20_000, 50_000, 80_000, 100_000),
    at_most("staff", 20, 50, 80, 100, 200, 300, 500, 1000),
    at_least("hires", 1, 2, 3, 5),
    at_least("patents", 1, 2, 3),
    at_least("months_insured", 3, 6, 12),
    at_least("floor_area", 50, 100, "200.5"),
    at_least("tech_share", "0.05", "0.1", "0.15", "0.2", "0.3"),
    truth("insured"),
    truth("incubated"),
    truth("first_time"),
    truth("high_tech"),
    truth("arrears", wanted=False),
    lambda chance: Between("staff", chance.choice((1, 3, 5, 10)), chance.choice((100, 200, 300, 500))),
    lambda chance: OneOf("industry", some(chance, "industry", 4, 8)),
    lambda chance: OneOf("scale", chance.choice((("micro",), ("micro", "small"), ("medium", "micro", "small")))),
    lambda chance: OneOf("county", some(chance, "county", 1, 3)),
    lambda chance: MonthsUnder("founded", chance.choice((12, 24, 36, 42, 60, 84, 120))),
    lambda chance: MonthsUnder("graduated", chance.choice((24, 36, 60, 120))),
    lambda chance: Since("registered", date(chance.choice((2010, 2013, 2015, 2018, 2020)), chance.choice((1, 7)), 1)),
    lambda chance: AnyOf(some(chance, "groups", 1, 3)),
    lambda chance: ShareOf("rd_spend", Decimal(chance.choice(("0.03", "0.04", "0.05", "0.06"))), "revenue"),
    lambda chance: ShareOf("hires", Decimal(chance.choice(("0.05", "0.1", "0.15", "0.25"))), "staff"),
    lambda chance: LoanAtMost(chance.choice((200_000, 300_000, 500_000, 1_000_000))),
    lambda _chance: Absent(),
    lambda chance: ByTrade(some(chance, "industry", 3, 5), *chance.choice(((100, 80), (300, 200), (1000, 300)))),
    lambda chance: Either("patents", chance.choice((1, 3, 5)), "high_tech"),
)
AMOUNTS: tuple[Callable[[random.Random], Amount], ...] = (
    lambda chance: PerHead(chance.choice(("hires", "staff")), chance.randrange(500, 3000, 100)),
    lambda chance: Share("rd_spend", rate(chance, 50, 200), chance.randrange(200_000, 1_000_001, 100_000)),
    lambda chance: Share("taxable_income", rate(chance, 50, 150), 1_000_000),
    lambda chance: Relief(Decimal(chance.choice(("0.25", "0.5"))), rate(chance, 100, 200)),
    lambda chance: RentHelp(Decimal(chance.choice(("0.3", "0.5"))), chance.randrange(120, 365, 10)),
    lambda chance: BySize(chance.choice(("micro", "small")), chance.randrange(5000, 9000, 500), 2000),
    lambda chance: Bands(1_000_000, 3_000_000, rate(chance, 10, 60), Decimal("0.1")),
    lambda chance: Interest(Decimal(chance.choice(("0.0345", "0.0435", "0.0395"))), chance.choice((12, 24, 36))),
)


def rate(chance: random.Random, least: int, most: int) -> Decimal:
    """A share in steps of half a per cent."""
    return Decimal(chance.randrange(least, most + 1, 5)).scaleb(-3)
