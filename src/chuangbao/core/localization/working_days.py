"""Statutory working days (法定工作日): weekends, public holidays and the working weekends in exchange (调休).

The State Council announces a year's holidays late in the year before (国办发明电). Days beyond the last year
that the calendar knows are counted by weekends alone; ``is_provisional`` says so, and pages show it.
"""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

__all__ = [
    "is_provisional",
    "is_statutory_holiday",
    "is_working_day",
    "working_days_after",
    "working_days_between",
]

KNOWN = range(2004, max(chinese_calendar.constants.holidays).year + 1)
WEEKEND = 5
ONE = timedelta(days=1)


def is_provisional(day: date) -> bool:
    """Whether the holidays of that year are not announced yet, or not known."""
    return day.year not in KNOWN


def is_working_day(day: date) -> bool:
    """Whether offices work on that day."""
    return day.weekday() < WEEKEND if is_provisional(day) else bool(chinese_calendar.is_workday(day))


def is_statutory_holiday(day: date) -> bool:
    """Whether a day is in a public holiday (法定节假日, with the days off in exchange), not just a weekend."""
    if is_provisional(day):
        return False
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
