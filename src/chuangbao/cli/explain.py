"""``chuangbao explain``: one measure for one subject in full: conditions, working, basis."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chuangbao.cli.inputs import as_day, open_engine, read_facts
from chuangbao.cli.match import judged

if TYPE_CHECKING:
    from rich.console import Console

    from chuangbao.rules import Answer, Engine

__all__ = ["explain"]

MARKS = {True: "✓", False: "✗", None: "?"}


def explain(
    measure: Annotated[str, typer.Argument(help="Measure or version id.")],
    facts: Annotated[Path, typer.Option(help="JSON file of facts; - reads standard input.")],
    as_of: Annotated[str, typer.Option(help="The day for which the question is asked, such as 2015-12-31.")],
    pack: Annotated[Path | None, typer.Option(help="Folder of the pack.")] = None,
    region: Annotated[str, typer.Option(help="Region code; the pack's own where none is given.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain one measure: each condition and by how much, the working of the amount, what it rests on."""
    given = read_facts(facts)
    day = as_day(as_of)
    engine = open_engine(pack)
    (answer,) = judged(engine, given, day, region, [measure])
    if as_json:
        typer.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    show(Console(), engine, answer)


def show(console: Console, engine: Engine, answer: Answer) -> None:
    """The human form."""
    measure, version = engine.pack.versions[answer.version]
    amount = "" if answer.amount is None else f"  {answer.amount:,.2f} {answer.unit}"
    console.print(f"[bold]{measure.title.zh}[/]  {measure.title.en}\n{answer.version}  {answer.status}{amount}")
    for item in answer.conditions:
        figures = "" if item.op is None else f"  {item.value} {item.op} {item.threshold}"
        distance = "" if item.distance is None else f"  ({'余' if item.verdict else '差'} {item.distance:f})"
        reason = f"  {item.reason}" if item.reason else ""
        console.print(
            f"  {MARKS[item.verdict]} {item.label.zh}{figures}{distance}{reason}",
            highlight=False,
            markup=False,
        )
    for line in answer.lines:
        console.print(f"    {line.label.zh}: {line.expression} = {line.value}", highlight=False, markup=False)
    for check in answer.checks:
        console.print(f"  人工核对: {check.zh}", highlight=False, markup=False)
    if answer.manual is not None:
        console.print(f"  人工判断: {answer.manual.zh}", highlight=False, markup=False)
    if answer.missing:
        console.print(f"  待补 missing: {', '.join(answer.missing)}", highlight=False, markup=False)
    state = "已确认" if answer.confirmed else "待确认"
    clauses = ", ".join(measure.clauses)
    console.print(f"  依据 basis: {version.number} {clauses}  {state}", highlight=False, markup=False)
