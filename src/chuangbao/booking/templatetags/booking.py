"""Words of booking in templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from chuangbao.booking.calendars import write_cells
from chuangbao.booking.price_words import free_words, length_words
from chuangbao.booking.queries import clock_of

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from chuangbao.booking.calendars import Cell
    from chuangbao.booking.models import Resource
    from chuangbao.booking.results import ResultWriter

__all__ = ["clock", "draw_cells", "draw_link", "draw_result"]

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
def draw_result(row: Resource, writer: ResultWriter) -> SafeString:
    """Write what a search has found."""
    return writer.write_head(row)


@register.filter
def draw_link(row: Resource, writer: ResultWriter) -> SafeString:
    """Write the way to booking what a search has found."""
    return writer.write_booking(row)
