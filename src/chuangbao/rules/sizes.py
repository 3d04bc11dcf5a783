"""How large the value of an expression can become (数值规模), known before anything is computed.

Lines that multiply one another grow by squares: eighteen short lines would otherwise name a number of ten million
digits. Sizes are carried along with kinds by ``check`` and are bounds, not values.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FACT", "WHOLE", "Size", "size_of"]

MOST: Final = 45
"""Digits before the point: the product of two amounts of 15 digits in a formula with literals fits."""
FINEST: Final = 400
RAGGED: Final = 2_000
ROUNDED, ROWS = 6, 9
"""Decimals that ROUND leaves at most; digits of the number of rows that are added up."""


@dataclass(frozen=True, slots=True)
class Size:
    """Bounds in decimal digits: before the point, decimals behind it, and of what was divided by.

    ``ragged`` is the length of the denominators that quotients leave; decimals alone leave none.
    """

    whole: int
    fine: int = 0
    ragged: int = 0

    def __add__(self, other: Size) -> Size:
        """Of a sum or a difference."""
        return Size(max(self.whole, other.whole) + 1, max(self.fine, other.fine), self.ragged + other.ragged)

    def __mul__(self, other: Size) -> Size:
        """Of a product."""
        return Size(self.whole + other.whole, self.fine + other.fine, self.ragged + other.ragged)

    def __truediv__(self, other: Size) -> Size:
        """Of a quotient: a divisor is at least as large as its last decimal."""
        small = other.fine + other.ragged
        return Size(self.whole + small, self.fine, self.ragged + small + max(other.whole, 0))

    def after(self, function: str) -> Size:
        """Of the value of a function of one number, or of an aggregate over rows."""
        if function in {"ROUND", "FLOOR", "CEIL"}:
            return Size(self.whole + 1, ROUNDED)
        return Size(self.whole + ROWS, self.fine, self.ragged + ROWS) if function in {"SUM", "AVG"} else self

    @property
    def is_bounded(self) -> bool:
        """Whether it can be computed, shown and kept."""
        return self.whole <= MOST and self.fine <= FINEST and self.ragged <= RAGGED

    @staticmethod
    def widest(sizes: Iterable[Size]) -> Size:
        """Of whichever of several values it turns out to be."""
        found = [(s.whole, s.fine, s.ragged) for s in sizes]
        return Size(*(max(column) for column in zip(*found, strict=True)))


WHOLE: Final = Size(15)
FACT: Final = Size(15, 8)
"""What the database keeps of a figure: 15 digits before and 8 behind the point."""


def size_of(value: float | Fraction) -> Size:
    """The size of one known number."""
    number = Fraction(value)
    top, bottom = abs(number.numerator), number.denominator
    return Size(digits(top) - digits(bottom) + 1, bottom.bit_length() - 1)


def digits(number: int) -> int:
    """How many digits a whole number has; at least one."""
    return math.ceil(number.bit_length() * math.log10(2)) or 1
