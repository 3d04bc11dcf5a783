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

from chuangbao.booking.domain.timetables import read_timetable, read_timetables

if TYPE_CHECKING:
    from chuangbao.booking.domain.timetables import Timetable
    from chuangbao.booking.models import Resource

__all__ = ["Cell", "Grid", "draw_days", "draw_venue", "write_cells"]

HOUR, LEAST_STEP = 60, 30
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Cell:
    """One step of time: ``state`` is free, taken, closed or past; ``content`` says so, with a way to book it."""

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

    @classmethod
    def of(cls, resource: Resource) -> CellWriter:
        """Look up what all cells of a resource share."""
        hidden = {"closed": _("Not open"), "past": _("Past")}
        words = {state: format_html('<span class="visually-hidden">{}</span>', word) for state, word in hidden.items()}
        words |= {"taken": format_html("{}", _("Taken")), "free": format_html("{}", _("Free"))}
        return cls(reverse("booking:book", args=[resource.pk]), escape(resource.name), words)

    def write(self, state: str, starts: datetime, ends: datetime) -> Cell:
        """Write one cell; a free one leads to booking it."""
        if state != "free":
            return Cell(state, self.words[state])
        words = f'{self.words["free"]}<span class="visually-hidden"> {self.name} {starts:%m-%d %H:%M}</span>'
        link = f'<a href="{self.address}?starts={write_moment(starts)}&amp;ends={write_moment(ends)}">{words}</a>'
        return Cell(state, SafeString(link))


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


def draw_days(resource: Resource, days: list[date]) -> Grid:
    """Draw one resource: a column a day, a row for each step of time while it is open on any of them."""
    zone, now = resource.venue.clock, timezone.now()
    step = max(resource.slot_minutes, -(-LEAST_STEP // resource.slot_minutes) * resource.slot_minutes)
    midnights = [datetime.combine(day, time(), zone) for day in days]
    table = read_timetable(resource, midnights[0], midnights[-1] + timedelta(days=1))
    rows: list[tuple[object, list[Cell]]] = []
    writer = CellWriter.of(resource)
    for minute in list_steps([table], days, step):
        starts = [midnight + timedelta(minutes=minute) for midnight in midnights]
        spans = [(moment, moment + timedelta(minutes=step)) for moment in starts]
        cells = [writer.write(judge_time(table, *span, now), *span) for span in spans]
        rows.append((f"{minute // HOUR:02}:{minute % HOUR:02}", cells))
    return Grid(days, rows)


def draw_venue(resources: list[Resource], day: date) -> Grid:
    """Draw the resources of a venue on one day: a row for each, a column for each hour while any is open."""
    if not resources:
        return Grid([], [])
    midnight, now = datetime.combine(day, time(), resources[0].venue.clock), timezone.now()
    tables = read_timetables(resources, midnight, midnight + timedelta(days=1))
    steps = list_steps(list(tables.values()), [day], HOUR)
    rows: list[tuple[object, list[Cell]]] = []
    for resource in resources:
        starts = [midnight + timedelta(minutes=minute) for minute in steps]
        writer, spans = CellWriter.of(resource), [(at, at + timedelta(minutes=HOUR)) for at in starts]
        cells = [writer.write(judge_time(tables[resource.pk], *span, now), *span) for span in spans]
        rows.append((resource, cells))
    return Grid([f"{minute // HOUR:02}:00" for minute in steps], rows)
