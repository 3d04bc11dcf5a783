"""What of a resource is free (空闲): open spans less what is held, and the free times nearest to one."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from chuangbao.booking.domain.schedules import ask_for_hours, draw_schedules
from chuangbao.booking.enums import HOLDING
from chuangbao.core.kept_queries import Question, ask_together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from chuangbao.booking.domain.schedules import Span
    from chuangbao.booking.models import Resource

__all__ = [
    "Timetable",
    "ask_for_times",
    "block_time",
    "draw_openings",
    "draw_timetables",
    "find_near_times",
    "find_next_time",
    "read_timetable",
    "read_timetables",
]

DAY, AROUND = timedelta(days=1), timedelta(days=7)
"""How far before and after a wish for free times is looked."""


def block_time(resource: Resource, starts: datetime, ends: datetime) -> DateTimeTZRange:
    """Return the time that a booking blocks: its own, what is prepared before and cleared up after."""
    before, after = timedelta(minutes=resource.buffer_before), timedelta(minutes=resource.buffer_after)
    return DateTimeTZRange(starts - before, ends + after)


@dataclass
class Timetable:
    """One resource over a time: when it is open, which place is taken when, when it is busy for other reasons.

    ``spans`` are in their order and do not touch, so that one look finds the only one that can hold a time.
    """

    resource: Resource
    spans: list[Span]
    taken: list[tuple[int, datetime, datetime]] = field(default_factory=list)
    busy: list[Span] = field(default_factory=list)

    def is_open(self, starts: datetime, ends: datetime) -> bool:
        """Whether the venue is open all the time."""
        place = bisect_right(self.spans, starts, key=itemgetter(0))
        return place > 0 and ends <= self.spans[place - 1][1]

    def list_places(self, starts: datetime, ends: datetime) -> list[int]:
        """Return the places that are free all the time with their buffers, whether it is open or not."""
        blocked = block_time(self.resource, starts, ends)
        low, high = blocked.lower, blocked.upper
        if any(first < high and low < last for first, last in self.busy):
            return []
        held = {place for place, first, last in self.taken if first < high and low < last}
        return [place for place in range(1, self.resource.places + 1) if place not in held]

    def find_place(self, starts: datetime, ends: datetime) -> int | None:
        """Return the first place that is free all the time with its buffers; None where there is none."""
        return next(iter(self.list_places(starts, ends)), None)

    def count_places(self, starts: datetime, ends: datetime) -> int:
        """Return how many places are free and open all the time."""
        return len(self.list_places(starts, ends)) if self.is_open(starts, ends) else 0

    def is_free(self, starts: datetime, ends: datetime) -> bool:
        """Whether it is open and a place is free."""
        return self.is_open(starts, ends) and self.find_place(starts, ends) is not None

    def list_held(self) -> list[Span]:
        """List when it is held, without what is prepared before and cleared up after."""
        before, after = timedelta(minutes=self.resource.buffer_before), timedelta(minutes=self.resource.buffer_after)
        return [(low + before, high - after) for _place, low, high in self.taken if low + before < high - after]

    def hold(self, place: int, starts: datetime, ends: datetime) -> None:
        """Count a place as taken from now on."""
        blocked = block_time(self.resource, starts, ends)
        self.taken.append((place, blocked.lower, blocked.upper))


def read_timetables(
    resources: Iterable[Resource], since: datetime, until: datetime, *, without: Collection[int] = ()
) -> dict[int, Timetable]:
    """Read what is open and held of some resources (with their venues) between two moments, by their ids.

    ``without`` are bookings, by their ids, that do not count. One query for all.
    """
    rows = list(resources)
    return draw_timetables(rows, since, until, ask_together(*ask_for_times(rows, since, until, without=without)))


def ask_for_times(
    resources: Collection[Resource], since: datetime, until: datetime, *, without: Collection[int] = ()
) -> list[Question]:
    """Return what is asked for ``read_timetables``: hours, exceptions, what is held, what is busy."""
    if not resources:
        return []
    wanted = [sorted(row.pk for row in resources), DateTimeTZRange(since - DAY, until + DAY)]
    hours = ask_for_hours({row.venue_id for row in resources})
    taken = Question(TAKEN, [*wanted, [str(stage) for stage in HOLDING], sorted(without)])
    return [*hours, taken, Question(BUSY, wanted)]


def draw_timetables(
    resources: Collection[Resource], since: datetime, until: datetime, answers: list[list[Any]]
) -> dict[int, Timetable]:
    """Return the same from the answers to ``ask_for_times``."""
    if not resources:
        return {}
    weeks, exceptions, taken, busy = answers
    found = draw_openings(resources, since, until, weeks, exceptions)
    for pk, place, blocked in taken:
        found[pk].taken.append((place, blocked.lower, blocked.upper))
    for pk, period in busy:
        found[pk].busy.append((period.lower or since - DAY, period.upper or until + DAY))
    return found


OF_EACH = """SELECT each.id, {columns} FROM unnest(%s::bigint[]) AS each(id) CROSS JOIN LATERAL (
    SELECT {columns} FROM {table} WHERE resource_id = each.id AND {span} && %s{more} OFFSET 0) found ORDER BY {span}"""
"""Looks into one resource after the other, by resource and time at once.

Asked for several at once, PostgreSQL reads what everybody has booked at that time wherever its statistics are older
than most of these bookings, which takes a hundred times as long.
"""
TAKEN = OF_EACH.format(
    columns="place, blocked",
    table="booking_booking",
    span="blocked",
    more=" AND stage = ANY(%s) AND id <> ALL(%s::bigint[])",
)
BUSY = OF_EACH.format(columns="period", table="booking_busy", span="period", more="")


def draw_openings(
    resources: Iterable[Resource], since: datetime, until: datetime, weeks: list[Any], exceptions: list[Any]
) -> dict[int, Timetable]:
    """The same as if nothing were held, from the answers to ``ask_for_hours``."""
    rows = {row.pk: row for row in resources}
    schedules = draw_schedules({row.venue_id: row.venue for row in rows.values()}.values(), weeks, exceptions)
    found, shared = {}, {}
    for pk, row in rows.items():
        schedule = schedules[row.venue_id]
        whose = (row.venue_id, pk if pk in schedule.weeks else None)
        if whose not in shared:
            first, last = (moment.astimezone(schedule.zone).date() for moment in (since - DAY, until + DAY))
            shared[whose] = schedule.spans(first, last, whose[1])
        found[pk] = Timetable(row, shared[whose])
    return found


def read_timetable(resource: Resource, since: datetime, until: datetime, *, without: Collection[int] = ()) -> Timetable:
    """The same for one."""
    return read_timetables([resource], since, until, without=without)[resource.pk]


def find_next_time(table: Timetable, earliest: datetime, length: timedelta) -> Span | None:
    """Return the first free time of a length from a moment on, on the steps of the resource; None within the table.

    One within a day goes before one over midnight: who changes its day would keep the last day of the other.
    """
    step, zone = timedelta(minutes=table.resource.slot_minutes), table.resource.venue.clock
    first, over_midnight = earliest.astimezone(zone), None
    at = first.replace(hour=0, minute=0, second=0, microsecond=0)
    at += -((at - first) // step) * step
    while at < first + AROUND:
        if table.is_free(at, at + length):
            if (at + length - timedelta.resolution).date() == at.date():
                return at, at + length
            over_midnight = over_midnight or (at, at + length)
        at += step
    return over_midnight


def find_near_times(
    table: Timetable, starts: datetime, ends: datetime, *, earliest: datetime, count: int = 3
) -> list[Span]:
    """Return free times of the same length nearest to a wish, in their order, none before ``earliest``."""
    step, length = timedelta(minutes=table.resource.slot_minutes), ends - starts
    found: list[Span] = []
    if all(length > last - first for first, last in table.spans):
        return found  # it is never open so long
    for n in range(1, AROUND // step + 1):
        both = (starts - n * step, starts + n * step)
        found += [(at, at + length) for at in both if at >= earliest and table.is_free(at, at + length)]
        if len(found) >= count:
            break
    return sorted(sorted(found, key=lambda span: abs(span[0] - starts))[:count])
