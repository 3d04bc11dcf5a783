"""OpenFisca-Core: every condition, verdict and amount a variable with a formula over arrays, as its users write them.

It has no unknown, so states are the numbers 0, 1 and 2 and their AND is the minimum; missing money is NaN. Its own
floats have 32 bits, which lose the fen: 64 are set here, and one byte for a state.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import singledispatch
from typing import TYPE_CHECKING, Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from population.facts import CODES, FACTS
from population.measures import (
    Absent,
    AnyOf,
    AtLeast,
    AtMost,
    Bands,
    Between,
    BySize,
    ByTrade,
    Either,
    Interest,
    LoanAtMost,
    MonthsUnder,
    OneOf,
    PerHead,
    Relief,
    RentHelp,
    Share,
    ShareOf,
    Since,
    Truth,
)
from population.native import NONE, UNKNOWN_CODE, UNKNOWN_SET, columns_of
from population.outcome import THREADS, Outcome, cutoff, day_number

if TYPE_CHECKING:
    from pathlib import Path

    from population.measures import Measure
    from population.outcome import Outcomes

__all__ = ["OpenFisca", "Tuned"]

PERIOD = "2024"
KINDS = {fact.name: fact.type for fact in FACTS}
Read = Any  # of a name the column


def known(name: str, values: Any) -> Any:
    """Where a column has a value."""
    if KINDS[name] in {"integer", "date"}:
        return values != NONE
    return values != UNKNOWN_CODE if KINDS[name] == "code" else values == values  # noqa: PLR0124 - NaN differs from itself


def state(holds: Any, there: Any) -> Any:
    """0 no, 1 unknown, 2 yes."""
    return np.where(there, holds * np.int8(2), np.int8(1))


def number(read: Read, name: str) -> Any:
    """A column as doubles."""
    values = read(name)
    return np.where(values == NONE, np.nan, values) if KINDS[name] == "integer" else values


def loan(read: Read) -> Any:
    """The loan, zero where there is none."""
    return np.where(read("loan__absent"), 0.0, read("loan"))


@singledispatch
def formula(part: object, read: Read) -> Any:
    """A condition's states or an amount, NaN where it is unknown."""
    raise TypeError(part, read)


@formula.register
def _(part: AtLeast, read: Read) -> Any:
    values = read(part.fact)
    return state(values >= float(part.limit), known(part.fact, values))


@formula.register
def _(part: AtMost, read: Read) -> Any:
    values = read(part.fact)
    return state(values <= float(part.limit), known(part.fact, values))


@formula.register
def _(part: Between, read: Read) -> Any:
    values = read(part.fact)
    return state((values >= part.low) & (values <= part.high), known(part.fact, values))


@formula.register
def _(part: Truth, read: Read) -> Any:
    return read(part.fact).astype(np.int8) if part.wanted else 2 - read(part.fact).astype(np.int8)


@formula.register
def _(part: OneOf, read: Read) -> Any:
    table = np.array([2 if code in part.codes else 0 for code in CODES[part.fact]] + [1] * 256, np.int8)
    table[UNKNOWN_CODE] = 1
    return table[read(part.fact)]


@formula.register
def _(part: MonthsUnder, read: Read) -> Any:
    values = read(part.fact)
    return state(values > day_number(cutoff(part.months)), known(part.fact, values))


@formula.register
def _(part: Since, read: Read) -> Any:
    values = read(part.fact)
    return state(values >= day_number(part.day), known(part.fact, values))


@formula.register
def _(part: AnyOf, read: Read) -> Any:
    values = read("groups")
    mask = sum(1 << CODES["groups"].index(code) for code in part.codes)
    return state((values & mask) != 0, values != UNKNOWN_SET)


@formula.register
def _(part: ShareOf, read: Read) -> Any:
    left = number(read, part.part) - number(read, part.whole) * float(part.share)
    return state(left >= -1e-6, left == left)  # noqa: PLR0124 - the same


@formula.register
def _(part: LoanAtMost, read: Read) -> Any:
    values = loan(read)
    return state(values <= part.limit, known("loan", values))


@formula.register
def _(_part: Absent, read: Read) -> Any:
    absent = read("loan__absent") != 0
    return state(absent, absent | known("loan", read("loan")))


@formula.register
def _(part: ByTrade, read: Read) -> Any:
    staff, industry = read("staff"), read("industry")
    table = np.full(256, part.outside)
    table[[CODES["industry"].index(code) for code in part.industries]] = part.within
    return state(staff <= table[industry], known("staff", staff) & known("industry", industry))


@formula.register
def _(part: Either, read: Read) -> Any:
    values = read(part.fact)
    return np.maximum(state(values >= part.limit, known(part.fact, values)), read(part.truth).astype(np.int8))


@formula.register
def _(part: PerHead, read: Read) -> Any:
    return number(read, part.fact) * part.rate


@formula.register
def _(part: Share, read: Read) -> Any:
    return np.minimum(read(part.fact) * float(part.rate), part.cap)


@formula.register
def _(part: Relief, read: Read) -> Any:
    return read("taxable_income") * 0.25 - read("taxable_income") * float(part.half * part.reduced)


@formula.register
def _(part: RentHelp, read: Read) -> Any:
    return np.minimum(read("rent_paid") * float(part.rate), read("floor_area") * part.per_area)


@formula.register
def _(part: BySize, read: Read) -> Any:
    table = np.array([part.high if code == part.scale else part.low for code in CODES["scale"]] + [np.nan] * 256)
    return table[read("scale")]


@formula.register
def _(part: Bands, read: Read) -> Any:
    income = read("taxable_income")
    above = np.maximum(np.minimum(income, part.second) - part.first, 0)
    return np.minimum(income, part.first) * float(part.rate) + above * float(part.next_rate)


@formula.register
def _(part: Interest, read: Read) -> Any:
    return loan(read) * float(part.rate) / 12 * part.months


SUBJECT = build_entity(key="subject", plural="subjects", label="", is_person=True)


def variable(name: str, work: Any = None) -> type[Variable]:
    """A variable of the system; with a formula where it is worked out."""
    parts: dict[str, Any] = {"value_type": float, "entity": SUBJECT, "definition_period": DateUnit.YEAR}
    if work is not None:
        parts["formula"] = work
    return type(name, (Variable,), parts)


class OpenFisca:
    """One simulation of everybody, as it is mostly used; the columns lie in memory before the clock starts."""

    threads = 1
    most = 1_000_000  # as many at a time as memory holds

    def __init__(self, path: Path, measures: tuple[Measure, ...]) -> None:
        self.measures = measures
        self.columns = columns_of(path)
        self.system = TaxBenefitSystem([SUBJECT])
        for name, column in self.columns.items():
            self.add(name, column.dtype)
        parts = list(dict.fromkeys(part for measure in measures for part in measure.conditions))
        names = {part: f"c{index}" for index, part in enumerate(parts)}
        for part, name in names.items():
            self.add(name, np.int8, condition(part))
        for measure in measures:
            self.add(f"{measure.id}_verdict", np.int8, verdict([names[part] for part in measure.conditions]))
            self.add(f"{measure.id}_fen", np.float64, fen(measure.amount))

    def add(self, name: str, dtype: Any, work: Any = None) -> None:
        """A variable with its own width."""
        self.system.add_variable(variable(name, work)).dtype = np.dtype(dtype)

    def chunk(self, start: int) -> list[tuple[int, int, int]]:
        """Counts and sums over some subjects."""
        stop = min(start + self.most, self.rows)
        simulation = SimulationBuilder().build_default_simulation(self.system, count=stop - start)
        for name, column in self.columns.items():
            simulation.set_input(name, PERIOD, column[start:stop])
        found = []
        for measure in self.measures:
            verdicts = simulation.calculate(f"{measure.id}_verdict", PERIOD)
            money = simulation.calculate(f"{measure.id}_fen", PERIOD)[verdicts == 2]
            found.append((int((verdicts == 2).sum()), int((verdicts == 0).sum()), int(np.nansum(money))))
        return found

    @property
    def rows(self) -> int:
        """How many subjects there are."""
        return len(self.columns["revenue"])

    def run(self) -> Outcomes:
        """Judge everybody."""
        with ThreadPoolExecutor(self.threads) as pool:
            parts = list(pool.map(self.chunk, range(0, self.rows, self.most)))
        sums = np.array(parts, np.int64).sum(axis=0).tolist()
        return {
            measure.id: Outcome(yes, no, self.rows - yes - no, money)
            for measure, (yes, no, money) in zip(self.measures, sums, strict=True)
        }


class Tuned(OpenFisca):
    """So few at a time that arrays stay in the cache, on both cores."""

    threads = THREADS
    most = 50_000


def condition(part: object) -> Any:
    """A formula of OpenFisca for a condition."""

    def work(subject: Any, period: Any) -> Any:
        return formula(part, lambda name: subject(name, period))

    return work


def verdict(names: list[str]) -> Any:
    """All conditions together."""

    def work(subject: Any, period: Any) -> Any:
        found = subject(names[0], period)
        for name in names[1:]:
            found = np.minimum(found, subject(name, period))
        return found

    return work


def fen(part: object) -> Any:
    """An amount, rounded."""

    def work(subject: Any, period: Any) -> Any:
        return np.floor(formula(part, lambda name: subject(name, period)) * 100 + 0.500001)

    return work
