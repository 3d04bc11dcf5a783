"""Setting opening hours (开放时间) and exceptions; times are written as 9:00-12:00, 13:30-18:00."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from chuangbao.booking.domain.limits import refuse_beyond
from chuangbao.booking.domain.venues import lock_open
from chuangbao.booking.models import HoursException, OpeningHours
from chuangbao.booking.models.hours import DAY, DayKind
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.localization.width import narrow
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.booking.domain.schedules import Times
    from chuangbao.booking.models import Resource, Venue
    from chuangbao.core.access.actors import Actor

__all__ = ["add_exception", "read_times", "remove_exception", "set_hours", "times_words"]

PAIR = re.compile(r"(\d{1,2}):(\d{2})\s*(?:[-–—~至到])+\s*(\d{1,2}):(\d{2})")
BETWEEN = re.compile(r"[,;，；、\s]+")
HOUR, MOST_TIMES, LONGEST_EXCEPTION = 60, 6, 400


def read_times(text: str, field: str) -> Times:
    """Read times of a day as minutes since midnight; none where the text is empty.

    Raises Refused: odd_times (``field``) where a part is no time, ends before it begins, or overlaps another.
    """
    words = narrow(text).strip()
    found = [(int(a) * HOUR + int(b), int(c) * HOUR + int(d)) for a, b, c, d in PAIR.findall(words)]
    minutes_fit = all(int(m) < HOUR for pair in PAIR.findall(words) for m in (pair[1], pair[3]))
    if BETWEEN.sub("", PAIR.sub("", words)) or not minutes_fit or len(found) > MOST_TIMES:
        raise Refused("odd_times", _("Write times such as 9:00-12:00, 13:30-18:00; nothing where closed."), field=field)
    found.sort()
    for n, (opens, closes) in enumerate(found):
        if not opens < closes <= DAY:
            raise Refused("odd_times", _("Closing time must be later than opening time, at most 24:00."), field=field)
        if n and found[n - 1][1] > opens:
            raise Refused("odd_times", _("Two of these times overlap."), field=field)
    return found


def times_words(times: Times) -> str:
    """Write times as ``read_times`` reads them."""
    return ", ".join(f"{a // HOUR}:{a % HOUR:02}-{b // HOUR}:{b % HOUR:02}" for a, b in times)


@transaction.atomic
def set_hours(*, actor: Actor, venue: Venue, week: Mapping[int, str], resource: Resource | None = None) -> None:
    """Set the weekly hours of a venue, or of one of its resources, by kind of day; what was set before goes.

    Raises Forbidden; Refused: venue_closed, odd_times (``day_<kind>``), gone.
    """
    row = lock_open(venue, actor)
    read = {DayKind(day): read_times(text, f"day_{day}") for day, text in week.items()}
    OpeningHours.objects.filter(venue=row, resource=resource).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(venue=row, resource=resource, day=day, opens=opens, closes=closes)
        for day, times in read.items()
        for opens, closes in times
    )
    record(actor, "booking.set_hours", resource or row)


@transaction.atomic
def add_exception(
    *, actor: Actor, venue: Venue, first: date, last: date | None = None, times: str = "", reason: str = ""
) -> list[HoursException]:
    """Close a venue on some days, or open it at other times; one row for each time.

    Raises Forbidden; Refused: venue_closed, ends_before_start (last), too_long (last), too_far (last), odd_times
    (times), noted (first), gone.
    """
    row, until = lock_open(venue, actor), last or first
    if until < first:
        raise Refused("ends_before_start", _("The last day must not be before the first."), field="last")
    if (until - first).days > LONGEST_EXCEPTION:
        raise Refused("too_long", _("Give at most 400 days at once."), field="last")
    refuse_beyond(until, "last")
    days = DateRange(first, until + timedelta(days=1))
    refuse_noted(row, days)
    spans: list[tuple[int | None, int | None]] = [*read_times(times, "times")] or [(None, None)]
    made = [
        HoursException.objects.create(venue=row, days=days, opens=opens, closes=closes, reason=reason.strip())
        for opens, closes in spans
    ]
    record(actor, "booking.add_exception", row)
    return made


def refuse_noted(venue: Venue, days: DateRange) -> None:
    """Let days through for which nothing is noted: two notes of one day would contradict. Raises Refused: noted."""
    rows = unscoped(HoursException, because="of the operator's venue").filter(venue=venue, days__overlap=days)
    noted = list(rows.order_by("days", "opens"))
    if noted:
        times = times_words([(row.opens, row.closes) for row in noted if row.opens is not None and row.closes])
        said = {"day": day_words(max(noted[0].days.lower, days.lower)), "times": times or _("Not open")}
        words = _("For %(day)s this is noted already: %(times)s. Remove it below first.") % said
        raise Refused("noted", words, field="first")


@transaction.atomic
def remove_exception(*, actor: Actor, exception: HoursException) -> None:
    """Let the weekly hours hold again. Raises Forbidden; Refused: venue_closed, gone."""
    row = lock_open(exception.venue, actor)
    exception.delete()
    record(actor, "booking.remove_exception", row)
