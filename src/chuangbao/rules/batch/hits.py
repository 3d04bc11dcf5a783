"""The long table of a run: a subject and a version each row, as Arrow tables ready to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from chuangbao.rules.answers import Status
from chuangbao.rules.batch.judge import ELIGIBLE, OPEN, REFUSED, Ruling
from chuangbao.rules.batch.schema import SUBJECT

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from chuangbao.rules.batch.masks import Array

__all__ = ["digits_of", "schema_of", "table"]

WORD = pa.dictionary(pa.int16(), pa.string())
MONEY = pa.decimal128(38, 2)
NAMES = {REFUSED: str(Status.NOT_ELIGIBLE), ELIGIBLE: str(Status.ELIGIBLE), OPEN: str(Status.UNDETERMINED)}


def schema_of(subject: pl.DataType) -> pa.Schema:
    """The columns of the table; ids keep their type, be they numbers or texts."""
    kind = pa.int64() if subject.is_integer() else pa.string()
    words = [("measure", WORD), ("version", WORD), ("status", WORD)]
    return pa.schema([("subject", kind), *words, ("amount", MONEY), ("payable", MONEY), ("decided_by", WORD)])


def table(frame: pl.DataFrame, rulings: Iterable[Ruling], *, every: bool) -> pa.Table:
    """The rows of a partition: the eligible and the undetermined, or every one."""
    schema = schema_of(frame[SUBJECT].dtype)
    ids = frame[SUBJECT].to_arrow().cast(schema.field("subject").type)
    parts = [part(ids, ruling, schema, every=every) for ruling in rulings]
    return pa.concat_tables(parts).unify_dictionaries() if parts else schema.empty_table()


def part(ids: Any, ruling: Ruling, schema: pa.Schema, *, every: bool) -> pa.Table:
    """The rows of one version."""
    kept = np.arange(len(ruling.rows)) if every else np.flatnonzero(ruling.status != REFUSED)
    conditions = list(ruling.task.ids) or [""]
    decided = ruling.decided[kept]
    return pa.table(
        [
            ids.take(pa.array(ruling.rows[kept])),
            words([ruling.task.measure], np.zeros(len(kept), np.int16)),
            words([ruling.task.version], np.zeros(len(kept), np.int16)),
            words(list(NAMES.values()), ruling.status[kept].astype(np.int16)),
            amounts(kept, ruling.amounts, ruling.paid, ruling.large),
            amounts(kept, *ruling.due()),
            words(conditions, np.maximum(decided, 0), decided < 0),
        ],
        schema=schema,
    )


def words(texts: list[str], places: Array, mask: Array | None = None) -> pa.DictionaryArray:
    """Texts by their place in a short list."""
    indices = pa.array(places.astype(np.int16), mask=mask)
    return pa.DictionaryArray.from_arrays(indices, pa.array(texts, pa.string()))


def amounts(kept: Array, cents: Array, paid: Array, large: dict[int, int]) -> pa.Array:
    """Cents as decimals of 128 bits, without a step through text."""
    halves = np.empty((len(kept), 2), np.int64)
    halves[:, 0] = cents[kept]
    halves[:, 1] = halves[:, 0] >> 63
    if large:
        for place in np.flatnonzero(np.isin(kept, list(large))):
            halves[place] = digits_of(large[int(kept[place])])
    known = np.packbits(paid[kept], bitorder="little")
    buffers = [pa.py_buffer(known.tobytes()), pa.py_buffer(halves.tobytes())]
    return pa.Array.from_buffers(MONEY, len(kept), buffers)


def digits_of(cents: int) -> tuple[int, int]:
    """The two halves of a whole number of 128 bits.

    Raises OverflowError for an amount of more than 38 digits.
    """
    if abs(cents) >= 10**38:
        raise OverflowError(f"an amount of {len(str(abs(cents)))} digits does not fit into the table")
    low = cents & 0xFFFF_FFFF_FFFF_FFFF
    return low - (1 << 64) if low >> 63 else low, cents >> 64
