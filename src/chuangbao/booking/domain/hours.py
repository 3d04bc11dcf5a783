"""Setting opening hours (开放时间) and exceptions; times are written as 9:00-12:00, 13:30-18:00.

Who shortens them is asked what becomes of the bookings that fall outside: they are called off, or they stay.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from chuangbao.booking.domain.limits import refuse_beyond
from chuangbao.booking.domain.locks import lock_resources
from chuangbao.booking.domain.outside_hours import list_left_outside, settle_outside
from chuangbao.booking.domain.schedules import read_schedules
from chuangbao.booking.domain.venues import lock_open
from chuangbao.booking.domain.waiting import offer_free_time
from chuangbao.booking.models import HoursException, OpeningHours, Resource
from chuangbao.booking.models.hours import DAY, DayKind
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.localization.width import narrow
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chuangbao.booking.domain.schedules import Schedule, Times
    from chuangbao.booking.models import Booking, Venue
    from chuangbao.core.access.actors import Actor

__all__ = [
    "HoursChange",
    "SpecialDays",
    "add_exception",
    "change_hours",
    "list_outside",
    "list_outside_without",
    "read_spoken_week",
    "read_times",
    "remove_exception",
    "set_hours",
    "times_words",
]

TIME = r"(\d{1,2}):(\d{2})"
PAIR = re.compile(rf"{TIME}\s*(?:[-–—―~至到])+\s*{TIME}")
AS_SPOKEN = ((r"[点时]半", ":30"), (r"[点时](\d{2})分?", r":\1"), (r"[点时]整?", ":00"))
"""Times in words (9点半、9时30分、9点), as they are written in digits."""
BETWEEN = re.compile(r"[,;，；、\s]+")
HOUR, MOST_TIMES, LONGEST_EXCEPTION = 60, 6, 400
WEEKDAY = r"(?:周|星期|礼拜)"
WEEKDAYS = "一二三四五六日天"
WORKDAYS = (*range(DayKind.MONDAY, DayKind.SATURDAY), DayKind.EXCHANGED)
WEEKEND, EVERY_DAY = (DayKind.SATURDAY, DayKind.SUNDAY), tuple(DayKind)
SAID_DAYS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("工作日", "weekdays", "working days"), WORKDAYS),
    **dict.fromkeys(("每天", "每日", "every day", "daily"), EVERY_DAY),
    **dict.fromkeys(("周末", "双休日", "weekends"), WEEKEND),
    **dict.fromkeys(("法定节假日", "节假日", "public holidays"), (DayKind.HOLIDAY,)),
}
"""Words for days, as people write them, and the kinds of days that they mean."""
SOME_DAYS = re.compile(
    rf"{WEEKDAY}([{WEEKDAYS}])\s*(?:[-–—~至到]+\s*{WEEKDAY}?([{WEEKDAYS}]))?|({'|'.join(SAID_DAYS)})", re.IGNORECASE
)
JOINED = re.compile(r"[,;，；、:：。()（）\s和及与]*")
NOT_OPEN = re.compile("(?:休息|不开放|不营业|闭馆|除外|closed)")
ALL_DAY = re.compile("(?:全天|24小时)(?:开放)?")


def write_plainly(text: str) -> str:
    """Write times as people type them, wide or with words for the hour, as 9:00-12:00."""
    words = narrow(text).replace("：", ":").strip()
    for said, digits in AS_SPOKEN:
        words = re.sub(said, digits, words)
    return words


def read_times(text: str, field: str) -> Times:
    """Read times of a day as minutes since midnight; none where the text is empty.

    Raises Refused: odd_times (``field``) where a part is no time, ends before it begins, or overlaps another.
    """
    words = write_plainly(text)
    if none := next((f"{a}:{b}" for a, b in re.findall(TIME, words) if not is_time(int(a), int(b))), ""):
        said = _("There is no time %(time)s: a day has the hours 0:00 to 24:00.") % {"time": none}
        raise Refused("odd_times", said, field=field)
    found = [(int(a) * HOUR + int(b), int(c) * HOUR + int(d)) for a, b, c, d in PAIR.findall(words)]
    if BETWEEN.sub("", PAIR.sub("", words)) or len(found) > MOST_TIMES:
        raise Refused("odd_times", _("Write times such as 9:00-12:00, 13:30-18:00; nothing where closed."), field=field)
    found.sort()
    for n, (opens, closes) in enumerate(found):
        if opens >= closes:
            raise Refused("odd_times", _("Closing time must be later than opening time, at most 24:00."), field=field)
        if n and found[n - 1][1] > opens:
            raise Refused("odd_times", _("Two of these times overlap."), field=field)
    return found


def read_spoken_week(text: str) -> dict[int, str]:
    """Read hours such as 工作日8:30—17:30 as times by kind of day; empty where any word of it is not understood."""
    words = narrow(text).strip()
    found = list(SOME_DAYS.finditer(words))
    if not found or JOINED.sub("", words[: found[0].start()]):
        return {}
    week: dict[int, str] = {}
    meant: list[int] = []
    for n, days in enumerate(found):
        meant += name_days(days)
        said = words[days.end() : found[n + 1].start() if n + 1 < len(found) else len(words)]
        if not JOINED.sub("", said) and n + 1 < len(found):
            continue  # more days of the same times follow
        try:
            times = read_spoken_times(said)
        except Refused:
            return {}
        if times is None or not meant:
            return {}
        week |= dict.fromkeys(meant, times)
        meant = []
    return {day: times for day, times in week.items() if times}


def name_days(said: re.Match[str]) -> list[int]:
    """Return the kinds of days that words of ``SOME_DAYS`` mean; none where they run over the end of a week."""
    if named := said[3]:
        return list(SAID_DAYS[named.lower()])
    first, last = (min(WEEKDAYS.index(day) + 1, DayKind.SUNDAY) for day in (said[1], said[2] or said[1]))
    return list(range(first, last + 1))


def read_spoken_times(said: str) -> str | None:
    """Return the times that follow words for days, empty where it is closed then; None where nothing is said.

    Raises Refused: odd_times.
    """
    if not JOINED.sub("", said):
        return None
    if NOT_OPEN.fullmatch(JOINED.sub("", said)):
        return ""
    if ALL_DAY.fullmatch(JOINED.sub("", said)):
        return times_words([(0, DAY)])
    return times_words(read_times(said.strip(" ,;，；、:：。()（）"), "hours")) or None


def is_time(hour: int, minute: int) -> bool:
    """Whether there is such a time of the day; 24:00 is its end."""
    return minute < HOUR and hour * HOUR + minute <= DAY


def times_words(times: Times) -> str:
    """Write times as ``read_times`` reads them."""
    return ", ".join(f"{a // HOUR}:{a % HOUR:02}-{b // HOUR}:{b % HOUR:02}" for a, b in times)


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days with other hours: none of them where ``times`` is empty."""

    first: date
    last: date | None = None
    times: str = ""
    reason: str = ""

    @property
    def days(self) -> DateRange:
        """All of the days."""
        return DateRange(self.first, (self.last or self.first) + timedelta(days=1))


@dataclass
class HoursChange:
    """What became of hours that were changed."""

    special: list[HoursException] = field(default_factory=list)
    called_off: int = 0
    kept: int = 0


def read_week(week: Mapping[int, str]) -> dict[int, Times]:
    """Read the hours of kinds of days; those that are closed are left out. Raises Refused: odd_times."""
    read = {int(DayKind(day)): read_times(text, f"day_{day}") for day, text in week.items()}
    return {day: times for day, times in read.items() if times}


def plan_week(schedule: Schedule, week: Mapping[int, str], resource: int | None) -> Schedule:
    """Return a schedule with other weekly hours. Raises Refused: odd_times."""
    return replace(schedule, weeks=schedule.weeks | {resource: read_week(week)})


def plan_days(schedule: Schedule, special: SpecialDays) -> Schedule:
    """Return a schedule with other hours on some days. Raises Refused: odd_times (times)."""
    more = (special.days.lower, special.days.upper, read_times(special.times, "times"))
    return replace(schedule, exceptions=[*schedule.exceptions, more])


def leave_out(schedule: Schedule, exception: HoursException) -> Schedule:
    """Return a schedule without one of its exceptions."""
    times = [(exception.opens, exception.closes)] if exception.opens is not None and exception.closes else []
    left = list(schedule.exceptions)
    left.remove((exception.days.lower, exception.days.upper, times))
    return replace(schedule, exceptions=left)


def list_outside(venue: Venue, week: Mapping[int, str], special: SpecialDays | None) -> list[Booking]:
    """List the bookings that new hours of a venue would leave outside. Raises Refused: odd_times."""
    before = read_schedules([venue])[venue.pk]
    after = plan_week(before, week, None) if week else before
    return list_left_outside(venue, before, plan_days(after, special) if special else after)


def list_outside_without(exception: HoursException) -> list[Booking]:
    """List the bookings that would be outside the hours if an exception no longer held."""
    before = read_schedules([exception.venue])[exception.venue_id]
    return list_left_outside(exception.venue, before, leave_out(before, exception))


@contextmanager
def shorten(venue: Venue, actor: Actor, fate: str, reason: str) -> Iterator[tuple[Venue, HoursChange]]:
    """Hold all resources of an open venue while its hours change, then do as ``fate`` says with what is left outside.

    Who books at the same moment waits, and is refused or among what is left. Raises Forbidden; Refused: venue_closed,
    gone, left_outside.
    """
    every = unscoped(Resource, because="all of the venue").filter(venue=venue, retired_at=None)
    lock_resources(*every.values_list("pk", flat=True))
    row, done = lock_open(venue, actor), HoursChange()
    before = read_schedules([row])[row.pk]
    yield row, done
    left = list_left_outside(row, before, read_schedules([row])[row.pk])
    done.called_off = settle_outside(actor, left, fate, reason)
    done.kept = len(left) - done.called_off
    for resource in sorted({one.resource_id for one in left}) if done.called_off else ():
        offer_free_time(resource)


@transaction.atomic
def change_hours(
    *, actor: Actor, venue: Venue, week: Mapping[int, str], special: SpecialDays | None, fate: str = ""
) -> HoursChange:
    """Set the weekly hours of a venue where they change, and note days with other hours, where there are any.

    ``fate`` is what becomes of the bookings that are then outside the hours (``outside_hours.py``). Raises as
    ``set_hours`` and ``add_exception`` do.
    """
    reason = special.reason.strip() if special else ""
    with shorten(venue, actor, fate, reason) as (row, done):
        if week and read_week(week) != read_schedules([row])[row.pk].weeks.get(None, {}):
            write_week(actor, row, week, None)
        if special:
            done.special = write_days(actor, row, special)
    return done


@transaction.atomic
def set_hours(
    *, actor: Actor, venue: Venue, week: Mapping[int, str], resource: Resource | None = None, fate: str = ""
) -> HoursChange:
    """Set the weekly hours of a venue, or of one of its resources, by kind of day; what was set before goes.

    Raises Forbidden; Refused: venue_closed, odd_times (``day_<kind>``), gone, left_outside where bookings would be
    outside the hours and ``fate`` does not say what becomes of them.
    """
    with shorten(venue, actor, fate, "") as (row, done):
        write_week(actor, row, week, resource)
    return done


def write_week(actor: Actor, venue: Venue, week: Mapping[int, str], resource: Resource | None) -> None:
    """Write weekly hours in place of what was set before. Raises Refused: odd_times (``day_<kind>``)."""
    read = read_week(week)
    OpeningHours.objects.filter(venue=venue, resource=resource).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(venue=venue, resource=resource, day=day, opens=opens, closes=closes)
        for day, times in read.items()
        for opens, closes in times
    )
    record(actor, "booking.set_hours", resource or venue)


@transaction.atomic
def add_exception(*, actor: Actor, venue: Venue, fate: str = "", **special: Any) -> list[HoursException]:
    """Close a venue on some days, or open it at other times; one row for each time.

    ``special`` are the fields of ``SpecialDays``. Raises Forbidden; Refused: venue_closed, ends_before_start (last),
    too_long (last), too_far (last), odd_times (times), noted (first), gone, left_outside where bookings would be
    outside the hours and ``fate`` does not say what becomes of them.
    """
    days = SpecialDays(**special)
    with shorten(venue, actor, fate, days.reason.strip()) as (row, _done):
        return write_days(actor, row, days)


def write_days(actor: Actor, venue: Venue, special: SpecialDays) -> list[HoursException]:
    """Note days with other hours. Raises Refused as ``add_exception`` does."""
    first, until = special.first, special.last or special.first
    if until < first:
        raise Refused("ends_before_start", _("The last day must not be before the first."), field="last")
    if (until - first).days > LONGEST_EXCEPTION:
        raise Refused("too_long", _("Give at most 400 days at once."), field="last")
    refuse_beyond(until, "last")
    refuse_noted(venue, special.days)
    spans: list[tuple[int | None, int | None]] = [*read_times(special.times, "times")] or [(None, None)]
    reason = special.reason.strip()
    made = [
        HoursException.objects.create(venue=venue, days=special.days, opens=opens, closes=closes, reason=reason)
        for opens, closes in spans
    ]
    record(actor, "booking.add_exception", venue)
    return made


def refuse_noted(venue: Venue, days: DateRange) -> None:
    """Let days through for which nothing is noted: two notes of one day would contradict. Raises Refused: noted."""
    rows = unscoped(HoursException, because="of the operator's venue").filter(venue=venue, days__overlap=days)
    noted = list(rows.order_by("days", "opens"))
    if noted:
        times = times_words([(row.opens, row.closes) for row in noted if row.opens is not None and row.closes])
        said = {"day": day_words(max(noted[0].days.lower, days.lower)), "times": times or _("Not open")}
        words = _("For %(day)s this is noted already: %(times)s. Remove it from the list of days first.") % said
        raise Refused("noted", words, field="first")


@transaction.atomic
def remove_exception(*, actor: Actor, exception: HoursException, fate: str = "") -> HoursChange:
    """Let the weekly hours hold again.

    Raises Forbidden; Refused: venue_closed, gone, left_outside where bookings would be outside the hours and ``fate``
    does not say what becomes of them.
    """
    with shorten(exception.venue, actor, fate, "") as (row, done):
        lock_row(exception).delete()
        record(actor, "booking.remove_exception", row)
    return done
