"""What subjects already got, as a column: the record, what was said beside it, and what may be missing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from chuangbao.rules import awards
from chuangbao.rules.batch.schema import ABSENT
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.rules.model import Pack

__all__ = ["ROW", "column_of", "prepared", "raw_of"]

MONEY = pl.Decimal(38, 6)
HELD = {FactType.TEXT: pl.String(), FactType.DATE: pl.Date(), FactType.BOOLEAN: pl.Boolean(), FactType.MONEY: MONEY}
ROW = pl.Struct({name: HELD.get(fact.type, pl.Int64()) for name, fact in awards.row_kind().columns.items()})


def prepared(pack: Pack, frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The frame with its awards made ready: a record is complete, answers stand for measures without one."""
    asked = {measure: name for measure, name in pack.asked_awards.items() if name in frame.columns}
    if not pack.asked_awards or not (asked or awards.ROWS in frame.columns):
        return frame
    if awards.ROWS in frame.columns and is_ready(frame.schema[awards.ROWS]):
        return frame.drop(answered(frame, asked))
    rows = (raw_of(asked, row) for row in frame.select(kept(frame, asked)).iter_rows(named=True))
    return frame.drop(answered(frame, asked)).with_columns(column_of(pack, rows, as_of))


def kept(frame: pl.DataFrame, asked: dict[str, str]) -> list[str]:
    """The columns that awards are made of."""
    return [name for name in (awards.ROWS, *answered(frame, asked)) if name in frame.columns]


def answered(frame: pl.DataFrame, asked: dict[str, str]) -> list[str]:
    """The columns of what subjects said."""
    return [n for name in asked.values() for n in (name, name + ABSENT) if n in frame.columns]


def is_ready(dtype: pl.DataType) -> bool:
    """Whether a column of awards says itself what may be missing."""
    inner = dtype.inner if isinstance(dtype, pl.List) else None
    return isinstance(inner, pl.Struct) and awards.UNTIL in {entry.name for entry in inner.fields}


def raw_of(asked: dict[str, str], row: dict[str, Any]) -> dict[str, Any]:
    """The record and the answers of one subject as the interactive engine takes them."""
    found: dict[str, Any] = {}
    if row.get(awards.ROWS) is not None:
        found[awards.ROWS] = row[awards.ROWS]
    for name in asked.values():
        if row[name] is not None:
            found[name] = row[name]
        elif row.get(name + ABSENT):
            found[name] = None
    return found


def column_of(pack: Pack, raws: Iterable[dict[str, Any]], as_of: date) -> pl.Series:
    """The column of awards of some subjects, from what the interactive engine takes of each."""
    rows = []
    for raw in raws:
        answers = {measure: raw[name] for measure, name in pack.asked_awards.items() if name in raw}
        rows.append([typed(row) for row in awards.award_rows(pack.asked_awards, raw.get(awards.ROWS), answers, as_of)])
    return pl.Series(awards.ROWS, rows, dtype=pl.List(ROW))


def typed(row: dict[str, Any]) -> dict[str, Any]:
    """A row with an exact sum and a day."""
    found = dict(row)
    if found.get("amount") is not None:
        found["amount"] = Decimal(str(found["amount"]))
    if isinstance(found.get("granted_on"), str):
        found["granted_on"] = awards.day_of(found["granted_on"])
    return {name: found.get(name) for name in awards.row_kind().columns}
