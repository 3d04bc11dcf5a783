"""Reading a foreign calendar (RFC 5545) for the process of readers: when it is busy, recurring events unrolled."""

from __future__ import annotations

import operator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from chuangbao.core.storage.errors import UnfitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from icalendar.cal import Component

__all__ = ["read_calendar"]

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years that can be counted with: some programs write “always” as from the year 1 to 9999."""


def read_calendar(data: bytes, *, zone: str, since: str, until: str, most: int) -> list[tuple[str, str]]:
    """Return when a calendar is busy between two moments, as pairs of ISO texts in order.

    A rule may repeat without end or never come true: only the limits of the process that reads bound it. A time
    without a zone is in that of its calendar (``X-WR-TIMEZONE``) or in ``zone``; a file may hold several calendars.
    Raises UnfitError: broken; long, for more than ``most`` times.
    """
    clock, window = ZoneInfo(zone), (datetime.fromisoformat(since), datetime.fromisoformat(until))
    spans: list[tuple[datetime, datetime]] = []
    try:
        calendars = Calendar.from_ical(data, multiple=True)
        if not calendars:
            raise UnfitError("broken")
        for calendar in calendars:
            spans += islice(list_busy(calendar, clock, *window), most + 1)
    except (ValueError, KeyError, TypeError, OverflowError, AttributeError) as fault:
        raise UnfitError("broken") from fault
    if len(spans) > most:
        raise UnfitError("long")
    return [(starts.isoformat(), ends.isoformat()) for starts, ends in sorted(spans) if starts < ends]


def list_busy(
    calendar: Calendar, clock: ZoneInfo, since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield when the events and the busy times (VFREEBUSY) of a calendar are, those that are in the way alone."""
    for event in list(calendar.walk("VEVENT")):
        make_sound(calendar, event)
    make_zone_known(calendar)
    for event in recurring_ical_events.of(calendar).between(since, until):
        free, gone = (str(event.get(name, "")).upper() for name in ("TRANSP", "STATUS"))
        if free != "TRANSPARENT" and gone != "CANCELLED":
            yield as_moment(event.start, clock), as_moment(event.end, clock)
    for part in calendar.walk("VFREEBUSY"):
        given = part.get("FREEBUSY", [])
        for periods in given if isinstance(given, list) else [given]:
            if str(periods.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                starts, ends = as_moment(periods.start, clock), as_moment(periods.end, clock)
                if starts < until and since < ends:
                    yield starts, ends


def make_zone_known(calendar: Calendar) -> None:
    """Name the zone of a calendar as the world does where Windows named it; an unknown one counts as none."""
    named = str(calendar.pop("X-WR-TIMEZONE", "")).strip()
    with suppress(ValueError, KeyError, OSError):
        calendar["X-WR-TIMEZONE"] = ZoneInfo(WINDOWS_TO_OLSON.get(named, named)).key


def make_sound(calendar: Calendar, event: Component) -> None:
    """Bring the ends of “always” into years that can be counted with, and take out an event that makes no sense.

    The library would turn round what ends before it starts, and a time that nobody meant would be busy. A rule that
    repeats until a day repeats on that day too, at whatever time.
    """
    starts = event.get("DTSTART")
    if starts is not None and isinstance(starts.dt, datetime):
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            if "UNTIL" in rule:
                rule["UNTIL"] = [end_of_day(last, starts.dt) for last in rule["UNTIL"]]
    for name, year, is_beyond in (("DTSTART", FIRST_YEAR, operator.lt), ("DTEND", LAST_YEAR, operator.gt)):
        given = event.get(name)
        if given is not None and "RRULE" not in event and is_beyond(given.dt.year, year):
            given.dt = given.dt.replace(year=year, day=min(given.dt.day, 28))
    starts, ends, lasts = (event.get(name) for name in ("DTSTART", "DTEND", "DURATION"))
    is_backward = (lasts and lasts.dt < timedelta()) or (starts and ends and is_before(ends.dt, starts.dt))
    if is_backward or (starts and starts.dt.year > LAST_YEAR):
        calendar.subcomponents.remove(event)


def end_of_day(last: date, starts: datetime) -> date:
    """Return the last moment of a day by the clock of an event; a moment as it is."""
    if isinstance(last, datetime):
        return last
    moment = datetime.combine(last, time(23, 59, 59), starts.tzinfo)
    return moment.astimezone(UTC) if starts.tzinfo else moment


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
