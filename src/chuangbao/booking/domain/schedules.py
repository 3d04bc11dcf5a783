"""When venues are open (开放时间), as spans of time: weekly hours, statutory days with 调休, exceptions by date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chuangbao.booking.models import HoursException, OpeningHours
from chuangbao.booking.models.hours import DAY, DayKind
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.kept_queries import KeptQuery, ask_together, is_one_of
from chuangbao.core.localization.working_days import is_statutory_holiday, is_working_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from django.db.models import QuerySet

    from chuangbao.booking.models import Venue
    from chuangbao.core.kept_queries import Question

__all__ = ["Schedule", "Span", "ask_for_hours", "day_kind", "draw_schedules", "read_schedules"]

Span = tuple[datetime, datetime]
Times = list[tuple[int, int]]
WHOLE_DAY: Times = [(0, DAY)]
SATURDAY = 6


@lru_cache(maxsize=4096)
def day_kind(day: date) -> DayKind:
    """Return which opening hours a day goes by: a statutory holiday, a working weekend (调休), or its weekday."""
    if is_statutory_holiday(day):
        return DayKind.HOLIDAY
    if day.isoweekday() >= SATURDAY and is_working_day(day):
        return DayKind.EXCHANGED
    return DayKind(day.isoweekday())


@dataclass
class Schedule:
    """The hours of one venue: ``weeks`` by resource, with None for the venue itself."""

    zone: ZoneInfo
    weeks: dict[int | None, dict[int, Times]] = field(default_factory=dict)
    exceptions: list[tuple[date, date, Times]] = field(default_factory=list)
    """First day, the day after the last one, and the times; none where it is closed."""
    last_day: date | None = None
    """After it the venue is closed for good."""

    def has_exception(self, day: date) -> bool:
        """Whether the hours of a day are said of it alone."""
        return any(first <= day < after for first, after, _times in self.exceptions)

    def times_of(self, day: date, resource: int | None = None) -> Times:
        """Return the minutes since midnight from and to which it is open on a day.

        A venue that has said nothing is always open. A working weekend without hours of its own goes by Monday's.
        """
        if self.last_day is not None and day > self.last_day:
            return []
        special = [times for first, after, times in self.exceptions if first <= day < after]
        if special:
            return sorted(pair for times in special for pair in times)
        week = self.weeks.get(resource) or self.weeks.get(None)
        if not week:
            return WHOLE_DAY
        kind = day_kind(day)
        if kind is DayKind.EXCHANGED and kind not in week:
            kind = DayKind.MONDAY
        return week.get(kind, [])

    def spans(self, first: date, last: date, resource: int | None = None) -> list[Span]:
        """Return the open spans from ``first`` to ``last``, both included; those that touch are one."""
        found: list[Span] = []
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            midnight = datetime.combine(day, time(), self.zone)
            for opens, closes in sorted(self.times_of(day, resource)):
                start, end = midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes)
                if found and found[-1][1] >= start:
                    found[-1] = (found[-1][0], max(found[-1][1], end))
                else:
                    found.append((start, end))
        return found

    def is_open(self, starts: datetime, ends: datetime, resource: int | None = None) -> bool:
        """Whether it is open all the time."""
        first, last = (moment.astimezone(self.zone).date() for moment in (starts, ends))
        return any(opens <= starts and ends <= closes for opens, closes in self.spans(first, last, resource))


def read_schedules(venues: Iterable[Venue]) -> dict[int, Schedule]:
    """Read the hours of some venues, by their ids: one query for all."""
    every = {venue.pk: venue for venue in venues}
    return draw_schedules(every.values(), *ask_together(*ask_for_hours(every))) if every else {}


def ask_for_hours(venues: Iterable[int]) -> list[Question]:
    """Return what is asked for the weekly hours of some venues and for their exceptions."""
    wanted = sorted(venues)
    return [WEEKS.want_rows(venues=wanted), EXCEPTIONS.want_rows(venues=wanted)]


def draw_schedules(
    venues: Iterable[Venue], week_rows: list[tuple[Any, ...]], exception_rows: list[tuple[Any, ...]]
) -> dict[int, Schedule]:
    """Return the hours of some venues, by their ids, from the answers to ``ask_for_hours``."""
    found = {venue.pk: Schedule(venue.clock, last_day=venue.last_day) for venue in venues}
    weeks: dict[int, dict[int | None, dict[int, Times]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for venue, resource, kind, *span in week_rows:
        weeks[venue][resource][kind].append((span[0], span[1]))
    for pk, week in weeks.items():
        found[pk].weeks = {whose: dict(days) for whose, days in week.items()}
    for venue, special, opens, closes in exception_rows:
        times = [(opens, closes)] if opens is not None and closes is not None else []
        found[venue].exceptions.append((special.lower, special.upper, times))
    return found


def list_weeks(venues: list[int]) -> QuerySet[OpeningHours, tuple[Any, ...]]:
    """Write the query of the weekly hours of some venues."""
    rows = OpeningHours.objects.filter(is_one_of("venue", venues)).order_by("venue", "day", "opens")
    return rows.values_list("venue", "resource", "day", "opens", "closes")


def list_exceptions(venues: list[int]) -> QuerySet[HoursException, tuple[Any, ...]]:
    """Write the query of the exceptions of some venues."""
    rows = unscoped(HoursException, because="opening hours of venues in sight").filter(is_one_of("venue", venues))
    return rows.order_by("pk").values_list("venue", "days", "opens", "closes")


WEEKS, EXCEPTIONS = KeptQuery(list_weeks), KeptQuery(list_exceptions)
