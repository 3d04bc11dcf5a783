"""``chuangbao explain``: one measure for one subject in full: conditions, working, basis."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chuangbao.cli.inputs import as_day, open_engine, read_facts
from chuangbao.cli.match import judge_wanted
from chuangbao.cli.words import cite_clause, name_fact, name_status, name_value, say_figure

if TYPE_CHECKING:
    from rich.console import Console

    from chuangbao.rules import Answer, Engine, Pack
    from chuangbao.rules.answers import ConditionAnswer

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
    (answer,) = judge_wanted(engine, given, day, region, [measure])
    if as_json:
        typer.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    show(Console(), engine, answer)


def show(console: Console, engine: Engine, answer: Answer) -> None:
    """The human form."""
    measure, version = engine.pack.versions[answer.version]
    amount = "" if answer.amount is None else f"  {say_figure(answer.amount, answer.unit)}"
    console.print(f"[bold]{measure.title.zh}[/]  {measure.title.en}")
    console.print(f"{answer.version}  {name_status(answer.status)}{amount}", highlight=False, markup=False)
    for item in answer.conditions:
        console.print(f"  {MARKS[item.verdict]} {describe(engine.pack, item)}", highlight=False, markup=False)
    for line in answer.lines:
        value = name_value(engine.pack, None, line.value, line.unit)
        console.print(f"    {line.label.zh}: {line.expression} = {value}", highlight=False, markup=False)
    for check in answer.checks:
        console.print(f"  人工核对: {check.label.zh}", highlight=False, markup=False)
    if answer.manual is not None:
        console.print(f"  人工判断: {answer.manual.zh}", highlight=False, markup=False)
    if answer.missing:
        missing = "、".join(name_fact(engine.pack, name) for name in answer.missing)
        console.print(f"  待补 missing: {missing}", highlight=False, markup=False)
    state = "已确认" if answer.confirmed else "待确认"
    clauses = "、".join(cite_clause(engine.pack, clause) for clause in measure.clauses)
    console.print(f"  依据 basis: {version.number}  {state}", highlight=False, markup=False)
    console.print(f"  对应 clauses: {clauses or '—'}", highlight=False, markup=False)


def describe(pack: Pack, item: ConditionAnswer) -> str:
    """A judged condition: what it says, both sides, by how much, and the clause it corresponds to."""
    figures = distance = ""
    if item.op is not None:
        sides = (name_value(pack, item.fact, side, item.unit) for side in (item.value, item.threshold))
        figures = f"  {f' {item.op} '.join(sides)}"
    if item.distance is not None:
        days = isinstance(item.value, date)
        distance = f"  ({'余' if item.verdict else '差'} {say_figure(item.distance, 'day' if days else item.unit)})"
    reason = f"  {item.reason}" if item.reason else ""
    basis = f"  (对应 {cite_clause(pack, item.clause)})" if item.clause else ""
    return f"{item.label.zh}{figures}{distance}{reason}{basis}"
