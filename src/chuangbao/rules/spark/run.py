"""A run on Spark: wide totals, or the long table of hits.

Rows and versions that SQL cannot express exactly are judged on the workers by the engine of one machine, so that every
measure of every pack is judged, and by one meaning.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - its customary name
from pyspark.sql.pandas.types import to_arrow_schema

from chuangbao.rules import batch
from chuangbao.rules.answers import Status
from chuangbao.rules.batch import hits as long_table
from chuangbao.rules.batch.judge import Judge
from chuangbao.rules.batch.plan import Planner
from chuangbao.rules.batch.run import MeasureTotals, Totals, engine_of
from chuangbao.rules.batch.schema import SUBJECT
from chuangbao.rules.engine import Engine
from chuangbao.rules.spark.sql import NotSqlError, Words, text_literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from chuangbao.rules.batch.plan import Task
    from chuangbao.rules.model import Pack
    from chuangbao.rules.tree import Node

__all__ = ["hits", "session", "totals"]

GROUP = 20  # measures in one query: generated code stays below what the virtual machine compiles
BATCH = 50_000  # rows that a worker judges at a time
HITS = (
    "subject string, measure string, version string, status string, amount decimal(38,2), payable decimal(38,2), "
    "decided_by string"
)
COUNTS = (
    "version string, eligible long, not_eligible long, undetermined long, amount decimal(38,2), "
    "payable decimal(38,2), unsettled long, subjects long"
)
SUMS = {"amount", "payable"}
SETTINGS = {
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.session.timeZone": "UTC",
}


def session(**settings: str) -> SparkSession:
    """The running session, or a local one on all cores of this machine."""
    builder = SparkSession.builder.appName("chuangbao")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # of this machine; a cluster names its own
    for name, value in (SETTINGS | settings).items():
        builder = builder.config(name, value)
    made: SparkSession = builder.getOrCreate()
    for name, value in SETTINGS.items():
        made.conf.set(name, value)
    return made


@dataclass(frozen=True)
class Ruling:
    """One version in SQL: its conditions as columns, and its amount where it has one."""

    task: Task
    conditions: tuple[str, ...]
    amount: str | None

    @property
    def holds(self) -> str:
        """Whether all conditions hold."""
        held = " AND ".join(self.conditions) or "TRUE"
        return f"({held} AND CAST(NULL AS BOOLEAN))" if self.task.manual else f"({held})"


class Plan:
    """What is judged in one region: rulings in SQL, and versions left to the engine of one machine."""

    def __init__(
        self, engine: Engine, frame: DataFrame, as_of: date, region: str, kept: tuple[tuple[str, ...], str]
    ) -> None:
        """``kept`` are the measures asked for and the kind of subject."""
        self.engine, self.as_of, self.region = engine, as_of, region
        self.words = Words(engine.pack, dict(frame.dtypes), as_of)
        self.columns: dict[Node, str] = {}
        planner = Planner(engine, as_of, *kept)
        self.tasks = planner.tasks(region)
        capped = {name for cover in planner.covers(region) for name in cover.targets}
        self.rulings: list[Ruling] = []
        self.others: list[Task] = []
        for task in self.tasks:
            try:
                ruling = self.ruling(task)
            except NotSqlError:
                ruling = None
            if ruling is None or task.version in capped:  # what a ceiling leaves hangs on the other members
                self.others.append(task)
            else:
                self.rulings.append(ruling)

    def ruling(self, task: Task) -> Ruling:
        """A version in SQL."""
        texts = [(node, self.words.truth(node)) for node in task.conditions]
        amount = None if task.amount is None else self.words.cents(task.amount).text
        return Ruling(task, tuple(text for _, text in texts), amount)

    @property
    def odd(self) -> str:
        """Whether a row has a value that SQL cannot hold."""
        return " OR ".join(self.words.odd.values()) or "FALSE"

    def exactly(self, rows: DataFrame, tasks: Sequence[Task], work: Any, schema: str) -> DataFrame:
        """The engine of one machine on the workers (through rows: Arrow's own way asks for pandas)."""
        arrow = to_arrow_schema(rows.schema)
        task = Work(self.engine.pack, self.as_of, self.region, tuple(t.version for t in tasks), arrow, work)
        return rows.sparkSession.createDataFrame(rows.rdd.mapPartitions(task), schema)


@dataclass(frozen=True)
class Work:
    """What a worker does with a part of the rows; the pack travels once, and is compiled once in each worker."""

    pack: Pack
    as_of: date
    region: str
    versions: tuple[str, ...]
    schema: pa.Schema
    work: Any

    def __call__(self, rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """Judge the rows of a part, some at a time."""
        waiting = iter(rows)
        while some := [row.asDict(recursive=True) for row in islice(waiting, BATCH)]:
            frame = pl.from_arrow(pa.Table.from_pylist(some, schema=self.schema))
            for found in self.work(self, frame).to_pylist():
                yield tuple(found.values())

    @property
    def engine(self) -> Engine:
        """Compiled once a worker."""
        return compiled(Held(self.pack))


class Held:
    """A pack by its identity in this process."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        """By its content."""
        return hash((self.pack.id, self.pack.digest))

    def __eq__(self, other: object) -> bool:
        """The same content."""
        return isinstance(other, Held) and (
            other.pack is self.pack or (bool(self.pack.digest) and other.pack.digest == self.pack.digest)
        )


@lru_cache(maxsize=2)
def compiled(held: Held) -> Engine:
    """An engine of a pack."""
    return Engine(held.pack)


def counted(work: Work, frame: pl.DataFrame) -> pa.Table:
    """Totals of some rows."""
    found = batch.totals(frame, work.engine, work.as_of, measures=work.versions, region=work.region)
    rows = [
        {"version": m.version, "eligible": m.eligible, "not_eligible": m.not_eligible, "undetermined": m.undetermined}
        | {"amount": m.amount, "payable": m.payable, "unsettled": m.unsettled, "subjects": found.subjects}
        for m in found.measures
    ]
    kinds = [(n, pa.int64()) for n in ("eligible", "not_eligible", "undetermined")]
    sums = [(n, pa.decimal128(38, 2)) for n in ("amount", "payable")]
    rest = [(n, pa.int64()) for n in ("unsettled", "subjects")]
    schema = pa.schema([("version", pa.string()), *kinds, *sums, *rest])
    return pa.Table.from_pylist(rows, schema=schema)


def listed(work: Work, frame: pl.DataFrame) -> pa.Table:
    """Hits of some rows, all of them."""
    judge = Judge(Planner(work.engine, work.as_of, work.versions), region=work.region, detail=True)
    table = long_table.table(frame.with_columns(pl.col(SUBJECT).cast(pl.String)), judge.rulings(frame), every=True)
    texts = pa.schema([pa.field(f.name, f.type if f.name in SUMS else pa.string()) for f in table.schema])
    return table.cast(texts)


def opened(source: Any, spark: SparkSession | None) -> DataFrame:
    """A frame of Spark, or a path that Spark reads."""
    if isinstance(source, DataFrame):
        return source
    return (spark or session()).read.parquet(str(source) if isinstance(source, Path) else source)


def plans(
    source: DataFrame, engine: Engine, as_of: date, region: str, kept: tuple[tuple[str, ...], str]
) -> list[tuple[Plan, DataFrame]]:
    """The rows of each place with what is judged there; places with the same versions and figures are one."""
    pack = engine.pack
    home = region or pack.region
    if "region" not in pack.facts or "region" not in source.columns:
        return [(Plan(engine, source, as_of, home, kept), source)]
    where = F.coalesce(F.col("region"), F.lit(home))
    groups: dict[tuple[object, ...], list[str]] = {}
    for (found,) in source.select(where).distinct().collect():
        planner = Planner(engine, as_of, *kept)
        groups.setdefault((planner.tasks(found), planner.covers(found)), []).append(found)
    return [(Plan(engine, source, as_of, group[0], kept), source.where(where.isin(group))) for group in groups.values()]


def totals(  # noqa: PLR0913 - the signature of the engine of one machine, and a session
    source: Any,
    pack: Pack | Engine,
    as_of: date,
    *,
    measures: Iterable[str] = (),
    region: str = "",
    kind: str = "",
    spark: SparkSession | None = None,
) -> Totals:
    """Counts and exact sums of every measure, as ``batch.totals`` gives them.

    ``source`` is a frame or a path of Spark.
    """
    started = time.perf_counter()
    engine, frame, found = engine_of(pack), opened(source, spark), Totals()
    for plan, rows in plans(frame, engine, as_of, region, (tuple(measures), kind)):
        part = Totals(by_version={t.version: entry(engine, t) for t in plan.tasks})
        part.subjects, odd = rows.selectExpr("count(1)", f"count_if({plan.odd})").collect()[0]
        part.pairs = part.subjects * len(plan.tasks)
        ordinary = rows.where(f"NOT ({plan.odd})") if odd else rows
        for start in range(0, len(plan.rulings), GROUP):
            add_wide(part, plan.rulings[start : start + GROUP], ordinary)
        add_exact(part, plan, rows.where(plan.odd), [r.task for r in plan.rulings if odd], columnar=True)
        add_exact(part, plan, rows, plan.others, columnar=False)
        found.merge(part)
    found.seconds = time.perf_counter() - started
    return found


def entry(engine: Engine, task: Task) -> MeasureTotals:
    """Nothing counted yet."""
    return MeasureTotals(task.measure, task.version, engine.pack.versions[task.version][1].benefit.unit)


def add_wide(found: Totals, rulings: Sequence[Ruling], rows: DataFrame) -> None:
    """Count some versions in one pass over the rows."""
    texts = ["count(1) AS n"]
    for number, ruling in enumerate(rulings):
        amount = ruling.amount or "CAST(NULL AS DECIMAL(1, 0))"
        texts.append(f"count_if({ruling.holds}) AS e{number}")
        texts.append(f"count_if(NOT {ruling.holds}) AS r{number}")
        texts.append(f"sum(CASE WHEN {ruling.holds} THEN {amount} END) AS a{number}")
    row = rows.selectExpr(*texts).collect()[0]
    for number, ruling in enumerate(rulings):
        mine = found.by_version[ruling.task.version]
        eligible, refused, amount = row[f"e{number}"], row[f"r{number}"], row[f"a{number}"]
        mine.eligible += eligible
        mine.not_eligible += refused
        mine.undetermined += row["n"] - eligible - refused
        cents = int((amount or 0) * 100)
        mine.cents += cents
        mine.payable_cents += cents


def add_exact(found: Totals, plan: Plan, rows: DataFrame, tasks: Sequence[Task], *, columnar: bool) -> None:
    """Count what SQL cannot: some versions for odd rows (``columnar``), others for all rows."""
    if not tasks:
        return
    for row in plan.exactly(rows, tasks, counted, COUNTS).groupBy("version").agg(*summed()).collect():
        mine = found.by_version[row["version"]]
        mine.eligible += row["eligible"]
        mine.not_eligible += row["not_eligible"]
        mine.undetermined += row["undetermined"]
        mine.cents += int(row["amount"] * 100)
        mine.payable_cents += int(row["payable"] * 100)
        mine.unsettled += row["unsettled"]
        mine.columnar &= columnar
        mine.rejudged += row["subjects"] if columnar else 0
        found.rejudged += row["subjects"] if columnar else 0


def summed() -> list[Any]:
    """Sums of all counts."""
    names = ("eligible", "not_eligible", "undetermined", "amount", "payable", "unsettled", "subjects")
    return [F.sum(name).alias(name) for name in names]


def hits(  # noqa: PLR0913 - the same
    source: Any,
    pack: Pack | Engine,
    as_of: date,
    *,
    measures: Iterable[str] = (),
    region: str = "",
    kind: str = "",
    every: bool = False,
    spark: SparkSession | None = None,
) -> DataFrame:
    """The long table: subject, measure, version, status, amount, payable, decided_by.

    It has the eligible and the undetermined, or with ``every`` all.
    """
    engine, frame = engine_of(pack), opened(source, spark)
    parts = []
    for plan, rows in plans(frame, engine, as_of, region, (tuple(measures), kind)):
        ordinary = rows.where(f"NOT ({plan.odd})")
        groups = [plan.rulings[start : start + GROUP] for start in range(0, len(plan.rulings), GROUP)]
        parts += [long(group, ordinary) for group in groups]
        odd = (rows.where(plan.odd), [ruling.task for ruling in plan.rulings])
        parts += [plan.exactly(some, tasks, listed, HITS) for some, tasks in (odd, (rows, plan.others)) if tasks]
    found: DataFrame = reduce(DataFrame.unionAll, parts)
    return found if every else found.where(F.col("status") != str(Status.NOT_ELIGIBLE))


def long(rulings: Sequence[Ruling], rows: DataFrame) -> DataFrame:
    """Some versions of every row, a line each; a condition is a column first, since a line speaks of it often."""
    named = [
        replace(ruling, conditions=tuple(f"__{place}_{n}" for n in range(len(ruling.conditions))))
        for place, ruling in enumerate(rulings)
    ]
    pairs = (pair for r, n in zip(rulings, named, strict=True) for pair in zip(r.conditions, n.conditions, strict=True))
    judged = rows.selectExpr("*", *(f"{text} AS {name}" for text, name in pairs))
    lines = ", ".join(line(ruling) for ruling in named)
    return judged.selectExpr(f"CAST({SUBJECT} AS STRING) AS subject", f"inline(array({lines}))")


def line(ruling: Ruling) -> str:
    """The verdict of one version as a struct."""
    task, held = ruling.task, ruling.holds
    refused = f"NOT {held}"
    failing, missing = first(ruling, "NOT {}"), first(ruling, "{} IS NULL")
    yes, no, open_ = (
        text_literal(str(status)) for status in (Status.ELIGIBLE, Status.NOT_ELIGIBLE, Status.UNDETERMINED)
    )
    amount = f"CASE WHEN {refused} THEN NULL ELSE {ruling.amount} END" if ruling.amount else "NULL"
    parts = {
        "measure": text_literal(task.measure),
        "version": text_literal(task.version),
        "status": three_ways(ruling, yes, no, open_),
        "amount": f"CAST({amount} AS DECIMAL(38, 2))",
        "payable": f"CAST(CASE WHEN {held} THEN {ruling.amount or 'NULL'} END AS DECIMAL(38, 2))",
        "decided_by": three_ways(ruling, "NULL", failing, missing),
    }
    return f"named_struct({', '.join(f'{text_literal(name)}, {text}' for name, text in parts.items())})"


def three_ways(ruling: Ruling, yes: str, no: str, otherwise: str) -> str:
    """One text for each verdict."""
    return f"CASE WHEN {ruling.holds} THEN {yes} WHEN NOT {ruling.holds} THEN {no} ELSE {otherwise} END"


def first(ruling: Ruling, test: str) -> str:
    """The id of the first condition of which something is true."""
    arms = [
        f"WHEN {test.format(c)} THEN {text_literal(i)}" for c, i in zip(ruling.conditions, ruling.task.ids, strict=True)
    ]
    return f"CASE {' '.join(arms)} END" if arms else "CAST(NULL AS STRING)"
