"""Words of booking in templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from chuangbao.booking.calendars import write_cells
from chuangbao.booking.lines import write_lines, write_times
from chuangbao.booking.price_words import free_words, length_words
from chuangbao.booking.queries import clock_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from zoneinfo import ZoneInfo

    from django.utils.safestring import SafeString

    from chuangbao.booking.calendars import Cell
    from chuangbao.booking.domain.schedules import Span
    from chuangbao.booking.domain.series import Occurrence
    from chuangbao.booking.models import Booking, Resource
    from chuangbao.booking.results import ResultWriter

__all__ = ["clock", "draw_bookings", "draw_cells", "draw_free", "draw_near", "draw_times"]

register = template.Library()


register.filter("length", length_words)
register.filter("free_words", free_words)


@register.filter
def clock(minute: int) -> str:
    """Write minutes since midnight as a time of the day."""
    return clock_of(minute)


@register.filter
def draw_cells(cells: list[Cell]) -> SafeString:
    """Write a row of cells of a calendar."""
    return write_cells(cells)


@register.filter
def draw_free(rows: list[Resource], writer: ResultWriter) -> SafeString:
    """Write what a search has found."""
    return writer.write_all_free(rows)


@register.filter
def draw_near(rows: list[tuple[Resource, list[Span]]], writer: ResultWriter) -> SafeString:
    """Write what a search has found at other times."""
    return writer.write_all_near(rows)


@register.simple_tag
def draw_bookings(rows: Iterable[Booking], *, with_whom: bool, outside: Collection[int] = ()) -> SafeString:
    """Write bookings as lines of a list; ``outside`` are those outside the hours of their venue, by their ids."""
    return write_lines(rows, with_whom=with_whom, outside=outside)


@register.filter
def draw_times(times: Iterable[Occurrence], zone: ZoneInfo) -> SafeString:
    """Write the times of a series as lines of a list."""
    return write_times(times, zone)
