"""Bookings and times of a series as lines of a list: written at once, for a page has tens of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuangbao.booking.enums import BookingStage
from chuangbao.booking.results import split_address
from chuangbao.ui.templatetags.ui import amount

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from chuangbao.booking.domain.series import Occurrence
    from chuangbao.booking.models import Booking

__all__ = ["write_lines", "write_times"]


def write_span(starts: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """Write from when to when, with the day of the week, by the clock of a venue."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    day = escape(WEEKDAYS_ABBR[first.weekday()])
    until = f"{last:%H:%M}" if last.date() == first.date() else f"{last:%Y-%m-%d %H:%M}"
    return f"{first:%Y-%m-%d} {day} {first:%H:%M}–{until}"


def write_lines(bookings: Iterable[Booking], *, with_whom: bool, outside: Collection[int] = ()) -> SafeString:
    """Write bookings as lines of a list: what, when, where and, to who serves, for whom.

    ``outside`` are those that are outside the hours of their venue, by their ids.
    """
    before, after = split_address("booking")
    stages = {stage.value: escape(stage.label) for stage in BookingStage}
    warning = f'\n<span class="cb-badge is-undetermined">{escape(_("Outside the hours"))}</span>' if outside else ""

    def write(row: Booking) -> str:
        venue = row.resource.venue
        notes = [venue.name, row.resource.way, row.purpose]
        if with_whom:
            notes.append(f"{row.for_organization or ''} {row.person or ''}")
        about = escape(" · ".join(note for note in notes if note))
        what = f"{escape(row.resource.name)}\n{write_span(row.starts, row.ends, venue.clock)}"
        badge = f'<span class="cb-badge">{stages[row.stage]}</span>' + (warning if row.pk in outside else "")
        title = f'<p class="cb-result-title"><a href="{before}{row.pk}{after}">{what}</a>\n{badge}</p>'
        return f'<li>\n{title}\n<p class="cb-result-note">{about}</p>\n</li>\n'

    return SafeString("".join(map(write, bookings)))


def write_times(times: Iterable[Occurrence], zone: ZoneInfo) -> SafeString:
    """Write the times of a series as lines of a list: when, and whether it is free, with what it costs, or why not."""
    free = f'<span class="cb-badge is-eligible">{escape(_("Free"))}</span>'

    def write(one: Occurrence) -> str:
        if one.problem:
            said = f'<span class="cb-badge is-not_eligible">{escape(one.problem)}</span>'
        else:
            said = f"{free} {conditional_escape(amount(one.quote.price))}" if one.quote else free
        return f"<li>\n{write_span(one.starts, one.ends, zone)}\n{said}\n</li>\n"

    return SafeString("".join(map(write, times)))
