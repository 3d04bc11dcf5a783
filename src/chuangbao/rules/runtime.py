"""The values of the language and its functions over them: exact numbers, calendar days, three states.

``None`` is unknown (no one has said), ``ABSENT`` is known absence; numbers are ints and Fractions, never floats.
"""

from __future__ import annotations

import math
from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Final, cast, final

__all__ = [
    "ABSENT",
    "Absent",
    "Value",
    "add_months",
    "between",
    "cents",
    "divide",
    "exact",
    "months_since",
    "rounded",
    "shown",
    "years_since",
]


@final
class Absent:
    """Known absence (明知没有): not unknown, not zero, not false."""

    def __repr__(self) -> str:
        """Readable in messages."""
        return "ABSENT"

    def __reduce__(self) -> str:
        """There is one of it, also after a round trip through pickle."""
        return "ABSENT"


ABSENT: Final = Absent()
Number = int | Fraction
Value = Number | bool | str | date | frozenset[str] | Absent | None


def exact(value: float | Decimal | Fraction | str) -> Number:
    """The exact number meant: an int where it is whole. A float is read by its shortest decimal form."""
    number = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    return number.numerator if number.denominator == 1 else number


def rounded(value: Number, digits: int = 0) -> Number:
    """Round half away from zero."""
    scale = 10**digits
    scaled = abs(Fraction(value)) * scale
    whole = math.floor(scaled + Fraction(1, 2))
    return exact(Fraction(whole if value >= 0 else -whole, scale))


def cents(value: Number) -> Decimal:
    """Money as shown and paid: two decimals, half away from zero, once, at the end."""
    whole = (200 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-2)


def divide(left: Number, right: Number) -> Number | None:
    """An exact quotient; by zero unknown."""
    return None if right == 0 else exact(Fraction(left) / right)


def between(value: Value, low: Value, high: Value) -> bool | None:
    """Kleene's AND of the two ends of a BETWEEN whose ends can be unknown."""
    number, least, most = cast("int", value), cast("int", low), cast("int", high)
    above = None if value is None or low is None else number >= least
    under = None if value is None or high is None else number <= most
    if above is False or under is False:
        return False
    return None if above is None or under is None else True


def shown(value: Number) -> Decimal:
    """A number for people: exact where its decimals end, else to twelve places."""
    number = Fraction(value)
    with localcontext(prec=60):
        result = Decimal(number.numerator) / Decimal(number.denominator)
        if Fraction(result) != number:
            result = result.quantize(Decimal("1e-12"), ROUND_HALF_UP)
        return result.normalize() if result == 0 or result % 1 else result.quantize(Decimal(1))


def add_months(day: date, months: Number) -> Value:
    """The same day ``months`` later, clipped to the month's last day; unknown outside the calendar."""
    index = day.year * 12 + day.month - 1 + math.trunc(months)
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_since(day: date, as_of: date) -> int:
    """Full months from ``day`` to ``as_of``; negative before it."""
    if day > as_of:
        return -months_since(as_of, day)
    months = (as_of.year - day.year) * 12 + as_of.month - day.month
    return months - (as_of.day < day.day)


def years_since(day: date, as_of: date) -> int:
    """Full years from ``day`` to ``as_of``: born on 29 February, full on 1 March."""
    if day > as_of:
        return -years_since(as_of, day)
    return as_of.year - day.year - ((as_of.month, as_of.day) < (day.month, day.day))
