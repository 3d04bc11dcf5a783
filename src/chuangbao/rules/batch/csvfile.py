"""Facts from a CSV file: an empty cell is unknown, codes of a set are parted by ``;``, days are written 2015-06-08."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from chuangbao.rules.batch.schema import ABSENT, SUBJECT, is_place
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chuangbao.rules.model import Pack

__all__ = ["converted", "scan", "slices", "typed"]

TRUE, FALSE = ("true", "True", "TRUE", "1", "是"), ("false", "False", "FALSE", "0", "否")
NUMBER = r"^[+-]?[0-9]*\.?[0-9]*$"
DIGITS = 15  # of a number: so many a double gives back unharmed
HELD: dict[FactType, pl.DataType] = {
    FactType.BOOLEAN: pl.Boolean(),
    FactType.DATE: pl.Date(),
    FactType.TEXT: pl.String(),
    FactType.CODE: pl.String(),
    FactType.CODES: pl.List(pl.String()),
    FactType.INTEGER: pl.Int64(),
}


def scan(path: Path) -> pl.LazyFrame:
    """Everything as text."""
    return pl.scan_csv(path, infer_schema=False)


def slices(lazy: pl.LazyFrame, size: int, start: int) -> Iterator[pl.DataFrame]:
    """Partitions of exactly ``size`` rows (the last may be shorter), the first ``start`` of them left out."""
    held: list[pl.DataFrame] = []
    number = 0
    for frame in lazy.collect_batches(chunk_size=size, maintain_order=True):
        held.append(frame)
        while sum(f.height for f in held) >= size:
            whole = pl.concat(held)
            if number >= start:
                yield whole.head(size)
            number += 1
            held = [whole.slice(size)]
    rest = pl.concat(held) if held else pl.DataFrame()
    if rest.height and number >= start:
        yield rest


def held_as(pack: Pack, name: str) -> pl.DataType:
    """The type of a column once its text is read."""
    if name == SUBJECT or is_place(pack, name):
        return pl.String()
    return pl.Boolean() if name.endswith(ABSENT) else HELD.get(pack.facts[name].type, pl.Float64())


def typed(pack: Pack, schema: Mapping[str, pl.DataType]) -> dict[str, pl.DataType]:
    """The schema of the partitions."""
    return {name: held_as(pack, name) if known(pack, name) else dtype for name, dtype in schema.items()}


def known(pack: Pack, name: str) -> bool:
    """Whether a cell of this column can be read as a value (rows cannot)."""
    return name == SUBJECT or is_place(pack, name) or name.removesuffix(ABSENT) in pack.facts


def converted(pack: Pack, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[str, str, int]]]:
    """The texts as values, with the count of those that are none in each column."""
    made = frame.select(
        value(pl.col(name).str.strip_chars(), held_as(pack, name)).alias(name) for name in frame.columns
    )
    bad = []
    for name in frame.columns:
        lost = int((made[name].is_null() & frame[name].is_not_null()).sum())
        bad.append((name, WRONG.get(type(made[name].dtype), "not a number of up to 15 digits"), lost))
    return made, bad


WRONG: dict[type[pl.DataType], str] = {
    pl.Boolean: "neither true nor false",
    pl.Date: "no day such as 2015-06-08",
    pl.Int64: "not a whole number",
}


def value(text: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """One column of text as values; null where it is none."""
    if dtype == pl.Boolean:
        return pl.when(text.is_in(TRUE)).then(pl.lit(True)).when(text.is_in(FALSE)).then(pl.lit(False))
    if dtype == pl.Date:
        return text.str.to_date("%Y-%m-%d", strict=False)
    if isinstance(dtype, pl.List):
        return text.str.split(";")
    if dtype == pl.Float64:
        digits = text.str.replace_all("[^0-9]", "").str.strip_chars_start("0").str.len_chars()
        return pl.when(text.str.contains(NUMBER), digits <= DIGITS).then(text.cast(pl.Float64, strict=False))
    return text.cast(dtype, strict=False)
