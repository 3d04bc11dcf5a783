"""``chuangbao population``: a whole population against the measures, from a file of facts, without a database.

``snapshot`` writes that file where there is one.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chuangbao.cli.inputs import as_day, fail, open_engine
from chuangbao.cli.match import CONTEXT, version_id
from chuangbao.cli.words import say_figure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.rules import Engine
    from chuangbao.rules.batch import MeasureTotals, Totals
    from chuangbao.rules.batch.judge import Judge
    from chuangbao.rules.batch.snapshot import Snapshot

__all__ = ["app", "match", "snapshot"]

app = typer.Typer(no_args_is_help=True, help="Policies find people: every measure, every subject, one pass.")

CLUSTER = "spark"
SLOW = 2_000_000  # subjects from which on progress is told


@app.callback()
def group() -> None:
    """A group of commands, also while it has one."""


@app.command("match", context_settings=CONTEXT)
def match(
    ctx: typer.Context,
    facts: Annotated[Path, typer.Argument(help="Parquet or CSV: a column for each fact, and subject for the id.")],
    as_of: Annotated[str, typer.Option(help="The day for which the question is asked, such as 2015-12-31.")],
    measure: Annotated[list[str] | None, typer.Option(help="Measure or version id; several may follow.")] = None,
    pack: Annotated[Path | None, typer.Option(help="Folder of the pack.")] = None,
    region: Annotated[str, typer.Option(help="Region code where no fact says it; else the pack's own.")] = "",
    kind: Annotated[str, typer.Option(help="Only measures for this kind of subject, such as enterprise.")] = "",
    out: Annotated[Path | None, typer.Option(help="Parquet file for the hits.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Write every subject and measure, also the refused.")] = False,
    engine: Annotated[
        str, typer.Option(help="columns (fast, exact), exact: each subject by itself, or spark.")
    ] = "columns",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Judge every subject of a file; print counts and exact sums, and write who is entitled to what."""
    if ctx.args and not measure:
        fail(f"unexpected argument '{ctx.args[0]}'", "measure ids follow --measure")
    day = as_day(as_of)
    if every and out is None:
        fail("--all: there is no file to write to", "name one with --out hits.parquet")
    judge = judge_of(
        open_engine(pack), day, [*(measure or []), *ctx.args], engine, region, kind, detail=out is not None
    )
    if engine == CLUSTER:
        snapshot, totals = on_cluster(facts, judge, out, every=every)
    else:
        snapshot, totals = run(facts, judge, out, every=every)
    if as_json:
        typer.echo(json.dumps(as_object(judge, snapshot, totals), ensure_ascii=False, indent=2))
    else:
        show(judge.pack, totals)


@app.command("snapshot")
def snapshot(
    out: Annotated[Path, typer.Argument(help="The Parquet file to write.")],
    as_of: Annotated[str, typer.Option(help="The day of the facts; today in Beijing where none is given.")] = "",
) -> None:
    """Write everybody's facts in force on a day, from the database; sensitive ones are left out."""
    from contextlib import ExitStack

    from chuangbao.cli.database import connect_database
    from chuangbao.cli.start import exit_with_sentence

    asked = as_day(as_of) if as_of else None
    with exit_with_sentence(), ExitStack() as stack:
        connect_database(stack)
        from django.utils import timezone

        from chuangbao.core.access.actors import SYSTEM  # late: match needs no database
        from chuangbao.core.audit.log import record
        from chuangbao.core.engine.current import current_pack, use_newest_engine
        from chuangbao.facts.domain.snapshot import write_snapshot

        day = asked or timezone.localdate()  # the province's day, whatever clock the machine goes by
        with use_newest_engine():
            found = write_snapshot(out, pack=current_pack(), day=day)
        figures = {"subjects": found.subjects, "facts": found.facts, "digest": found.digest, "day": day.isoformat()}
        record(SYSTEM, "export", kind="facts.snapshot", data=figures)
    left = f", {found.sealed:,} sensitive ones left out" if found.sealed else ""
    typer.echo(f"{found.subjects:,} subjects, {found.facts:,} facts in force on {day}{left}\nsha256 {found.digest}")


def judge_of(
    engine: Engine, day: date, wanted: Iterable[str], name: str, region: str, kind: str, *, detail: bool
) -> Judge:
    """The judge of what is asked."""
    from chuangbao.rules.batch.judge import Judge
    from chuangbao.rules.batch.plan import Planner
    from chuangbao.rules.batch.run import ENGINES
    from chuangbao.rules.catalogue import SUBJECTS

    for option, value, allowed in (("--engine", name, (*ENGINES, CLUSTER)), ("--kind", kind or SUBJECTS[0], SUBJECTS)):
        if value not in allowed:
            fail(f"{option}: there is no '{value}'", f"one of {', '.join(allowed)}")
    versions = [version_id(engine, w, day) for w in dict.fromkeys(wanted)]
    return Judge(Planner(engine, day, versions, kind), region=region, detail=detail, exactly=name == "exact")


def run(facts: Path, judge: Judge, out: Path | None, *, every: bool) -> tuple[Snapshot, Totals]:
    """Judge the file; what is wrong in it ends with status 2 and every problem."""
    from chuangbao.rules.batch.run import rows_for
    from chuangbao.rules.batch.schema import SnapshotError
    from chuangbao.rules.batch.snapshot import Snapshot
    from chuangbao.rules.batch.work import match as matched

    try:
        snapshot = Snapshot(facts, judge.pack, size=rows_for(judge))
        return snapshot, matched(snapshot, judge, out, every=every, told=progress)
    except SnapshotError as error:
        fail(*(f"{facts}: {problem}" for problem in error.problems))
    except OSError as error:
        fail(f"{error.filename or facts}: {error.strerror or error}")


def on_cluster(facts: Path, judge: Judge, out: Path | None, *, every: bool) -> tuple[Snapshot, Totals]:
    """By way of Spark: the columns are checked beforehand, the values are not. The hits become a folder of files."""
    if find_spec("pyspark") is None:
        fail("--engine spark: pyspark is not installed", "pip install 'chuangbao[cluster]'")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        fail("--engine spark: there is no Java", "install Java 17 or newer, or set JAVA_HOME")
    if out is not None and out.exists():
        fail(f"--out: {out} is there already", "Spark writes a folder of files; name one that does not exist yet")
    if facts.suffix.lower() == ".csv":
        fail(f"{facts}: Spark is given Parquet files only", "take --engine columns")
    return match_on_cluster(facts, judge, out, every=every)


def match_on_cluster(  # pragma: no cover - needs pyspark and Java
    facts: Path, judge: Judge, out: Path | None, *, every: bool
) -> tuple[Snapshot, Totals]:
    """See ``on_cluster``."""
    from chuangbao.rules.batch.schema import SnapshotError
    from chuangbao.rules.batch.snapshot import Snapshot
    from chuangbao.rules.spark.run import hits, totals

    try:
        snapshot = Snapshot(facts, judge.pack)
    except SnapshotError as error:
        fail(*(f"{facts}: {problem}" for problem in error.problems))
    except OSError as error:
        fail(f"{error.filename or facts}: {error.strerror or error}")
    planner = judge.planner
    wanted: dict[str, Any] = {
        "measures": [plan.version.version for plan in planner.wanted],
        "region": judge.region,
        "kind": planner.kind,
    }
    found = totals(facts, judge.engine, planner.as_of, **wanted)
    if out is not None:
        rows = hits(facts, judge.engine, planner.as_of, every=every, **wanted)
        rows.write.parquet(str(out.absolute()))
    return snapshot, found


def progress(done: int, of: int) -> None:
    """A line on the error stream, where there is time to read one."""
    if of >= SLOW:
        print(f"{done:,} / {of:,}", file=sys.stderr)  # noqa: T201 - a command line speaks this way


def share(part: int, whole: int) -> float:
    """A share of a whole that may be nothing."""
    return part / whole if whole else 0.0


def as_object(judge: Judge, snapshot: Snapshot, totals: Totals) -> dict[str, Any]:
    """The JSON form."""
    return {
        "as_of": judge.planner.as_of.isoformat(),
        "pack": judge.pack.digest,
        "snapshot": snapshot.digest,
        "subjects": totals.subjects,
        "seconds": round(totals.seconds, 3),
        "rejudged": totals.rejudged,
        "rejudged_share": share(totals.rejudged, totals.pairs),
        "row_by_row": list(totals.row_by_row),
        "measures": [
            {
                "measure": m.measure,
                "version": m.version,
                "eligible": m.eligible,
                "not_eligible": m.not_eligible,
                "undetermined": m.undetermined,
                "amount": f"{m.amount:f}",
                "payable": f"{m.payable:f}",
                "unsettled": m.unsettled,
                "unit": m.unit,
                "rejudged": m.rejudged,
            }
            for m in totals.measures
        ],
    }


def payable_words(part: MeasureTotals) -> str:
    """Return what ceilings leave of a sum; at most so much where a share is not known."""
    more = f" + {part.unsettled:,}×?" if part.unsettled else ""
    return f"{say_figure(part.payable, part.unit)}{more}" if part.cents else ""


def show(pack: Any, totals: Totals) -> None:
    """A table for people."""
    from rich.console import Console
    from rich.table import Table

    heads = ("版本 Version", "事项 Measure", "符合 Eligible", "不符合 No", "待定 Open", "金额 Amount", "上限内 Payable")
    table = Table(*heads)
    for m in totals.measures:
        title = pack.measures[m.measure].title.zh
        amount = say_figure(m.amount, m.unit) if m.cents else ""
        counts = (f"{n:,}" for n in (m.eligible, m.not_eligible, m.undetermined))
        table.add_row(m.version, title, *counts, amount, payable_words(m))
    console = Console()
    console.print(table)
    again = f"{share(totals.rejudged, totals.pairs):.4%} judged again exactly"
    console.print(f"{totals.subjects:,} subjects, {totals.seconds:.2f} s, {again}", highlight=False)
    if totals.row_by_row:
        console.print(f"one by one: {', '.join(totals.row_by_row)}", highlight=False)
