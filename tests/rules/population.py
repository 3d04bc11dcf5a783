"""Many subjects as a frame, and what the interactive engine says of each of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from chuangbao.rules.answers import Status
from chuangbao.rules.batch.judge import ELIGIBLE, OPEN, REFUSED, Judge, decided_by
from chuangbao.rules.batch.plan import Planner
from chuangbao.rules.batch.schema import ABSENT, SUBJECT
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from chuangbao.rules import Engine, Pack

NAMES = {REFUSED: Status.NOT_ELIGIBLE, ELIGIBLE: Status.ELIGIBLE, OPEN: Status.UNDETERMINED}
TYPES = {
    FactType.BOOLEAN: pl.Boolean,
    FactType.INTEGER: pl.Int64,
    FactType.TEXT: pl.String,
    FactType.CODE: pl.String,
    FactType.CODES: pl.List(pl.String),
    FactType.DATE: pl.Date,
}


def frame(pack: Pack, subjects: Sequence[dict], **types: pl.DataType) -> pl.DataFrame:
    """Subjects in the JSON form as columns."""
    schema: dict = {SUBJECT: pl.String}
    for name, fact in pack.facts.items():
        schema[name] = types.get(name, TYPES.get(fact.type, pl.Float64))
        if fact.may_be_absent:
            schema[name + ABSENT] = pl.Boolean
    for name, kind in pack.rows.items():
        columns = {n: types.get(f"{name}.{n}", TYPES.get(f.type, pl.Float64)) for n, f in kind.columns.items()}
        schema[name] = pl.List(pl.Struct(columns))
    rows = []
    for number, facts in enumerate(subjects):
        row = {name: facts.get(name.removesuffix(ABSENT)) for name in schema}
        for name in schema:
            if name.endswith(ABSENT):
                row[name] = name.removesuffix(ABSENT) in facts and facts[name.removesuffix(ABSENT)] is None
        for name in pack.rows:
            if row[name] is not None:
                row[name] = [{c: entry.get(c) for c in pack.rows[name].columns} for entry in row[name]]
        rows.append(row | {SUBJECT: f"s{number}"})
    return pl.DataFrame(rows, schema=schema, orient="row")


def batch(judge: Judge, columns: pl.DataFrame) -> dict[tuple[int, str], tuple]:
    """Row and version: status, amount, the condition that decided, what ceilings leave."""
    found = {}
    for ruling in judge.rulings(columns):
        due, settled, beyond = ruling.due()
        for place, row in enumerate(ruling.rows):
            cents = ruling.large.get(place, int(ruling.amounts[place]))
            amount = Decimal(f"{cents}e-2") if ruling.paid[place] else None
            by = ruling.decided[place]
            status = NAMES[int(ruling.status[place])]
            payable = Decimal(f"{beyond.get(place, int(due[place]))}e-2") if settled[place] else None
            found[int(row), ruling.task.version] = (status, amount, None if by < 0 else ruling.task.ids[by], payable)
    return found


def interactive(
    engine: Engine, subjects: Sequence[dict], as_of: date, region: str = ""
) -> dict[tuple[int, str], tuple]:
    """The same from the engine for one subject."""
    found = {}
    for row, facts in enumerate(subjects):
        profile = engine.profile(facts, as_of=as_of, region=facts.get("region") or region or engine.pack.region)
        for answer in engine.judge_all(profile):
            by = decided_by(answer)
            name = None if by is None else answer.plan.version.conditions[by].id
            payable = answer.payable if answer.status is Status.ELIGIBLE else None
            found[row, answer.version] = (answer.status, answer.amount, name, payable)
    return found


def judge(engine: Engine, as_of: date, **more: object) -> Judge:
    """A judge of every detail."""
    return Judge(Planner(engine, as_of), detail=True, **more)
