"""Until when what became free is held for the next in line (候补接受时限): the hours of the night do not count."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["end_offer"]

MORNING, EVENING = time(8), time(22)
"""Between them, by the clock of the venue, the minutes of an offer count."""


def end_offer(now: datetime, minutes: int, zone: ZoneInfo, last: datetime) -> datetime:
    """Return until when an offer that is made now is held; never beyond ``last``, when it could no longer be booked.

    Minutes of the night count only where the offer would else reach beyond that.
    """
    by_day = add_minutes_of_days(now.astimezone(zone), minutes)
    return by_day if by_day <= last else min(now + timedelta(minutes=minutes), max(last, now))


def add_minutes_of_days(at: datetime, minutes: int) -> datetime:
    """Return the moment so many minutes later, those of nights left out."""
    left = timedelta(minutes=minutes)
    while True:
        opens, closes = (datetime.combine(at.date(), clock, at.tzinfo) for clock in (MORNING, EVENING))
        at = max(at, opens)
        if at + left <= closes:
            return at + left
        left -= max(closes - at, timedelta())
        at = opens + timedelta(days=1)
