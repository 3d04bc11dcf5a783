"""Reading a foreign calendar (RFC 5545) for the process of readers: when it is busy, recurring events unrolled."""

from __future__ import annotations

import operator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from chuangbao.core.storage.errors import UnfitError

if TYPE_CHECKING:
    from icalendar.cal import Component

__all__ = ["read_calendar"]

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years that can be counted with: some programs write “always” as from the year 1 to 9999."""


def read_calendar(data: bytes, *, zone: str, since: str, until: str, most: int) -> list[tuple[str, str]]:
    """Return when a calendar is busy between two moments, as pairs of ISO texts in order.

    A rule may repeat without end or never come true: only the limits of the process that reads bound it. A time
    without a zone is in ``zone``. Raises UnfitError: broken; long, for more than ``most`` times.
    """
    clock = ZoneInfo(zone)
    try:
        calendar = Calendar.from_ical(data)
        for event in list(calendar.walk("VEVENT")):
            make_sound(calendar, event)
        query = recurring_ical_events.of(calendar)
        found = list(islice(query.between(datetime.fromisoformat(since), datetime.fromisoformat(until)), most + 1))
    except (ValueError, KeyError, TypeError, OverflowError, AttributeError) as fault:
        raise UnfitError("broken") from fault
    if len(found) > most:
        raise UnfitError("long")
    spans = []
    for event in found:
        if event.get("TRANSP") != "TRANSPARENT" and event.get("STATUS") != "CANCELLED":
            starts, ends = as_moment(event.start, clock), as_moment(event.end, clock)
            if starts < ends:
                spans.append((starts, ends))
    return [(starts.isoformat(), ends.isoformat()) for starts, ends in sorted(spans)]


def make_sound(calendar: Calendar, event: Component) -> None:
    """Bring the ends of “always” into years that can be counted with, and take out an event that makes no sense.

    The library would turn round what ends before it starts, and a time that nobody meant would be busy.
    """
    for name, year, is_beyond in (("DTSTART", FIRST_YEAR, operator.lt), ("DTEND", LAST_YEAR, operator.gt)):
        given = event.get(name)
        if given is not None and "RRULE" not in event and is_beyond(given.dt.year, year):
            given.dt = given.dt.replace(year=year, day=min(given.dt.day, 28))
    starts, ends, lasts = (event.get(name) for name in ("DTSTART", "DTEND", "DURATION"))
    is_backward = (lasts and lasts.dt < timedelta()) or (starts and ends and is_before(ends.dt, starts.dt))
    if is_backward or (starts and starts.dt.year > LAST_YEAR):
        calendar.subcomponents.remove(event)


def is_before(one: date | datetime, other: date | datetime) -> bool:
    """Whether a day or time is before another; those of two kinds are compared by their days."""
    try:
        return one < other
    except TypeError:
        return one.timetuple()[:3] < other.timetuple()[:3]


def as_moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    """Return a day or a time of a calendar as a moment; what has no zone is of the venue's."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    return value if value.tzinfo else value.replace(tzinfo=zone)
