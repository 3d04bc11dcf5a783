"""Calendars as tables (日历表): a resource by days and times, a venue by resources and hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuangbao.booking.domain.barriers import find_barriers
from chuangbao.booking.domain.rules import first_start
from chuangbao.booking.domain.timetables import ask_for_times, draw_timetables
from chuangbao.booking.enums import Barrier
from chuangbao.booking.queries import ask_for_own_times, group_own_times
from chuangbao.core.kept_queries import ask_together

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.booking.domain.schedules import Span
    from chuangbao.booking.domain.timetables import Timetable
    from chuangbao.booking.models import Resource
    from chuangbao.core.access.actors import Actor

    OwnTimes = list[tuple[datetime, datetime, int]]

__all__ = ["Cell", "Grid", "draw_days", "draw_venue", "write_cells"]

HOUR, LEAST_STEP = 60, 30
DAY = 24 * HOUR
BY_WEIGHT = ("own", "free", "barred", "taken", "closed", "past")
"""Which state a cell of two halves is drawn in: that of the half that comes first here."""
LEADING = {"own", "free"}
"""States with a way onward: of a cell of two halves they alone are written where there are any."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One step of time: ``state`` is free, taken, own, closed, past or barred; ``content`` says so, with a way to it.

    What is barred is free, but not for who reads it.
    """

    state: str
    content: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: heads of the columns, rows of a head and cells, and what keeps its reader from booking some of it."""

    heads: list[date] | list[str]
    rows: list[tuple[object, list[Cell]]]
    barriers: list[Barrier] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CellWriter:
    """Writes the cells of one resource: a page has hundreds, so that its address and words are looked up once."""

    address: str
    name: SafeString
    words: dict[str, SafeString]
    table: Timetable
    own: OwnTimes
    now: datetime
    barrier: Barrier | None

    @staticmethod
    def list_words() -> dict[str, SafeString]:
        """Return what the cells of a page say, by their state; what is barred by what bars it."""
        hidden = {"closed": _("Not open"), "past": _("Past")}
        words = {state: format_html('<span class="visually-hidden">{}</span>', word) for state, word in hidden.items()}
        shown = {"taken": _("Taken"), "free": _("Free"), "own": _("Mine")}
        shown |= {str(barrier): str(barrier.label) for barrier in Barrier}
        return words | {state: format_html("{}", word) for state, word in shown.items()}

    @classmethod
    def of(
        cls,
        table: Timetable,
        own: OwnTimes,
        now: datetime,
        words: dict[str, SafeString],
        barrier: Barrier | None,
    ) -> CellWriter:
        """Look up what all cells of a resource share; ``own`` are the times that the reader has booked."""
        address = reverse("booking:book", args=[table.resource.pk])
        return cls(address, escape(table.resource.name), words, table, own, now, barrier)

    def write(self, starts: datetime, ends: datetime) -> Cell:
        """Write one cell: a free one leads to booking it, an own one to the booking; where halves differ each does.

        Only halves at which a booking may begin are looked at.
        """
        state = self.judge(starts, ends)
        half = starts + timedelta(minutes=LEAST_STEP)
        if state == "free" or half >= ends or LEAST_STEP % self.table.resource.slot_minutes:
            return Cell(state, self.write_part(state, starts, ends, self.words[self.name_words(state)]))
        parts = [(self.judge(first, last), first, last) for first, last in ((starts, half), (half, ends))]
        if parts[0][0] == parts[1][0]:
            state = parts[0][0]
            return Cell(state, self.write_part(state, starts, ends, self.words[self.name_words(state)]))
        state = next(state for state in BY_WEIGHT if state in {part[0] for part in parts})
        shown = [part for part in parts if part[0] in LEADING] or [part for part in parts if part[0] == state]
        return Cell(state, SafeString("".join(self.write_half(*part) for part in shown)))

    def judge(self, starts: datetime, ends: datetime) -> str:
        """Say what a time is to its reader."""
        state = judge_time(self.table, starts, ends, self.now)
        if state in {"taken", "closed"} and self.find_own(starts, ends) is not None:
            return "own"
        return "barred" if state == "free" and self.barrier else state

    def find_own(self, starts: datetime, ends: datetime) -> int | None:
        """Return the reader's own booking at a time."""
        return next((pk for first, last, pk in self.own if first < ends and last > starts), None)

    def name_words(self, state: str) -> str:
        """Return under which name the words of a state are kept."""
        return str(self.barrier) if state == "barred" else state

    def write_half(self, state: str, starts: datetime, ends: datetime) -> SafeString:
        """Write one half of a cell, with its times; of what is own or barred also what it is."""
        times = f"{starts:%H:%M}–{ends:%H:%M}"
        words = times if state == "free" else f"{self.words[self.name_words(state)]} {times}"
        return self.write_part(state, starts, ends, words)

    def write_part(self, state: str, starts: datetime, ends: datetime, words: str) -> SafeString:
        """Write words for a time, as a link where it leads anywhere."""
        if state == "free":
            query = f"starts={write_moment(starts)}&amp;ends={write_moment(ends)}"
            return SafeString(f'<a href="{self.address}?{query}">{words}{self.name_time(starts)}</a>')
        own = self.find_own(starts, ends) if state == "own" else None
        if own is not None:
            url = reverse("booking:booking", args=[own])
            return SafeString(f'<a href="{url}">{words}{self.name_time(starts)}</a>')
        return SafeString(words)

    def name_time(self, starts: datetime) -> str:
        """Name resource and time for who does not see the table."""
        return f'<span class="visually-hidden"> {self.name} {starts:%m-%d %H:%M}</span>'


def write_moment(moment: datetime) -> str:
    """Write a moment as an address takes it."""
    return moment.isoformat().replace(":", "%3A").replace("+", "%2B")


def write_cells(cells: list[Cell]) -> SafeString:
    """Write a row of cells at once: a page has hundreds, and a template would ask for two words of each."""
    return SafeString("".join(f'<td class="is-{cell.state}">{cell.content}</td>' for cell in cells))


def judge_time(table: Timetable, starts: datetime, ends: datetime, now: datetime) -> str:
    """Say what one step of time of a resource is."""
    if starts < now and (ends <= now or starts < first_start(table.resource)):
        return "past"
    if not table.is_open(starts, ends):
        is_held = table.taken and any(first < ends and last > starts for first, last in table.list_held())
        return "taken" if is_held else "closed"
    return "free" if table.find_place(starts, ends) is not None else "taken"


def list_steps(tables: list[Timetable], days: list[date], step: int) -> list[int]:
    """List the minutes since midnight at which a row or column begins, from the first opening to the last closing.

    What is held outside the hours is shown as well.
    """
    zone = tables[0].resource.venue.clock
    told: list[tuple[int, int]] = []
    for day in days:
        midnight = datetime.combine(day, time(), zone)
        for table in tables:
            told += cut_to_day([*table.spans, *table.list_held()], midnight)
    return list_between(told, step)


def list_venue_steps(tables: list[Timetable], day: date) -> list[int]:
    """List the hours of a day at which a column of a venue begins, as minutes since midnight.

    What is open or held round the clock, as a fixed desk is, does not widen it where anything is open for shorter.
    """
    midnight = datetime.combine(day, time(), tables[0].resource.venue.clock)
    spans = cut_to_day([span for table in tables for span in table.spans], midnight)
    every = [span for table in tables for span in table.list_held()]
    held = cut_to_day([(first, last) for first, last in every if last - first < timedelta(days=1)], midnight)
    open_for = [span for span in spans if span != (0, DAY)] or spans
    return list_between([*open_for, *held] or cut_to_day(every, midnight), HOUR)


def cut_to_day(spans: Iterable[Span], midnight: datetime) -> list[tuple[int, int]]:
    """Return the parts of spans of time in the day that begins at a midnight, as minutes since then."""
    cut = [[int((moment - midnight).total_seconds()) // HOUR for moment in span] for span in spans]
    return [(max(opens, 0), min(closes, DAY)) for opens, closes in cut if opens < DAY and closes > 0]


def list_between(told: list[tuple[int, int]], step: int) -> list[int]:
    """List every step from the first beginning to the last end; none where nothing is told."""
    low, high = min((opens for opens, _end in told), default=DAY), max((closes for _start, closes in told), default=0)
    return list(range(low - low % step, high, step))


def read_calendar(
    actor: Actor, resources: list[Resource], since: datetime, until: datetime
) -> tuple[dict[int, Timetable], dict[int, OwnTimes]]:
    """Read timetables and what is the actor's own of some resources between two moments: one query."""
    own = ask_for_own_times(actor, resources, since, until)
    *times, held = ask_together(*ask_for_times(resources, since, until), own)
    return draw_timetables(resources, since, until, times), group_own_times(held)


def draw_days(resource: Resource, days: list[date], actor: Actor) -> Grid:
    """Draw one resource: a column a day, a row for each step of time while it is open on any of them."""
    zone, now = resource.venue.clock, timezone.now()
    step = max(resource.slot_minutes, -(-LEAST_STEP // resource.slot_minutes) * resource.slot_minutes)
    midnights = [datetime.combine(day, time(), zone) for day in days]
    until = midnights[-1] + timedelta(days=1)
    tables, held = read_calendar(actor, [resource], midnights[0], until)
    table, own = tables[resource.pk], held.get(resource.pk, [])
    rows: list[tuple[object, list[Cell]]] = []
    barriers = find_barriers(actor, [resource])
    writer = CellWriter.of(table, own, now, CellWriter.list_words(), barriers.get(resource.pk))
    for minute in list_steps([table], days, step):
        starts = [midnight + timedelta(minutes=minute) for midnight in midnights]
        cells = [writer.write(moment, moment + timedelta(minutes=step)) for moment in starts]
        rows.append((f"{minute // HOUR:02}:{minute % HOUR:02}", cells))
    return Grid(days, rows, list(barriers.values()))


def draw_venue(resources: list[Resource], day: date, actor: Actor) -> Grid:
    """Draw the resources of a venue on one day: a row for each, a column for each hour while any is open."""
    if not resources:
        return Grid([], [])
    midnight, now = datetime.combine(day, time(), resources[0].venue.clock), timezone.now()
    until = midnight + timedelta(days=1)
    tables, own = read_calendar(actor, resources, midnight, until)
    steps = list_venue_steps(list(tables.values()), day)
    rows: list[tuple[object, list[Cell]]] = []
    words, barriers = CellWriter.list_words(), find_barriers(actor, resources)
    for resource in resources:
        starts = [midnight + timedelta(minutes=minute) for minute in steps]
        writer = CellWriter.of(tables[resource.pk], own.get(resource.pk, []), now, words, barriers.get(resource.pk))
        rows.append((resource, [writer.write(at, at + timedelta(minutes=HOUR)) for at in starts]))
    barred = [barrier for barrier in Barrier if barrier in barriers.values()]
    return Grid([f"{minute // HOUR:02}:00" for minute in steps], rows, barred)
