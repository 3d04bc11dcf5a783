"""The facts of many subjects as columns, and parts of them: rows are taken only from the columns that are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangbao.rules.batch.masks import blanked, both, either, inverse, packed, part_of, spread, without
from chuangbao.rules.batch.values import NotColumnarError, Truth, Vec, room

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chuangbao.rules.batch.masks import Array, Bools, Mask

__all__ = ["Column", "Frame", "Plain", "Sets", "Words"]

Part = Any  # row numbers, or a slice
IDS = 1 << 31  # days and texts are numbered below it
EXACT = 10**15  # every decimal of up to 15 digits comes back from its double
SCALES = (1, 100, 10_000, 1_000_000)
PIECE = 1 << 15  # rows of a column that are seen through in one go
MOST_ODD = 0.02  # of the numbers of a column may be no multiple of its smallest unit
ULP = 2.0**-52
WIDTHS = (np.uint8, np.uint16, np.uint32, np.uint64)


class Words:
    """Texts as whole numbers: the same text is the same number in every column."""

    def __init__(self) -> None:
        """No text yet."""
        self.numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a text."""
        return self.numbers.setdefault(text, len(self.numbers))

    def beginning(self, prefix: str) -> Array:
        """For the number of each text whether the text begins so."""
        return np.fromiter((word.startswith(prefix) for word in self.numbers), np.bool_, len(self.numbers))


class Cut:
    """Rows of masks, each of which is opened once however often some of its rows are asked for."""

    def __init__(self) -> None:
        """Nothing is open."""
        self.opened: dict[str, Bools] = {}

    def of(self, name: str, mask: Mask, size: int, part: Part) -> Mask:
        """The rows of a mask."""
        if isinstance(mask, bool):
            return mask
        if isinstance(part, slice):
            return part_of(mask, part)
        if name not in self.opened:
            self.opened[name] = spread(mask, size)
        return packed(self.opened[name].take(part))


@dataclass(slots=True)
class Plain:
    """One value a subject: ``kind`` is float, int, bool, day or id (of a text); truth values are a mask.

    ``d`` divides whole numbers. What lies in memory where nothing is known is a harmless number, but for doubles and
    truth values: there it is anything.
    """

    kind: str
    values: Array
    known: Mask
    absent: Mask = False
    doubt: Mask = False
    d: int = 1
    units: list[int] = field(default_factory=list)
    size: int = -1
    cut: Cut = field(default_factory=Cut)
    cents: Vec | None = None
    taken: int = 0

    def __len__(self) -> int:
        """How many subjects."""
        return len(self.values) if self.size < 0 else self.size

    def take(self, part: Part) -> Plain:
        """Some rows."""
        size = len(self)
        known, absent, doubt = (
            self.cut.of(n, m, size, part)
            for n, m in (("known", self.known), ("absent", self.absent), ("doubt", self.doubt))
        )
        if self.kind == "bool":
            values: Any = self.cut.of("values", self.values, size, part)
            length = part.stop - part.start if isinstance(part, slice) else len(part)
            return Plain("bool", values, known, absent, doubt, size=length)
        if self.kind == "float" and not isinstance(part, slice):
            return self.some(part, known, absent, doubt)
        return Plain(self.kind, self.values[part], known, absent, doubt, self.d, self.units)

    def some(self, rows: Array, known: Mask, absent: Mask, doubt: Mask) -> Plain:
        """Single rows of doubles; asked for more often than there are rows, all become whole numbers once."""
        self.taken += len(rows)
        if self.cents is None and self.taken > len(self.values):
            self.cents = self.decimals()
        if self.cents is None or self.cents.err is not None:
            return Plain("float", self.values.take(rows), known, absent, doubt, self.d, self.units)
        cents = self.cents
        doubt = self.cut.of("odd", cents.doubt, len(self), rows)
        return Plain("int", cents.n.take(rows), known, absent, doubt, cents.d)

    def value(self) -> Vec | Truth:
        """As the interpreter reads it."""
        if self.kind == "bool":
            yes = both(self.known, self.values)
            return Truth(yes, without(self.known, yes), self.absent, self.doubt)
        if self.kind == "float":
            self.cents = self.cents or self.decimals()
            return self.cents
        if self.kind in {"id", "day"}:
            return Vec(self.values, 1, 1 - IDS, IDS - 1, self.known, self.absent, self.doubt)
        low, high = (int(self.values.min()), int(self.values.max())) if len(self.values) else (0, 0)
        return Vec(self.values, self.d, low, high, self.known, self.absent, self.doubt)

    def decimals(self) -> Vec:
        """Doubles as the decimals that they are meant to be: whole numbers of a smallest unit where (nearly) all are.

        ``c / d == x`` for a whole ``c`` of up to 15 digits proves that ``c / d`` is the shortest decimal form of x.
        The unit that served other rows of the column is tried first.
        """
        scales = dict.fromkeys([*self.units, *SCALES])
        for d in scales:
            if (units := wholes(self.values, self.known, d)) is not None:
                self.units[:] = [d]
                return self.bounded(units, d, self.doubt)
        x = blanked(self.values, self.known)
        for d in scales:
            c = np.rint(x * d)
            fits = (c / d == x) & (np.abs(c) < EXACT)
            if len(x) - np.count_nonzero(fits) <= MOST_ODD * len(x):
                return self.bounded(np.where(fits, c, 0.0), d, either(inverse(packed(fits)), self.doubt))
        return Vec(x, known=self.known, absent=self.absent, doubt=self.doubt, err=np.abs(x) * ULP + 5e-324)

    def bounded(self, c: Array, d: int, doubt: Mask) -> Vec:
        """Whole numbers with their least and largest."""
        low, high = (int(c.min()), int(c.max())) if len(c) else (0, 0)
        return Vec(c.astype(room(low, high)), d, low, high, self.known, self.absent, doubt)


def wholes(values: Array, known: Mask, d: int) -> Array | None:
    """Doubles times ``d`` where all are whole numbers; a piece that the processor's cache holds after the other."""
    found = np.empty(len(values), np.int64)
    for start in range(0, len(values), PIECE):
        piece = slice(start, min(start + PIECE, len(values)))
        x = blanked(values[piece], part_of(known, piece))
        c = np.rint(x * d)
        if not ((c / d == x).all() and np.abs(c).max() < EXACT):
            return None
        found[piece] = c
    return found


@dataclass(slots=True)
class Sets:
    """Many values a subject: codes of a set (``items`` has one column "") or rows (one column for each of theirs)."""

    starts: Array
    lengths: Array
    known: Mask
    items: Mapping[str, Plain]
    absent: Mask = False
    bits: Array | None = None
    places: Mapping[int, int] = field(default_factory=dict)
    cut: Cut = field(default_factory=Cut)

    def take(self, part: Part) -> Sets:
        """Some subjects."""
        size = len(self.lengths)
        known, absent = (self.cut.of(n, m, size, part) for n, m in (("known", self.known), ("absent", self.absent)))
        bits = None if self.bits is None else self.bits[part]
        return Sets(self.starts[part], self.lengths[part], known, self.items, absent, bits, self.places)

    def pack(self, items: Array, table: list[int]) -> None:
        """Keep the codes of each subject as ``bits`` too, where a machine word has enough of them.

        ``items`` are spellings, and ``table`` has the place of the code of each.
        """
        width = next((w for w in WIDTHS if len(self.places) <= 8 * np.dtype(w).itemsize), None)
        if width is None:
            return
        places = items if table == list(range(len(table))) else np.asarray([*table, 0], np.uint8)[items]
        bits = np.zeros(len(items) + 1, width)
        np.left_shift(width(1), places, out=bits[:-1], casting="unsafe")
        self.bits = blanked(np.bitwise_or.reduceat(bits, self.starts), packed(self.lengths > 0))

    def having(self, codes: Sequence[int]) -> Mask:
        """Whether a subject has one of some codes."""
        if self.bits is None:
            mine = self.items[""].values[self.flat()]
            return packed(self.sums(np.isin(mine, codes)) > 0)
        wanted = sum(1 << self.places[code] for code in set(codes) if code in self.places)
        return packed((self.bits & self.bits.dtype.type(wanted)) != 0)

    def flat(self) -> Array:
        """Where the items of these subjects lie, one subject after the other."""
        ends = np.cumsum(self.lengths)
        total = int(ends[-1]) if len(ends) else 0
        found: Array = np.arange(total) + np.repeat(self.starts - (ends - self.lengths), self.lengths)
        return found

    def owners(self) -> Array:
        """For each item the subject it belongs to."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    def sums(self, amounts: Array) -> Array:
        """The sum over the items of each subject."""
        total = np.concatenate([np.zeros(1, np.int64), np.cumsum(amounts, dtype=np.int64)])
        ends = np.cumsum(self.lengths)
        found: Array = total[ends] - total[ends - self.lengths]
        return found


Column = Plain | Sets


class Frame:
    """Columns by the name of their fact, or some rows of another frame."""

    def __init__(self, size: int, columns: Mapping[str, Column], whole: Frame | None = None, part: Part = None) -> None:
        """``part`` are the rows of ``whole`` that this frame has."""
        self.size, self.whole, self.part = size, whole, part
        self.held: dict[str, Column] = dict(columns)

    def take(self, rows: Array) -> Frame:
        """Some rows."""
        return Frame(len(rows), {}, self, rows)

    def cut(self, start: int, stop: int) -> Frame:
        """Rows in a row."""
        return Frame(stop - start, {}, self, slice(start, stop))

    def column(self, name: str) -> Column | None:
        """The column of a fact; none where the snapshot does not have it."""
        if name not in self.held and self.whole is not None:
            found = self.whole.column(name)
            if found is not None:
                self.held[name] = found.take(self.part)
        return self.held.get(name)

    def plain(self, name: str) -> Plain | None:
        """A column of one value a subject."""
        found = self.column(name)
        if isinstance(found, Sets):
            raise NotColumnarError(name)
        return found
