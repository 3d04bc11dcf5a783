"""A run over a whole population: totals of every measure, and where they are wanted the hits."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chuangbao.rules.awards import ROWS
from chuangbao.rules.batch.judge import ELIGIBLE, OPEN, REFUSED, Judge, Ruling
from chuangbao.rules.batch.plan import Planner
from chuangbao.rules.batch.schema import ABSENT, SUBJECT
from chuangbao.rules.batch.snapshot import PARTITION, Snapshot
from chuangbao.rules.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import polars as pl

    from chuangbao.rules.model import Pack

__all__ = ["ENGINES", "MeasureTotals", "Totals", "engine_of", "rows_for", "totals"]

LEAST, PAIRS = 50_000, 25_000_000  # rows of a partition, and verdicts kept of it
ENGINES = ("columns", "exact")


@dataclass(slots=True)
class MeasureTotals:
    """Counts and the exact sum of one version; ``columnar`` unless the exact engine had to judge every row."""

    measure: str
    version: str
    unit: str = ""
    eligible: int = 0
    not_eligible: int = 0
    undetermined: int = 0
    cents: int = 0
    payable_cents: int = 0
    unsettled: int = 0
    rejudged: int = 0
    columnar: bool = True

    @property
    def amount(self) -> Decimal:
        """The sum over the eligible."""
        return Decimal(f"{self.cents}e-2")

    @property
    def payable(self) -> Decimal:
        """What ceilings leave of it; ``unsettled`` are the eligible of whom that is not known."""
        return Decimal(f"{self.payable_cents}e-2")

    def merge(self, other: MeasureTotals) -> None:
        """Add another part of the population."""
        self.eligible += other.eligible
        self.not_eligible += other.not_eligible
        self.undetermined += other.undetermined
        self.cents += other.cents
        self.payable_cents += other.payable_cents
        self.unsettled += other.unsettled
        self.rejudged += other.rejudged
        self.columnar &= other.columnar

    def add(self, ruling: Ruling) -> None:
        """Add a part of the population."""
        self.eligible += ruling.counts[ELIGIBLE]
        self.not_eligible += ruling.counts[REFUSED]
        self.undetermined += ruling.counts[OPEN]
        self.cents += ruling.total
        self.payable_cents += ruling.total if ruling.payable is None else ruling.paid_total
        self.unsettled += ruling.unsettled
        self.rejudged += ruling.rejudged
        self.columnar &= ruling.columnar


@dataclass(slots=True)
class Totals:
    """What comes out of a run; ``pairs`` are subjects times the measures that reach them."""

    subjects: int = 0
    pairs: int = 0
    rejudged: int = 0
    seconds: float = 0.0
    by_version: dict[str, MeasureTotals] = field(default_factory=dict)

    @property
    def measures(self) -> tuple[MeasureTotals, ...]:
        """Every version, in the order of the pack."""
        return tuple(self.by_version.values())

    @property
    def row_by_row(self) -> tuple[str, ...]:
        """Versions that no plan over columns can express (all of their rows were judged one by one)."""
        return tuple(m.version for m in self.measures if not m.columnar)

    def add(self, ruling: Ruling, pack: Pack) -> None:
        """Add a part of the population."""
        task = ruling.task
        if task.version not in self.by_version:
            unit = pack.versions[task.version][1].benefit.unit
            self.by_version[task.version] = MeasureTotals(task.measure, task.version, unit)
        self.by_version[task.version].add(ruling)
        self.pairs += len(ruling.rows)
        self.rejudged += ruling.rejudged

    def merge(self, other: Totals) -> None:
        """Add another part of the population."""
        self.subjects += other.subjects
        self.pairs += other.pairs
        self.rejudged += other.rejudged
        for part in other.measures:
            held = self.by_version.setdefault(part.version, MeasureTotals(part.measure, part.version, part.unit))
            held.merge(part)


def engine_of(pack: Pack | Engine) -> Engine:
    """An engine, compiled here where only a pack is given."""
    return pack if isinstance(pack, Engine) else Engine(pack)


def totals(  # noqa: PLR0913 - the question of a run
    source: Any,
    pack: Pack | Engine,
    as_of: date,
    *,
    measures: Iterable[str] = (),
    region: str = "",
    kind: str = "",
    engine: str = "columns",
) -> Totals:
    """Counts and exact sums of every measure over a population: see the package.

    Raises SnapshotError for a snapshot that does not hold together, KeyError or LookupError for ``measures``.
    """
    started = time.perf_counter()
    judge = Judge(Planner(engine_of(pack), as_of, measures, kind), region=region, exactly=engine == "exact")
    snapshot = Snapshot(source, judge.pack, size=rows_for(judge), identified=False)
    found = Totals()
    for part in snapshot.partitions(lambda frame: counted(frame, judge), columns=columns_read(judge, snapshot)):
        found.merge(part)
    found.seconds = time.perf_counter() - started
    return found


def counted(frame: pl.DataFrame, judge: Judge) -> Totals:
    """The totals of one partition."""
    found = Totals(subjects=frame.height)
    for ruling in judge.rulings(frame):
        found.add(ruling, judge.pack)
    return found


def rows_for(judge: Judge) -> int:
    """Rows of a partition: fewer where verdicts of many measures are kept, so that memory does not grow with these."""
    if not judge.detail:
        return PARTITION
    return max(LEAST, min(PARTITION, PAIRS // max(1, len(judge.planner.tasks(judge.region)))))


def columns_read(judge: Judge, snapshot: Snapshot) -> set[str]:
    """The columns that a judgement may look at."""
    if "region" in snapshot.schema:
        return set(snapshot.schema) - {SUBJECT}
    names = judge.planner.reads(judge.region)
    names |= set(judge.pack.asked_awards.values()) if ROWS in names else set()
    return names | {name + ABSENT for name in names}
