"""Statutory working days (法定工作日): weekends, public holidays and the working weekends in exchange (调休).

The State Council announces a year's holidays late in the year before (国办发明电). Days beyond the last year
that the calendar knows are counted by weekends and by the days that the law itself names (全国年节及纪念日放假办法,
as in force from 2025 on): these are off whatever the plan says. ``is_provisional`` says so, and pages show it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar

__all__ = [
    "MOVING",
    "is_provisional",
    "is_statutory_holiday",
    "is_working_day",
    "list_lawful_holidays",
    "working_days_after",
    "working_days_between",
]

KNOWN = range(2004, max(chinese_calendar.constants.holidays).year + 1)
WEEKEND = 5
ONE = timedelta(days=1)
EVERY_YEAR = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Month and day: 元旦, 劳动节, 国庆节."""
MOVING = {
    2025: ((1, 29), (4, 4), (5, 31), (10, 6)),
    2026: ((2, 17), (4, 5), (6, 19), (9, 25)),
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
}
"""Month and day of 正月初一, 清明, 端午 and 中秋 by year, by the lunar calendar (GB/T 33661)."""


def is_provisional(day: date) -> bool:
    """Whether the holidays of that year are not announced yet, or not known."""
    return day.year not in KNOWN


@lru_cache(maxsize=64)
def list_lawful_holidays(year: int) -> frozenset[date]:
    """Return the days off of a year that the law itself names; the moving ones of the years in ``MOVING`` alone."""
    days = {date(year, *day) for day in EVERY_YEAR}
    if year in MOVING:
        spring, *others = (date(year, *day) for day in MOVING[year])
        days |= {spring + timedelta(days=n) for n in (-1, 0, 1, 2)} | set(others)
    return frozenset(days)


def is_working_day(day: date) -> bool:
    """Whether offices work on that day."""
    if is_provisional(day):
        return day.weekday() < WEEKEND and day not in list_lawful_holidays(day.year)
    return bool(chinese_calendar.is_workday(day))


def is_statutory_holiday(day: date) -> bool:
    """Whether a day is in a public holiday (法定节假日, with the days off in exchange), not just a weekend.

    Without the plan of its year: whether the law itself names it.
    """
    if is_provisional(day):
        return day in list_lawful_holidays(day.year)
    is_off, name = chinese_calendar.get_holiday_detail(day)
    return bool(is_off and name)


def working_days_after(day: date, count: int) -> date:
    """Return the last day of a period of ``count`` working days that starts after ``day`` (民法典 第二百零一条).

    Raises ValueError for a negative ``count``.
    """
    if count < 0:
        raise ValueError("a period has no negative length")
    while count:
        day += ONE
        count -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after ``start`` up to and including ``end``; negative where ``end`` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
