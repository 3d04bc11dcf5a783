"""From the columns of a Polars frame to what the judge reads, without copies where the memory allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import polars as pl

from chuangbao.rules.batch.frame import Column, Frame, Plain, Sets, Words
from chuangbao.rules.batch.masks import Mask, blanked, both, either, packed
from chuangbao.rules.batch.schema import ABSENT, SUBJECT, is_place
from chuangbao.rules.batch.values import BIG
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.rules.batch.masks import Array
    from chuangbao.rules.model import Fact, Pack

__all__ = ["Loaded"]

PLACES: dict[Any, type] = {pl.UInt8(): np.uint8, pl.UInt16(): np.uint16, pl.UInt32(): np.uint32}
SIGNED: dict[Any, type] = {pl.Int16(): np.int16, pl.Int32(): np.int32, pl.Int64(): np.int64}


class Loaded(Frame):
    """A partition: a column is made ready when it is first read."""

    def __init__(self, pack: Pack, frame: pl.DataFrame, words: Words) -> None:
        """``frame`` has passed the checks of its schema and values."""
        super().__init__(frame.height, {})
        self.pack, self.frame, self.words = pack, frame, words

    def column(self, name: str) -> Column | None:
        """See Frame."""
        plain = name != SUBJECT and not name.endswith(ABSENT) and not is_place(self.pack, name)
        if plain and name not in self.held and name in self.frame.columns:
            self.held[name] = self.made(name, self.frame[name])
        return self.held.get(name)

    def made(self, name: str, series: pl.Series) -> Column:
        """A column made ready."""
        if name in self.pack.rows:
            return self.rows(self.pack.rows[name].columns, series)
        mark = self.frame.get_column(name + ABSENT, default=None)
        absent = False if mark is None else truths(mark)
        if self.pack.facts[name].type is FactType.CODES:
            return self.sets(self.pack.facts[name], series, absent)
        found = self.single(self.pack.facts[name], series)
        found.absent = absent
        return found

    def single(self, fact: Fact, series: pl.Series) -> Plain:
        """One value a subject."""
        if series.dtype == pl.Null:
            return Plain("id", np.zeros(len(series), np.int32), False)
        known = known_of(series)
        if fact.type is FactType.BOOLEAN:
            return Plain("bool", cast("Array", truths(series)), known, size=len(series))
        if fact.type is FactType.DATE:
            return Plain("day", filled(series.to_physical(), known, np.int32), known)
        if fact.type in {FactType.CODE, FactType.TEXT}:
            return Plain("id", self.numbers(fact, series), known)
        if isinstance(series.dtype, pl.Decimal):
            return decimals(series, known)
        if series.dtype == pl.Float64:
            return Plain("float", memory(series, np.float64), known)
        if series.dtype not in SIGNED:
            series = series.cast(pl.Int64)
        return whole(filled(series, known, SIGNED[series.dtype]), known, 1)

    def numbers(self, fact: Fact, series: pl.Series) -> Array:
        """Texts by their number; the label of a code is the code itself."""
        listed = self.pack.codes.get(fact.codes)
        spellings = {} if listed is None else listed.spellings
        texts = list(spellings) or series.cast(pl.String).unique().drop_nulls().to_list()
        if not isinstance(series.dtype, pl.Enum) or series.dtype.categories.to_list() != texts:
            series = series.cast(pl.String).cast(pl.Enum(texts))
        physical = series.to_physical()
        ids = filled(physical, known_of(physical), PLACES[physical.dtype])
        return self.numbered(ids, [spellings.get(w, w) for w in texts])

    def numbered(self, ids: Array, texts: list[str]) -> Array:
        """Places in a list of texts as the numbers of these; often only the beginning is another."""
        table = [self.words.number(text) for text in texts]
        small = np.uint8 if len(self.words.numbers) < 256 else np.int32  # noqa: PLR2004 - what a byte holds
        if table and table == list(range(table[0], table[0] + len(table))):
            return np.add(ids, table[0], dtype=small)
        found: Array = np.asarray([*table, 0], small)[ids]
        return found

    def sets(self, fact: Fact, series: pl.Series, absent: Mask) -> Sets:
        """A set of codes."""
        spellings = self.pack.codes[fact.codes].spellings
        held = pl.List(pl.Enum(list(spellings)))
        if series.dtype != held:
            series = series.cast(pl.List(pl.String)).cast(held)
        known, array = known_of(series), cast("Any", series.to_arrow())
        lengths = blanked(np.diff(array.offsets.to_numpy()), known)
        items = array.flatten().indices.to_numpy()
        places = {code: place for place, code in enumerate(dict.fromkeys(spellings.values()))}
        codes = Plain("id", self.numbered(items, list(spellings.values())), True)
        found = Sets(np.cumsum(lengths) - lengths, lengths, known, {"": codes}, absent)
        found.places = {self.words.number(code): place for code, place in places.items()}
        found.pack(items, [places[code] for code in spellings.values()])
        return found

    def rows(self, columns: Mapping[str, Fact], series: pl.Series) -> Sets:
        """The rows of a subject; a declared column that is not there is unknown."""
        starts, lengths, items = flattened(series)
        found = {}
        for name, fact in columns.items():
            given = name in items.struct.fields
            part = items.struct.field(name) if given else pl.Series([None] * len(items), dtype=pl.Null)
            found[name] = self.single(fact, part)
        return Sets(starts, lengths, known_of(series), found)


def flattened(series: pl.Series) -> tuple[Array, Array, pl.Series]:
    """Where the items of each list begin, how many there are, and all items."""
    lengths = series.list.len().fill_null(0).cast(pl.Int64).to_numpy()
    items = series.drop_nulls()
    items = items.filter(items.list.len() > 0).explode()
    return np.cumsum(lengths) - lengths, lengths, items


def bits(buffer: Any, start: int, size: int) -> Array:
    """Bits as they lie in memory; moved only where they begin inside of a byte."""
    found = np.frombuffer(buffer, np.uint8)[start // 8 : (start + size + 7) // 8]
    if start % 8:
        found = np.packbits(np.unpackbits(found, bitorder="little")[start % 8 : start % 8 + size], bitorder="little")
    return found


def known_of(series: pl.Series) -> Mask:
    """Where there is a value."""
    if series.null_count() == 0:
        return True
    array = series.to_arrow()
    return bits(array.buffers()[0], array.offset, len(array))


def memory(series: pl.Series, kind: type) -> Array:
    """The numbers, straight from the memory of Arrow; behind a null lies anything."""
    array = series.to_arrow()
    buffer = array.buffers()[1] if len(array) else b""
    values: Array = np.frombuffer(buffer, kind, len(array), array.offset * np.dtype(kind).itemsize)
    return values


def filled(series: pl.Series, known: Mask, kind: type) -> Array:
    """The same with 0 for what is not known."""
    return blanked(memory(series, kind), known)


def truths(series: pl.Series) -> Mask:
    """Truth values; false for what is not known."""
    array = series.to_arrow()
    values = bits(array.buffers()[1] if len(array) else b"", array.offset, len(array))
    return both(known_of(series), values)


def whole(values: Array, known: Mask, d: int) -> Plain:
    """Whole numbers over ``d``, as narrow as they are; those that leave no room for arithmetic are in doubt."""
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    for kind in (np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return Plain("int", values.astype(kind), known, d=d)
    if low > -BIG and high < BIG:
        return Plain("int", values, known, d=d)
    odd = (values <= -BIG) | (values >= BIG)
    return Plain("int", np.where(odd, 0, values), known, doubt=packed(odd), d=d)


def decimals(series: pl.Series, known: Mask) -> Plain:
    """Decimals of 128 bits: those that fit into 64."""
    scale = cast("pl.Decimal", series.dtype).scale
    array: Any = series.fill_null(0).to_arrow()
    halves = np.frombuffer(array.buffers()[1], np.int64)[2 * array.offset : 2 * (array.offset + len(array))]
    low, high = halves[0::2], halves[1::2]
    odd = high != low >> 63
    found = whole(np.where(odd, 0, low), known, 10**scale)
    if odd.any():
        found.doubt = either(found.doubt, packed(odd))
    return found
