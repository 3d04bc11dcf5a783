"""Words of booking in templates."""

from __future__ import annotations

from django import template

from chuangbao.booking.queries import clock_of

__all__ = ["clock"]

register = template.Library()


@register.filter
def clock(minute: int) -> str:
    """Write minutes since midnight as a time of the day."""
    return clock_of(minute)
