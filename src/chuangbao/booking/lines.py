"""Bookings and times of a series as lines of a list: written at once, for a page has tens of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from chuangbao.booking.enums import BookingStage
from chuangbao.booking.results import split_address
from chuangbao.ui.templatetags.ui import amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from django.utils.safestring import SafeString

    from chuangbao.booking.domain.series import Occurrence
    from chuangbao.booking.models import Booking

__all__ = ["write_lines", "write_times"]

LINE = """<li>
  <p class="cb-result-title">
    <a href="{}{}{}">{}
      {}</a>
    <span class="cb-badge">{}</span>
  </p>
  <p class="cb-result-note">
    {}
  </p>
</li>
"""
TIME = """<li>
  {} {}
  {}
</li>
"""
FREE, NOT_FREE = '<span class="cb-badge is-eligible">{}</span>{}', '<span class="cb-badge is-not_eligible">{}</span>'


def write_span(starts: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """Write from when to when, by the clock of a venue."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    until = f"{last:%H:%M}" if last.date() == first.date() else f"{last:%Y-%m-%d %H:%M}"
    return f"{first:%Y-%m-%d %H:%M}–{until}"


def write_lines(bookings: Iterable[Booking], *, with_whom: bool) -> SafeString:
    """Write bookings as lines of a list: what, when, where and, to who serves, for whom."""
    before, after = split_address("booking")
    stages = {stage.value: stage.label for stage in BookingStage}

    def list_parts() -> Iterator[tuple[Any, ...]]:
        for row in bookings:
            venue = row.resource.venue
            notes = [venue.name, row.resource.way, row.purpose]
            if with_whom:
                notes.append(f"{row.for_organization or ''} {row.person or ''}")
            about = " · ".join(note for note in notes if note)
            when = write_span(row.starts, row.ends, venue.clock)
            yield before, row.pk, after, row.resource.name, when, stages[BookingStage(row.stage)], about

    return format_html_join("", LINE, list_parts())


def write_times(times: Iterable[Occurrence], zone: ZoneInfo) -> SafeString:
    """Write the times of a series as lines of a list: when, and whether it is free, with what it costs, or why not."""
    free = _("Free")

    def list_parts() -> Iterator[tuple[Any, ...]]:
        for one in times:
            if one.problem:
                said = format_html(NOT_FREE, one.problem)
            else:
                said = format_html(FREE, free, format_html(" {}", amount(one.quote.price)) if one.quote else "")
            day = WEEKDAYS_ABBR[one.starts.astimezone(zone).weekday()]
            yield day, write_span(one.starts, one.ends, zone), said

    return format_html_join("", TIME, list_parts())
