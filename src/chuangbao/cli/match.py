"""``chuangbao match``: one subject's facts against the measures, for scripts and for comparing cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chuangbao.cli.inputs import as_day, fail, open_engine, read_facts
from chuangbao.cli.words import name_fact, name_status, say_figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from chuangbao.rules import Answer, Engine
    from chuangbao.rules.profile import Profile

__all__ = ["CONTEXT", "judge_wanted", "match"]

# ids after the first one behind --measure arrive as further arguments
CONTEXT = {"allow_extra_args": True}


def match(
    ctx: typer.Context,
    facts: Annotated[Path, typer.Option(help="JSON file of facts; - reads standard input.")],
    as_of: Annotated[str, typer.Option(help="The day for which the question is asked, such as 2015-12-31.")],
    measure: Annotated[list[str] | None, typer.Option(help="Measure or version id; several may follow.")] = None,
    pack: Annotated[Path | None, typer.Option(help="Folder of the pack.")] = None,
    region: Annotated[str, typer.Option(help="Region code; the pack's own where none is given.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Judge one subject against all measures in force, or against the ones named."""
    if ctx.args and not measure:
        fail(f"unexpected argument '{ctx.args[0]}'", "measure ids follow --measure")
    day = as_day(as_of)
    engine = open_engine(pack)
    given = read_facts(facts)
    if "region" not in engine.pack.facts:
        region = region or str(given.pop("region", ""))
    answers = judge_wanted(engine, given, day, region, [*(measure or []), *ctx.args])
    if as_json:
        found = {"as_of": day.isoformat(), "results": [answer.to_dict() for answer in answers]}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        show(engine, answers)


def judge_wanted(
    engine: Engine, facts: Mapping[str, object], day: date, region: str, wanted: Iterable[str]
) -> list[Answer]:
    """The answers asked for; wrong facts and unknown ids end with status 2 and the nearest right name."""
    names = list(dict.fromkeys(version_id(engine, name, day) for name in dict.fromkeys(wanted)))
    if not names:
        return engine.judge_all(subject(engine, facts, day, region))
    pack = engine.pack
    places = {name: region or pack.home(pack.versions[name][0], day) for name in names}
    return [engine.judge(subject(engine, facts, day, places[name]), name) for name in names]


def subject(engine: Engine, facts: Mapping[str, object], day: date, region: str) -> Profile:
    """The profile of the facts."""
    from chuangbao.rules import FactError

    try:
        return engine.profile(facts, as_of=day, region=region or engine.pack.region)
    except FactError as error:
        fail(*(str(problem) for problem in error.problems))


def version_id(engine: Engine, name: str, day: date) -> str:
    """The version that an id names: itself, or the one in force on the day."""
    from chuangbao.rules.diagnostics import nearest

    try:
        measure, version = engine.pack.find(name, day)
    except KeyError:
        guess = nearest(name, [*engine.pack.measures, *engine.pack.versions])
        fail(
            f"--measure: there is no measure or version '{name}'",
            *([f"did you mean {guess}?"] if guess else []),
        )
    if version is None:
        known = ", ".join(v.version for v in measure.versions)
        fail(f"--measure: '{name}' has no version in force on {day}", f"its versions are {known}")
    return version.version


def show(engine: Engine, answers: Iterable[Answer]) -> None:
    """A table for people."""
    from rich.console import Console
    from rich.table import Table

    from chuangbao.rules.questions import useful_order

    table = Table("版本 Version", "事项 Measure", "结论 Status", "金额 Amount", "待补 Missing")
    for answer in useful_order(answers):
        amount = "" if answer.amount is None else say_figure(answer.amount, answer.unit)
        title = engine.pack.measures[answer.measure].title.zh
        missing = "、".join(name_fact(engine.pack, name) for name in answer.missing)
        table.add_row(answer.version, title, name_status(answer.status), amount, missing)
    Console().print(table)
