"""Whether all engines say the same: random subjects under ceilings, windows and past awards, verdict by verdict.

``PYTHONPATH=src:tests:tests/rules python tools/agree.py --profiles 10000 --spark 1000``. Each world has sixteen
measures: families, taxes, exclusions and ways of granting are drawn, one ceiling reads the record of awards, every
other version has a window. Much of what a subject could say is unknown, and the record is whole, partial or missing.
The interactive engine is the measure; the first difference ends it.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import ceilingworld
import population
import test_awards
import world

from chuangbao.rules import Engine
from chuangbao.rules.awards import ROWS, row_kind, with_questions
from chuangbao.rules.batch import totals
from chuangbao.rules.model import Window

if TYPE_CHECKING:
    import polars as pl

    from chuangbao.rules.batch import Totals
    from chuangbao.rules.model import Measure

WORLD, DAY = 250, ceilingworld.DAY
SHARE = "income / 3 - (SELECT SUM(amount) FROM awards WHERE measure = 'a-1') * 0.01"


def main() -> int:
    """Judge and compare; returns 1 at the first difference."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--profiles", type=int, default=10_000)
    asked.add_argument("--spark", type=int, default=0, help="how many of them on a cluster too")
    wanted = asked.parse_args()
    started, done, verdicts = time.perf_counter(), 0, 0
    for seed in range(-(-wanted.profiles // WORLD)):
        engine, chance = world_of(seed), random.Random(seed)  # noqa: S311 - a repeatable case, no secret
        count = min(WORLD, wanted.profiles - done)
        subjects = [ceilingworld.subject(chance) | test_awards.drawn(chance) for _ in range(count)]
        expected, columns = population.interactive(engine, subjects, DAY), columns_of(engine, subjects)
        found = population.batch(population.judge(engine, DAY), columns)
        if found != expected:
            return told(seed, "columns")
        if done < wanted.spark and sums(on_spark(engine, columns)) != sums(totals(columns, engine, DAY)):
            return told(seed, "Spark")
        done, verdicts = done + count, verdicts + len(expected)
    print(f"{done} profiles, {verdicts} verdicts, {time.perf_counter() - started:.0f} s: no difference")
    return 0


def told(seed: int, engine: str) -> int:
    """Say where the engines part."""
    print(f"world {seed}: {engine} and the interactive engine differ", file=sys.stderr)
    return 1


def world_of(seed: int) -> Engine:
    """The measures of a world of ceilings, and those that read awards."""
    base = ceilingworld.engine(seed).pack
    reading = [world.version(f"w{n}", when, amount=amount) for n, when, amount in test_awards.VERSIONS]
    made = {
        **base.measures,
        **{f"w-{m}": replace(found, id=f"w-{m}") for m, found in world.pack(*reading).measures.items()},
    }
    measures = {name: windowed(found, place) for place, (name, found) in enumerate(made.items())}
    rows = base.rows | {ROWS: row_kind()}
    return Engine(with_questions(replace(base, measures=measures, rows=rows)))


def windowed(measure: Measure, place: int) -> Measure:
    """Every other version with a window, and the local family under a ceiling that reads the record."""
    (version,) = measure.versions
    window = (Window((3, 1), (4, 30)), Window(None, None, 6, "month", "founded"), None)[place % 3]
    group = version.group
    if group is not None and group.name == "local":
        group = replace(group, text=SHARE)
    return replace(measure, versions=(replace(version, window=window, group=group),))


def columns_of(engine: Engine, subjects: list[dict[str, object]]) -> pl.DataFrame:
    """Subjects as columns, their awards made ready."""
    pack = engine.pack
    facts = {name: fact for name, fact in pack.facts.items() if not fact.award}
    plain = [{n: v for n, v in subject.items() if n in facts} for subject in subjects]
    bare = replace(pack, rows={}, facts=facts)
    return population.frame(bare, plain).with_columns(test_awards.column_of(pack, subjects, DAY))


def sums(found: Totals) -> dict[str, tuple[int, ...]]:
    """Counts and sums by version."""
    return {
        m.version: (m.eligible, m.not_eligible, m.undetermined, m.cents, m.payable_cents, m.unsettled)
        for m in found.measures
    }


def on_spark(engine: Engine, columns: pl.DataFrame) -> Totals:
    """The same on a cluster of two cores."""
    from chuangbao.rules.spark import run

    spark = run.session(
        **{"spark.master": "local[2]", "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2"}
    )
    spark.sparkContext.setLogLevel("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "facts.parquet")
        columns.write_parquet(path)
        return run.totals(path, engine, DAY, spark=spark)


if __name__ == "__main__":
    sys.exit(main())
