"""Reading a foreign calendar (RFC 5545) for the process of readers: when it is busy, recurring events unrolled."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from chuangbao.core.storage.errors import UnfitError

__all__ = ["read_calendar"]


def read_calendar(data: bytes, *, zone: str, since: str, until: str, most: int) -> list[tuple[str, str]]:
    """Return when a calendar is busy between two moments, as pairs of ISO texts in order.

    A rule may repeat without end or never come true: only the limits of the process that reads bound it. A time
    without a zone is in ``zone``. Raises UnfitError: broken; long, for more than ``most`` times.
    """
    clock = ZoneInfo(zone)
    try:
        query = recurring_ical_events.of(Calendar.from_ical(data))
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


def as_moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    """Return a day or a time of a calendar as a moment; what has no zone is of the venue's."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    return value if value.tzinfo else value.replace(tzinfo=zone)
