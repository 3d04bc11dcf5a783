"""What a contract line costs in a period, to the cent (按天折算): pure arithmetic, no database.

The rule. Within one month a line costs, exactly and as a fraction, the sum over its prices of

    price × quantity × days in force ÷ days of the month        (a price by the month, the m² or the desk)
    price × quantity × days in force                            (a price by the day)

and this sum is rounded once, half up to the cent (四舍五入). A part of a month costs the rounded running sum from the
first of the month to the last day of the part, less the rounded running sum to the day before the part. It follows
that a whole month costs price × quantity; that the parts of any split of a period add up to the period to the cent;
and that a price which is written twice, until a day and from the next one on, costs what one price costs. What is
waived is rounded by the same rule, and what is due is the difference: due + waived = full price, always.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from chuangbao.billing.enums import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Part", "Terms", "first_of_month", "last_of_month", "list_months", "next_month", "prorate", "round_fraction"]

DAY = timedelta(days=1)
CENTS = 100


@dataclass(frozen=True, slots=True)
class Terms:
    """A price of a line in yuan per unit, from its first to its last day, both of which count; open without a last.

    ``waived`` is the share that is not asked for, from 0 to 1; ``source`` is the row that says so, for who reads it.
    """

    first: date
    last: date | None
    price: Decimal
    waived: Decimal = Decimal(0)
    source: object = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a price costs in one month: from and to which day, how many of how many days, and yuan to the cent."""

    terms: Terms
    first: date
    last: date
    days: int
    month_days: int
    gross: Decimal
    waived: Decimal

    @property
    def due(self) -> Decimal:
        """What is to be paid of it."""
        return self.gross - self.waived


def round_fraction(exact: Fraction) -> Decimal:
    """Return an amount of zero or more, in yuan, rounded half up to the cent."""
    return Decimal((exact * CENTS * 2 + 1) // 2) / CENTS


def first_of_month(day: date) -> date:
    """Return the first day of the month of a day."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """Return the last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def next_month(day: date) -> date:
    """Return the first day of the month after that of a day."""
    return last_of_month(day) + DAY


def list_months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the period month by month, each as its first and last day within the period."""
    while first <= last:
        end = min(last_of_month(first), last)
        yield first, end
        first = end + DAY


def prorate(terms: Iterable[Terms], *, unit: str, quantity: Decimal, first: date, last: date) -> list[Part]:
    """Return what prices that do not overlap cost from a day to a day, a part for each price and month."""
    ordered = sorted(terms, key=lambda one: one.first)
    return [
        part
        for begin, end in list_months(first, last)
        for part in prorate_month(ordered, Unit(unit), quantity, begin, end)
    ]


def prorate_month(terms: Sequence[Terms], unit: Unit, quantity: Decimal, first: date, last: date) -> Iterator[Part]:
    """Yield the parts of a period within one month, each the step that the rounded running sum makes."""
    month_days = last_of_month(first).day
    gross, waived = Fraction(0), Fraction(0)
    for one in terms:
        before = (round_fraction(gross), round_fraction(waived))
        begins, ends = max(one.first, first_of_month(first)), min(one.last or last, last)
        daily = Fraction(one.price) * Fraction(quantity) / (1 if unit == Unit.DAY else month_days)
        share = Fraction(one.waived)
        earlier = count_days(begins, min(ends, first - DAY))  # of this month, before the period
        if earlier:
            gross, waived = gross + daily * earlier, waived + daily * share * earlier
            before = (round_fraction(gross), round_fraction(waived))
        days = count_days(max(begins, first), ends)
        if not days:
            continue
        gross, waived = gross + daily * days, waived + daily * share * days
        after = (round_fraction(gross), round_fraction(waived))
        yield Part(one, max(begins, first), ends, days, month_days, after[0] - before[0], after[1] - before[1])


def count_days(first: date, last: date) -> int:
    """Return how many days there are from one to another, both counted; none where the last comes before."""
    return max((last - first).days + 1, 0)
