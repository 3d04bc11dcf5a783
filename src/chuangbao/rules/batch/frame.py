"""The facts of many subjects as columns, and parts of them: rows are taken only from the columns that are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangbao.rules.batch.values import Mask, NotColumnarError, Truth, Vec, both

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chuangbao.rules.batch.values import Array

__all__ = ["Column", "Frame", "Plain", "Sets", "Words"]

Part = Any  # row numbers, or a slice
IDS = 1 << 31  # days and texts are numbered below it
EXACT = 10**15  # every decimal of up to 15 digits comes back from its double
SCALES = (1, 100, 10_000, 1_000_000)
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


def part_of(mask: Mask, part: Part) -> Mask:
    """Some rows of a mask."""
    return mask if isinstance(mask, bool) else mask[part]


@dataclass(slots=True)
class Plain:
    """One value a subject: ``kind`` is float, int, bool, day or id (of a text).

    ``d`` divides whole numbers; a double that is not known is NaN.
    """

    kind: str
    values: Array
    known: Mask
    absent: Mask = False
    doubt: Mask = False
    d: int = 1
    units: list[int] = field(default_factory=list)

    def take(self, part: Part) -> Plain:
        """Some rows."""
        known, absent, doubt = (part_of(m, part) for m in (self.known, self.absent, self.doubt))
        return Plain(self.kind, self.values[part], known, absent, doubt, self.d, self.units)

    def value(self) -> Vec | Truth:
        """As the interpreter reads it."""
        if self.kind == "bool":
            yes = both(self.known, self.values)
            no = ~self.values if self.known is True else self.known ^ yes
            return Truth(yes, no, self.absent, self.doubt)
        if self.kind == "float":
            return self.decimals()
        if self.kind in {"id", "day"}:
            return Vec(self.values, 1, -IDS, IDS, self.known, self.absent, self.doubt)
        low, high = (int(self.values.min()), int(self.values.max())) if len(self.values) else (0, 0)
        return Vec(self.values.astype(np.int64), self.d, low, high, self.known, self.absent, self.doubt)

    def decimals(self) -> Vec:
        """Doubles as the decimals that they are meant to be: whole numbers of a smallest unit where (nearly) all are.

        ``c / d == x`` for a whole ``c`` of up to 15 digits proves that ``c / d`` is the shortest decimal form of x.
        The unit that served other rows of the column is tried first.
        """
        x = self.values if self.known is True else np.where(self.known, self.values, 0.0)
        for d in dict.fromkeys([*self.units, *SCALES]):
            c = np.rint(x * d)
            fits = c / d == x
            if not fits.all() or not np.abs(c).max(initial=0.0) < EXACT:
                fits &= np.abs(c) < EXACT
                odd = len(x) - np.count_nonzero(fits)
                if odd > MOST_ODD * len(x):
                    continue
                c = np.where(fits, c, 0.0)
                return self.bounded(c, d, ~fits if self.doubt is False else self.doubt | ~fits)
            self.units[:] = [d]
            return self.bounded(c, d, self.doubt)
        return Vec(x, known=self.known, absent=self.absent, doubt=self.doubt, err=np.abs(x) * ULP + 5e-324)

    def bounded(self, c: Array, d: int, doubt: Mask) -> Vec:
        """Whole numbers with their least and largest."""
        n = c.astype(np.int64)
        low, high = (int(n.min()), int(n.max())) if len(n) else (0, 0)
        return Vec(n, d, low, high, self.known, self.absent, doubt)


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

    def take(self, part: Part) -> Sets:
        """Some subjects."""
        known, absent = part_of(self.known, part), part_of(self.absent, part)
        bits = None if self.bits is None else self.bits[part]
        return Sets(self.starts[part], self.lengths[part], known, self.items, absent, bits, self.places)

    def packed(self) -> Sets:
        """The same with the codes of each subject as ``bits``, each at its place, where a machine word has enough."""
        codes = self.items[""].values
        found = np.unique(codes)
        width = next((w for w in WIDTHS if len(found) <= 8 * np.dtype(w).itemsize), None)
        if width is None or not len(codes):
            return self
        self.places = {int(code): place for place, code in enumerate(found)}
        table = np.zeros(int(found[-1]) + 1, width)
        table[found] = np.left_shift(np.ones(len(found), width), np.arange(len(found), dtype=width))
        self.bits = np.zeros(len(self.lengths), width)
        filled = self.lengths > 0
        self.bits[filled] = np.bitwise_or.reduceat(table[codes], self.starts[filled])
        return self

    def having(self, codes: Sequence[int]) -> Array:
        """Whether a subject has one of some codes."""
        if self.bits is None:
            mine = self.items[""].values[self.flat()]
            return self.sums(np.isin(mine, codes)) > 0
        wanted = sum(1 << self.places[code] for code in set(codes) if code in self.places)
        found: Array = (self.bits & self.bits.dtype.type(wanted)) != 0
        return found

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
