"""The second workload: every measure of a real pack, over enterprises made up around the values of its worked cases.

``python -m population.real --subjects 1000000 --pack packs/jilin`` runs, each in a process of its own:

- our engine, reading Parquet;
- DuckDB, with the SQL that our own compiler writes for Spark, in DuckDB's dialect: exact decimals, each condition
  worded once. Nobody writes that many measures twice by hand; versions that SQL cannot word are left out and counted;
- the interactive engine, subject by subject, for a sample (what an interpreter of rules costs).

What the first two find must be the same, and of the sample what all three find.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from chuangbao.facts.domain.population import sample
from chuangbao.rules import Engine, load_pack
from chuangbao.rules.batch import totals
from chuangbao.rules.batch.plan import Planner
from chuangbao.rules.batch.snapshot import PARTITION
from population.outcome import THREADS, Outcome, apart, differences, outcomes, timed

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuangbao.rules import Pack
    from population.outcome import Outcomes

AS_OF = date(2024, 6, 30)
PLACE = "220102"  # a district of the capital: measures of the nation, the province and the city
SAMPLE = 2_000


def write(path: Path, pack: Pack, subjects: int) -> None:
    """The province that simulations are tried on, judged in one district; one fact in 25 missing."""
    given = sample(pack, AS_OF, subjects)
    facts = [name for name in given.columns if name == "subject" or name in pack.facts]
    given.select(facts).write_parquet(path, compression="zstd", row_group_size=PARTITION)


def ours(path: Path, engine: Engine) -> Callable[[], Outcomes]:
    """The engine of one machine."""
    return lambda: outcomes(totals(path, engine, AS_OF, region=PLACE), "version")


def exact(path: Path, engine: Engine) -> Callable[[], Outcomes]:
    """The interactive engine for every subject."""
    return lambda: outcomes(totals(path, engine, AS_OF, region=PLACE, engine="exact"), "version")


def duck(path: Path, engine: Engine) -> Callable[[], Outcomes]:
    """One query over the file: conditions first, each once, then counts and sums."""
    import duckdb

    base = duckdb.connect()
    base.execute(f"SET threads = {THREADS}")
    query, versions = worded(path, engine)

    def run() -> Outcomes:
        row = base.execute(query).fetchone() or ()
        found = {}
        for number, version in enumerate(versions):
            yes, no, amount = (value or 0 for value in row[1 + 3 * number : 4 + 3 * number])
            found[version] = Outcome(yes, no, row[0] - yes - no, int(amount * 100))
        return found

    return run


def worded(path: Path, engine: Engine) -> tuple[str, list[str]]:
    """The query, and the versions that it has."""
    from chuangbao.rules.spark.sql import NotSqlError, Words

    held = Words(engine.pack, spark_types(path), AS_OF)
    named: dict[str, str] = {}  # a condition's text and its column
    outer, versions = ["count(*)"], []
    for task in Planner(engine, AS_OF).tasks(PLACE):
        try:
            texts = [held.truth(node) for node in task.conditions]
            amount = "NULL" if task.amount is None else held.cents(task.amount).text
        except NotSqlError:
            continue
        parts = [named.setdefault(text, f"c{len(named)}") for text in texts]
        verdict = " AND ".join(parts) or "TRUE"
        verdict = f"({verdict} AND CAST(NULL AS BOOLEAN))" if task.manual else f"({verdict})"
        outer += [f"count_if({verdict})", f"count_if(NOT {verdict})", f"sum(CASE WHEN {verdict} THEN {amount} END)"]
        versions.append(task.version)
    inner = ", ".join(f"{text} AS {name}" for text, name in named.items())
    outer = [dialect(text) for text in outer]
    source = f"SELECT *, {dialect(inner)} FROM read_parquet('{path}')"  # noqa: S608 - our own words
    return f"SELECT {', '.join(outer)} FROM ({source})", versions  # noqa: S608


def dialect(text: str) -> str:
    """Spark's words in those of DuckDB."""
    import sqlglot

    made = sqlglot.transpile(f"SELECT {text}", read="spark", write="duckdb")[0]
    return made.removeprefix("SELECT ")


def spark_types(path: Path) -> dict[str, str]:
    """The columns by the names that Spark has for their types."""
    names: dict[Any, str] = {pl.Float64(): "double", pl.Int64(): "bigint", pl.Boolean(): "boolean", pl.Date(): "date"}
    schema = pl.scan_parquet(path).collect_schema()
    return {n: names.get(t, "array<string>" if isinstance(t, pl.List) else "string") for n, t in schema.items()}


ENGINES = {
    "ours": ("**ours, reading Parquet**", ours),
    "duck": ("DuckDB, our SQL in its dialect, reading Parquet", duck),
    "exact": (f"the interactive engine, {SAMPLE} subjects (extrapolated)", exact),
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=1_000_000)
    parser.add_argument("--pack", type=Path, default=Path("packs/jilin"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", choices=list(ENGINES))
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.one:
        run = ENGINES[options.one][1](options.file, Engine(load_pack(options.pack)))
        print(json.dumps(timed(run, options.rounds)))
        return
    pack = load_pack(options.pack)
    with tempfile.TemporaryDirectory(prefix="chuangbao-bench-") as folder:
        path, some = Path(folder) / "all.parquet", Path(folder) / "some.parquet"
        write(path, pack, options.subjects)
        write(some, pack, SAMPLE)
        table(options, path, some)


def table(options: argparse.Namespace, path: Path, some: Path) -> None:
    """All engines, and every difference."""

    def asked(name: str, file: Path, rounds: int) -> dict[str, Any]:
        words = ("--one", name, "--file", str(file), "--pack", str(options.pack.resolve()), "--rounds", str(rounds))
        found = apart("real", *words)
        if "error" in found:
            sys.exit(f"{name}: {found['error']}")
        return found

    stored = path.stat().st_size / options.subjects
    found = {name: asked(name, some if name == "exact" else path, options.rounds) for name in ENGINES}
    few = asked("ours", some, 1)["outcomes"]
    print(f"## {options.subjects:,} subjects, {stored:.0f} bytes a subject in the file\n")
    print("| engine | versions | seconds | of both cores | pairs a second | peak memory | same result |")
    print("|---|---:|---:|---:|---:|---:|---|")
    for name, (label, _) in ENGINES.items():
        mine, scale = found[name], options.subjects / SAMPLE if name == "exact" else 1
        wanted = few if name == "exact" else found["ours"]["outcomes"]
        wrong = differences(mine["outcomes"], {k: wanted[k] for k in mine["outcomes"]})
        versions, seconds, work = len(mine["outcomes"]), min(mine["seconds"]) * scale, min(mine["cpu"]) * scale
        rate = versions * options.subjects / seconds / 1e6
        same = f"{len(wrong)} differ: {wrong[:2]}" if wrong else "to the cent"
        cells = [label, versions, f"{seconds:.2f}", f"{work:.2f}", f"{rate:,.1f} million"]
        cells += [f"{mine['memory'] / 1e6:,.0f} MB", same]
        print(f"| {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    main()
