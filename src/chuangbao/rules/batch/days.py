"""The calendar over columns: days are whole numbers counted from 1 January 1970."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from chuangbao.rules.batch.masks import both, either, packed
from chuangbao.rules.batch.values import NotColumnarError, Vec, room, widened

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuangbao.rules.batch.masks import Array

__all__ = ["add_months", "day_number", "months_since", "year", "years_since"]

EPOCH = date(1970, 1, 1).toordinal()
FIRST, LAST = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH
YEAR = 12  # months
MONTHS = YEAR * date.max.year


def day_number(day: date) -> int:
    """A day as a number."""
    return day.toordinal() - EPOCH


def parts(days: Array) -> tuple[Array, Array]:
    """Months since the year 0, and the day of the month from 0, of days."""
    stamps = np.asarray(days, np.int64).astype("M8[D]")
    months = stamps.astype("M8[M]")
    return months.astype(np.int64) + 1970 * 12, (stamps - months.astype("M8[D]")).astype(np.int64)


def counted(x: Vec, count: Callable[[Array], Array], most: int) -> Vec:
    """Whole numbers worked out of days: once for each day that comes, where these lie near enough together."""
    days = np.asarray(x.n)
    low, high = (int(days.min()), int(days.max())) if days.size else (0, 0)
    near = high - low < days.size
    kind = room(-most, most)
    n = count(np.arange(low, high + 1)).astype(kind)[days - low] if near else count(days).astype(kind)
    return Vec(n, 1, -most, most, x.known, False, x.doubt)


def year(x: Vec) -> Vec:
    """The year of a day."""
    return counted(x, lambda days: parts(days)[0] // 12, date.max.year)


def add_months(x: Vec, months: Vec) -> Vec:
    """The same day of another month, clipped to its last; unknown outside the calendar."""
    if months.err is not None:
        raise NotColumnarError("ADD_MONTHS")
    start, day = parts(x.n)
    wide = widened(months.n, np.int64)  # the least number of 16 bits has no absolute value in 16 bits
    step = np.clip(np.sign(wide) * (np.abs(wide) // months.d), -2 * MONTHS, 2 * MONTHS)
    index = start + np.asarray(step, np.int64)
    inside = (index >= YEAR) & (index < MONTHS + YEAR)
    first = (np.where(inside, index, 1970 * 12) - 1970 * 12).astype("M8[M]")
    length = ((first + 1).astype("M8[D]") - first.astype("M8[D]")).astype(np.int64)
    n = first.astype("M8[D]").astype(np.int64) + np.minimum(day, length - 1)
    known = both(both(x.known, months.known), packed(inside))
    doubt = either(x.doubt, months.doubt)
    return Vec(n, 1, FIRST, LAST, known, False, doubt)


def months_since(x: Vec, as_of: date) -> Vec:
    """Full months up to ``as_of``; negative after it."""
    end, last = as_of.year * 12 + as_of.month - 1, as_of.day - 1

    def count(days: Array) -> Array:
        start, day = parts(days)
        begun = np.where(days > day_number(as_of), -(day < last).astype(np.int64), (last < day).astype(np.int64))
        found: Array = end - start - begun
        return found

    return counted(x, count, MONTHS + 12)


def years_since(x: Vec, as_of: date) -> Vec:
    """Full years up to ``as_of``: born on 29 February, full on 1 March."""
    here = (as_of.month - 1) * 32 + as_of.day - 1

    def count(days: Array) -> Array:
        start, day = parts(days)
        place = start % 12 * 32 + day
        begun = np.where(days > day_number(as_of), -(place < here).astype(np.int64), (here < place).astype(np.int64))
        found: Array = as_of.year - start // 12 - begun
        return found

    return counted(x, count, date.max.year)
