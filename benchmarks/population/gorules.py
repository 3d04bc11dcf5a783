"""zen-engine (GoRules): one decision with an expression for every verdict and amount, one call a subject.

So slow that a sample is judged and its time multiplied; the sample is compared with the others all the same.
"""

from __future__ import annotations

import json
from functools import singledispatch
from typing import TYPE_CHECKING, Any

import polars as pl
import zen

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
from population.outcome import Outcome, cutoff

if TYPE_CHECKING:
    from pathlib import Path

    from population.measures import Measure
    from population.outcome import Outcomes

__all__ = ["Zen"]

LOAN = "(loan__absent ? 0 : loan)"
NO_LOAN = "(not loan__absent and loan == null)"


@singledispatch
def text(part: object) -> str:
    """A condition as 0, 1 or 2, or an amount, null where it is unknown."""
    raise TypeError(part)


def when(missing: str, test: str) -> str:
    """Unknown where something is missing."""
    return f"({missing} ? 1 : ({test}) ? 2 : 0)"


def missing(*facts: str) -> str:
    """Whether one of some facts is missing."""
    return " or ".join(f"{fact} == null" for fact in facts)


def listed(codes: tuple[str, ...]) -> str:
    """Codes of a list."""
    return "[" + ", ".join(f"'{code}'" for code in codes) + "]"


def smaller(first: str, second: object) -> str:
    """LEAST."""
    return f"min([{first}, {second}])"


text.register(AtLeast, lambda c: when(missing(c.fact), f"{c.fact} >= {c.limit}"))
text.register(AtMost, lambda c: when(missing(c.fact), f"{c.fact} <= {c.limit}"))
text.register(Between, lambda c: when(missing(c.fact), f"{c.fact} >= {c.low} and {c.fact} <= {c.high}"))
text.register(Truth, lambda c: when(missing(c.fact), c.fact if c.wanted else f"not {c.fact}"))
text.register(OneOf, lambda c: when(missing(c.fact), f"{c.fact} in {listed(c.codes)}"))
text.register(MonthsUnder, lambda c: when(missing(c.fact), f"{c.fact} > {as_number(cutoff(c.months))}"))
text.register(Since, lambda c: when(missing(c.fact), f"{c.fact} >= {as_number(c.day)}"))
text.register(AnyOf, lambda c: when(missing("groups"), f"some(groups, # in {listed(c.codes)})"))
text.register(ShareOf, lambda c: when(missing(c.part, c.whole), f"{c.part} >= {c.whole} * {c.share}"))
text.register(LoanAtMost, lambda c: when(NO_LOAN, f"{LOAN} <= {c.limit}"))
text.register(Absent, lambda _: when(NO_LOAN, "loan__absent"))
text.register(
    ByTrade,
    lambda c: when(
        missing("staff", "industry"), f"staff <= (industry in {listed(c.industries)} ? {c.within} : {c.outside})"
    ),
)
text.register(
    Either, lambda c: f"max([{when(missing(c.fact), f'{c.fact} >= {c.limit}')}, {when(missing(c.truth), c.truth)}])"
)
text.register(PerHead, lambda a: f"({missing(a.fact)} ? null : {a.fact} * {a.rate})")
text.register(Share, lambda a: f"({missing(a.fact)} ? null : {smaller(f'{a.fact} * {a.rate}', a.cap)})")
text.register(
    Relief,
    lambda a: f"({missing('taxable_income')} ? null : taxable_income * 0.25 - taxable_income * {a.half} * {a.reduced})",
)
text.register(
    RentHelp,
    lambda a: (
        f"({missing('rent_paid', 'floor_area')} ? null :"
        f" {smaller(f'rent_paid * {a.rate}', f'floor_area * {a.per_area}')})"
    ),
)
text.register(BySize, lambda a: f"({missing('scale')} ? null : scale == '{a.scale}' ? {a.high} : {a.low})")
text.register(
    Bands,
    lambda a: (
        f"({missing('taxable_income')} ? null : {smaller('taxable_income', a.first)} * {a.rate}"
        f" + max([{smaller('taxable_income', a.second)} - {a.first}, 0]) * {a.next_rate})"
    ),
)
text.register(Interest, lambda a: f"({NO_LOAN} ? null : {LOAN} * {a.rate} / 12 * {a.months})")


def as_number(day: Any) -> int:
    """A day as a number that sorts as days do."""
    return day.year * 10_000 + day.month * 100 + day.day


class Zen:
    """A small file."""

    def __init__(self, path: Path, measures: tuple[Measure, ...]) -> None:
        self.measures = measures
        self.rows = [plain(row) for row in pl.read_parquet(path).iter_rows(named=True)]
        self.decision = zen.ZenEngine().create_decision(json.dumps(self.graph()))

    def graph(self) -> dict[str, Any]:
        """The decision: input, one node of expressions, output."""
        expressions = []
        for measure in self.measures:
            verdict = f"min([{', '.join(text(c) for c in measure.conditions)}])"
            expressions.append({"id": f"{measure.id}v", "key": f"{measure.id}v", "value": verdict})
            amount = f"$.{measure.id}v == 2 ? {text(measure.amount)} : null"
            expressions.append({"id": f"{measure.id}a", "key": f"{measure.id}a", "value": amount})
        work = {"id": "w", "type": "expressionNode", "name": "judge", "content": {"expressions": expressions}}
        ends = [{"id": "i", "type": "inputNode", "name": "in"}, {"id": "o", "type": "outputNode", "name": "out"}]
        edges = [{"id": "e1", "sourceId": "i", "targetId": "w"}, {"id": "e2", "sourceId": "w", "targetId": "o"}]
        return {"nodes": [*ends, work], "edges": [{**edge, "type": "edge"} for edge in edges]}

    def run(self) -> Outcomes:
        """Judge the sample."""
        counts = {measure.id: [0, 0, 0, 0] for measure in self.measures}
        for row in self.rows:
            result = self.decision.evaluate(row)["result"]
            for name, count in counts.items():
                verdict = int(result[f"{name}v"])
                count[verdict] += 1
                if verdict == 2 and result.get(f"{name}a") is not None:
                    count[3] += int(result[f"{name}a"] * 100 + 0.500001)
        return {name: Outcome(yes, no, unknown, fen) for name, (no, unknown, yes, fen) in counts.items()}


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON has it: days as numbers, as they are compared fastest."""
    return {name: as_number(value) if hasattr(value, "year") else value for name, value in row.items()}
