"""What a changed rule would cost, and whom it would help or hurt (政策模拟): columns in, exact figures out.

A ``Variant`` is one version of a measure, changed or not, and the day it is asked for. Every subject is judged under
each of them; the first is the base that the others are held against. The figures are exact to the cent: the verdicts
are those of ``rules.batch``, and sums are kept as whole cents of 128 bits.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chuangbao.rules import tree
from chuangbao.rules.awards import with_measures
from chuangbao.rules.batch.judge import ELIGIBLE, OPEN, REFUSED, Judge
from chuangbao.rules.batch.plan import Planner, names_read
from chuangbao.rules.batch.schema import ABSENT, SUBJECT
from chuangbao.rules.batch.snapshot import Snapshot
from chuangbao.rules.ceilings import groups_of
from chuangbao.rules.engine import Engine
from chuangbao.rules.model import Fact, FactType, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from chuangbao.rules.batch.masks import Array
    from chuangbao.rules.model import Measure, Pack

__all__ = ["Budget", "Figures", "Outcome", "Variant", "served", "simulate", "verdicts_of"]

REGION = "region"
PARTITION = 250_000
SAFE = 1 << 62  # sums below stay in 64 bits


@dataclass(frozen=True, slots=True)
class Variant:
    """A measure with one version, and the day for which it is asked."""

    measure: Measure
    day: date


@dataclass(slots=True)
class Figures:
    """One variant over some subjects, held against the base. Amounts are cents.

    ``unpriced`` are entitled to an amount that no one can work out, since a fact of it is unknown. A subject wins
    where it becomes entitled or gets more, loses where it is no longer entitled or gets less.
    """

    eligible: int = 0
    open: int = 0
    refused: int = 0
    unpriced: int = 0
    cents: int = 0
    winners: int = 0
    losers: int = 0
    unchanged: int = 0
    gained: int = 0
    lost: int = 0
    newly: int = 0
    no_longer: int = 0

    @property
    def subjects(self) -> int:
        """How many there are."""
        return self.eligible + self.open + self.refused

    def add(self, other: Mapping[str, int]) -> None:
        """Add another part of the population."""
        for name, value in other.items():
            setattr(self, name, getattr(self, name) + value)


@dataclass(slots=True)
class Outcome:
    """Everything about one variant: as a whole, and by group of each dimension (``None``: not known)."""

    total: Figures = field(default_factory=Figures)
    groups: dict[str, dict[str | None, Figures]] = field(default_factory=dict)
    paid: list[Array] = field(default_factory=list)
    """The amounts above nothing, in the order of the population."""

    @property
    def amounts(self) -> Array:
        """All of them."""
        return np.concatenate(self.paid) if self.paid else np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Budget:
    """How far an amount of money reaches: how many are paid in full, what that costs, what the next would take."""

    cents: int
    served: int
    entitled: int
    spent: int
    next: int | None

    @property
    def binds(self) -> bool:
        """Whether an entitled subject gets nothing."""
        return self.served < self.entitled


def simulate(
    scan: pl.LazyFrame,
    pack: Pack,
    variants: Sequence[Variant],
    dimensions: Mapping[str, pl.Expr],
    *,
    told: Callable[[int, int], None] = lambda _done, _of: None,
    size: int = PARTITION,
) -> list[Outcome]:
    """Judge a population under each variant. ``told`` hears how many subjects are done, of how many.

    Columns that are no facts are for ``dimensions`` only. Raises SnapshotError where values are not what they must be.
    """
    judges = [judge_of(pack, variant) for variant in variants]
    scan = scan.select(used(scan.collect_schema().names(), judges, dimensions))
    outcomes = [Outcome() for _ in variants]
    height = int(scan.select(pl.len()).collect().item())
    for start in range(0, height, size):
        frame = scan.slice(start, size).collect()
        found = list(verdicts(frame, judges))
        groups = frame.select(expr.alias(name) for name, expr in dimensions.items()) if dimensions else None
        for outcome, own in zip(outcomes, found, strict=True):
            enter(outcome, held(found[0], own), groups)
        told(min(start + size, height), height)
    return outcomes


def used(names: Iterable[str], judges: Sequence[Judge], dimensions: Mapping[str, pl.Expr]) -> list[str]:
    """The columns that a variant or a dimension looks at; a file has hundreds."""
    read = {REGION, *(root for expr in dimensions.values() for root in expr.meta.root_names())}
    for judge in judges:
        plans = judge.engine.plans.values()
        tasks = [judge.planner.task(p, (None,) * len(p.version.parameters)) for p in plans]
        limits = [group.limit for plan in plans for group in groups_of(plan.version, judge.pack.groups)]
        read |= names_read(judge.planner, tasks, [node for node in limits if node is not None])
    kept = [name for name in names if name.removesuffix(ABSENT) in read]
    return kept or list(names)[:1]


class VariantJudge(Judge):
    """A judge of one variant; the measures beside it only take of the same ceilings."""

    def __init__(self, pack: Pack, variant: Variant) -> None:
        """``pack`` has the variant's measure, and those that bear on what it pays."""
        super().__init__(Planner(Engine(pack), variant.day), detail=True)
        self.versions = frozenset(version.version for version in variant.measure.versions)


def judge_of(pack: Pack, variant: Variant) -> VariantJudge:
    """A judge of one variant, who knows where a subject is even where the catalogue has no fact for it."""
    facts = dict(pack.facts)
    facts.setdefault(REGION, Fact(REGION, variant.measure.subject, FactType.TEXT, Text(REGION)))
    beside = {m.id: m for m in companions(pack, variant.measure)}
    measures = {name: beside.get(name, variant.measure) for name in pack.measures if name in beside}
    small = with_measures(replace(pack, facts=facts, digest=""), measures | {variant.measure.id: variant.measure})
    return VariantJudge(small, variant)


def companions(pack: Pack, measure: Measure) -> list[Measure]:
    """The measures that take of a ceiling of this one, by way of others too: they bear on what it pays."""
    linked = ceilings_named(measure)
    found: dict[str, Measure] = {}
    while more := [m for m in pack.measures.values() if m.id not in found and linked & ceilings_named(m)]:
        found |= {m.id: m for m in more}
        linked = linked.union(*map(ceilings_named, more))
    return list(found.values())


def ceilings_named(measure: Measure) -> set[str]:
    """The names of the ceilings that any version of a measure is under."""
    families = {v.group.name for v in measure.versions if v.group is not None and v.group.rule == "cap"}
    return families | {v.benefit.tax for v in measure.versions if v.benefit.tax}


def verdicts_of(frame: pl.DataFrame, pack: Pack, variant: Variant) -> pl.DataFrame:
    """Status (0 refused, 1 eligible, 2 open) and cents of each subject under one variant."""
    return next(iter(verdicts(frame, [judge_of(pack, variant)])))


def verdicts(frame: pl.DataFrame, judges: Sequence[VariantJudge]) -> Iterator[pl.DataFrame]:
    """Status and cents of each row under each judge; whom a version does not reach is refused.

    The facts are checked once, whatever the number of variants.
    """
    known = frame.select(n for n in frame.columns if n != SUBJECT and asked(judges[0].pack, n))
    if not known.width:
        known = pl.DataFrame({REGION: pl.Series([None] * frame.height, dtype=pl.String)})
    snapshot = Snapshot(known, judges[0].pack, size=max(1, frame.height), identified=False)
    for checked in snapshot.partitions(lambda part: part):
        for judge in judges:
            yield verdict(checked, judge)


def asked(pack: Pack, column: str) -> bool:
    """Whether a column holds what may be asked; what follows from the day alone is worked out from the day."""
    fact = pack.facts.get(column.removesuffix(ABSENT))
    if fact is None:
        return column in pack.rows
    names = [n for n in tree.walk(fact.value) if isinstance(n, tree.Name | tree.Aggregate)] if fact.value else [0]
    return bool(names)


def verdict(checked: pl.DataFrame, judge: VariantJudge) -> pl.DataFrame:
    """The rows under one judge: what is really paid by its measure, ceilings applied."""
    status = np.zeros(checked.height, np.int8)
    cents, paid = np.zeros(checked.height, np.int64), np.zeros(checked.height, np.bool_)
    large: dict[int, int] = {}
    for ruling in judge.rulings(checked, only=judge.versions):
        due, settled, beyond = ruling.due()
        status[ruling.rows], cents[ruling.rows], paid[ruling.rows] = ruling.status, due, settled
        large |= {int(ruling.rows[place]): amount for place, amount in beyond.items()}
    column = pl.Series("cents", cents).cast(pl.Int128)
    for row, amount in large.items():
        column[row] = amount
    entitled = pl.col("status") == ELIGIBLE
    found = pl.DataFrame({"status": status, "cents": column, "paid": paid})
    return found.with_columns(paid=entitled & pl.col("paid")).with_columns(
        cents=pl.when("paid").then("cents").otherwise(pl.lit(0, pl.Int128))
    )


def held(base: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """One row for each subject: what it gets, and how that differs from the base."""
    now, was = own["status"] == ELIGIBLE, base["status"] == ELIGIBLE
    priced = own["paid"] & base["paid"]
    is_known = priced | ~(now & was)  # of a sum that is not known there is no difference
    more, less = (
        pl.select(pl.when(is_known).then(change).otherwise(pl.lit(0, pl.Int128))).to_series()
        for change in (own["cents"] - base["cents"], base["cents"] - own["cents"])
    )
    newly, gone = now & ~was, was & ~now
    winner, loser = newly | (now & was & priced & (more > 0)), gone | (now & was & priced & (more < 0))
    return pl.DataFrame(
        {
            "eligible": now, "open": own["status"] == OPEN, "refused": own["status"] == REFUSED,
            "unpriced": now & ~own["paid"], "cents": own["cents"], "winners": winner, "losers": loser,
            "unchanged": ~(winner | loser), "gained": more.clip(lower_bound=0), "lost": less.clip(lower_bound=0),
            "newly": newly, "no_longer": gone,
        }
    )  # fmt: skip


def enter(outcome: Outcome, rows: pl.DataFrame, groups: pl.DataFrame | None) -> None:
    """Add a partition to an outcome."""
    sums = [pl.col(name).cast(pl.Int128).sum() for name in rows.columns]
    outcome.total.add(rows.select(sums).row(0, named=True))
    positive = rows["cents"].filter(rows["cents"] > 0)
    fits = positive.len() == 0 or int(positive.max()) < SAFE  # type: ignore[arg-type] # there is one
    outcome.paid.append(positive.cast(pl.Int64).to_numpy() if fits else np.array(positive.to_list(), object))
    for column in groups.get_columns() if groups is not None else ():
        part = rows.with_columns(column.cast(pl.String).alias("group")).group_by("group").agg(sums)
        held_now = outcome.groups.setdefault(column.name, {})
        for row in part.iter_rows(named=True):
            key = row.pop("group")
            held_now.setdefault(key, Figures()).add(row)


def served(amounts: Array, budget: int, *, smallest_first: bool = False) -> Budget:
    """How far a budget (in cents) reaches: whoever comes is paid in full until the next cannot be.

    They come in the order of the population, or the smallest amounts first.
    """
    line = np.sort(amounts) if smallest_first else amounts
    most = int(line.max()) if len(line) else 0
    if most * len(line) >= SAFE:
        line = line.astype(object)
    spent = np.cumsum(line)
    count = int(np.searchsorted(spent, budget, side="right"))
    following = int(line[count]) if count < len(line) else None
    return Budget(budget, count, len(line), int(spent[count - 1]) if count else 0, following)
