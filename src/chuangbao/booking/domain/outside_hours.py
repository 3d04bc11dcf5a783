"""Bookings that new hours leave outside (开放时间外的预约): listed first, then called off, or kept as they are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.domain.bookings import call_off
from chuangbao.booking.domain.schedules import read_schedules
from chuangbao.booking.enums import UPCOMING, BookingStage
from chuangbao.booking.events import tell_booker
from chuangbao.booking.models import Booking
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.booking.domain.schedules import Schedule
    from chuangbao.booking.models import Venue
    from chuangbao.core.access.actors import Actor

__all__ = ["CALL_OFF", "KEEP", "find_outside", "list_left_outside", "settle_outside"]

CALL_OFF, KEEP = "call_off", "keep"
"""What becomes of them; with another word nothing changes, and who acts is asked."""


def list_left_outside(venue: Venue, before: Schedule, after: Schedule) -> list[Booking]:
    """List what is to come, or going on, in a venue that is outside its hours after they change.

    What was outside before as well is among it on days that are closed further: who kept it knew nothing of that.
    """
    rows = unscoped(Booking, because="what the operator's act would leave outside the hours")
    rows = rows.filter(resource__venue=venue, stage__in=UPCOMING, ends__gt=timezone.now())
    rows = rows.select_related("resource__venue", "person", "for_organization").order_by("starts", "pk")
    return [
        row
        for row in rows
        if not after.is_open(row.starts, row.ends, row.resource_id)
        and (before.is_open(row.starts, row.ends, row.resource_id) or meets_closing(before, after, row))
    ]


def meets_closing(before: Schedule, after: Schedule, row: Booking) -> bool:
    """Whether a booking touches a day that is closed further than it was."""
    first = row.starts.astimezone(after.zone).date()
    last = (row.ends - timedelta.resolution).astimezone(after.zone).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return any(is_closed_further(before, after, day, row.resource_id) for day in days)


def is_closed_further(before: Schedule, after: Schedule, day: date, resource: int) -> bool:
    """Whether some time of a day is no longer open, or its closing was said of this day alone."""
    times = after.times_of(day, resource)
    if not times and after.has_exception(day) and not before.has_exception(day):
        return True
    return any(all(a < opens or closes < b for opens, closes in times) for a, b in before.times_of(day, resource))


def find_outside(bookings: Iterable[Booking]) -> set[int]:
    """Find which of some bookings are outside the hours of their venue, by their ids; one query for all."""
    rows = list(bookings)
    schedules = read_schedules({row.resource.venue_id: row.resource.venue for row in rows}.values())
    return {
        row.pk for row in rows if not schedules[row.resource.venue_id].is_open(row.starts, row.ends, row.resource_id)
    }


def settle_outside(actor: Actor, left: list[Booking], fate: str, reason: str) -> int:
    """Call bookings off, with a reason, or keep them, as ``fate`` says; how many are called off. People are noticed.

    What is in use stays: its people are there.

    The locks of their resources are held. Raises Refused: left_outside where ``fate`` says neither.
    """
    if not left:
        return 0
    if fate not in {CALL_OFF, KEEP}:
        words = _("%(n)d bookings are outside these hours. Look at them, then say what becomes of them.")
        raise Refused("left_outside", words % {"n": len(left)})
    gone = [row for row in left if fate == CALL_OFF and row.stage != BookingStage.IN_USE]
    for row in gone:
        call_off(row, actor, reason or _("The venue is not open at this time any more."))
    tell_kept = tell_booker("keep")
    for row in left:
        if row not in gone:
            tell_kept(row, actor, {})
    return len(gone)
