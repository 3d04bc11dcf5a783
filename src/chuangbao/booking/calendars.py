"""Calendars as tables (日历表): a resource by days and times, a venue by resources and hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuangbao.booking.domain.timetables import ask_for_times, draw_timetables
from chuangbao.booking.queries import ask_for_own_times, group_own_times
from chuangbao.core.kept_queries import ask_together

if TYPE_CHECKING:
    from chuangbao.booking.domain.timetables import Timetable
    from chuangbao.booking.models import Resource
    from chuangbao.core.access.actors import Actor

    OwnTimes = list[tuple[datetime, datetime, int]]

__all__ = ["Cell", "Grid", "draw_days", "draw_venue", "write_cells"]

HOUR, LEAST_STEP = 60, 30
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Cell:
    """One step of time: ``state`` is free, taken, own, closed or past; ``content`` says so, with a way to it."""

    state: str
    content: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: heads of the columns, and rows of a head and cells."""

    heads: list[date] | list[str]
    rows: list[tuple[object, list[Cell]]]


@dataclass(frozen=True, slots=True)
class CellWriter:
    """Writes the cells of one resource: a page has hundreds, so that its address and words are looked up once."""

    address: str
    name: SafeString
    words: dict[str, SafeString]
    table: Timetable
    own: OwnTimes
    now: datetime

    @staticmethod
    def list_words() -> dict[str, SafeString]:
        """Return what the cells of a page say, by their state."""
        hidden = {"closed": _("Not open"), "past": _("Past")}
        words = {state: format_html('<span class="visually-hidden">{}</span>', word) for state, word in hidden.items()}
        shown = {"taken": _("Taken"), "free": _("Free"), "own": _("Mine")}
        return words | {state: format_html("{}", word) for state, word in shown.items()}

    @classmethod
    def of(cls, table: Timetable, own: OwnTimes, now: datetime, words: dict[str, SafeString]) -> CellWriter:
        """Look up what all cells of a resource share; ``own`` are the times that the reader has booked."""
        address = reverse("booking:book", args=[table.resource.pk])
        return cls(address, escape(table.resource.name), words, table, own, now)

    def write(self, starts: datetime, ends: datetime) -> Cell:
        """Write one cell: a free one leads to booking it, one's own to the booking; of an hour also a free half."""
        state = judge_time(self.table, starts, ends, self.now)
        if state == "free":
            return self.lead("free", f"{self.words['free']}", starts, ends)
        if state != "taken":
            return Cell(state, self.words[state])
        own = next((pk for first, last, pk in self.own if first < ends and last > starts), None)
        if own is not None:
            url = reverse("booking:booking", args=[own])
            return Cell("own", SafeString(f'<a href="{url}">{self.words["own"]}{self.name_time(starts)}</a>'))
        half = starts + timedelta(minutes=LEAST_STEP)
        for first, last in ((starts, half), (half, ends)) if half < ends else ():
            if judge_time(self.table, first, last, self.now) == "free":
                return self.lead("free", f"{first:%H:%M}–{last:%H:%M}", first, last)
        return Cell(state, self.words[state])

    def lead(self, state: str, words: str, starts: datetime, ends: datetime) -> Cell:
        """Write a cell that leads to booking a time."""
        query = f"starts={write_moment(starts)}&amp;ends={write_moment(ends)}"
        return Cell(state, SafeString(f'<a href="{self.address}?{query}">{words}{self.name_time(starts)}</a>'))

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
    if starts < now:
        return "past"
    if not table.is_open(starts, ends):
        return "closed"
    return "free" if table.find_place(starts, ends) is not None else "taken"


def list_steps(tables: list[Timetable], days: list[date], step: int) -> list[int]:
    """List the minutes since midnight at which a row or column begins, from the first opening to the last closing."""
    zone = tables[0].resource.venue.clock
    low, high = DAY, 0
    for day in days:
        midnight = datetime.combine(day, time(), zone)
        for table in tables:
            for first, last in table.spans:
                opens, closes = (int((moment - midnight).total_seconds()) // HOUR for moment in (first, last))
                if opens < DAY and closes > 0:
                    low, high = min(low, max(opens, 0)), max(high, min(closes, DAY))
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
    writer = CellWriter.of(table, own, now, CellWriter.list_words())
    for minute in list_steps([table], days, step):
        starts = [midnight + timedelta(minutes=minute) for midnight in midnights]
        cells = [writer.write(moment, moment + timedelta(minutes=step)) for moment in starts]
        rows.append((f"{minute // HOUR:02}:{minute % HOUR:02}", cells))
    return Grid(days, rows)


def draw_venue(resources: list[Resource], day: date, actor: Actor) -> Grid:
    """Draw the resources of a venue on one day: a row for each, a column for each hour while any is open."""
    if not resources:
        return Grid([], [])
    midnight, now = datetime.combine(day, time(), resources[0].venue.clock), timezone.now()
    until = midnight + timedelta(days=1)
    tables, own = read_calendar(actor, resources, midnight, until)
    steps = list_steps(list(tables.values()), [day], HOUR)
    rows: list[tuple[object, list[Cell]]] = []
    words = CellWriter.list_words()
    for resource in resources:
        starts = [midnight + timedelta(minutes=minute) for minute in steps]
        writer = CellWriter.of(tables[resource.pk], own.get(resource.pk, []), now, words)
        rows.append((resource, [writer.write(at, at + timedelta(minutes=HOUR)) for at in starts]))
    return Grid([f"{minute // HOUR:02}:00" for minute in steps], rows)
