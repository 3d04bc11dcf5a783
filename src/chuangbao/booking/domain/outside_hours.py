"""Bookings that new hours leave outside (开放时间外的预约): listed first, then called off, or kept as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.domain.bookings import call_off
from chuangbao.booking.domain.schedules import read_schedules
from chuangbao.booking.enums import PENDING
from chuangbao.booking.models import Booking
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.booking.domain.schedules import Schedule
    from chuangbao.booking.models import Venue
    from chuangbao.core.access.actors import Actor

__all__ = ["CALL_OFF", "KEEP", "find_outside", "list_left_outside", "settle_outside"]

CALL_OFF, KEEP = "call_off", "keep"
"""What becomes of them; with another word nothing changes, and who acts is asked."""


def list_left_outside(venue: Venue, before: Schedule, after: Schedule) -> list[Booking]:
    """List what is to come, or going on, in a venue that was inside its hours before and no longer is after."""
    rows = unscoped(Booking, because="what the operator's act would leave outside the hours")
    rows = rows.filter(resource__venue=venue, stage__in=PENDING, ends__gt=timezone.now())
    rows = rows.select_related("resource__venue", "person", "for_organization").order_by("starts", "pk")
    return [
        row
        for row in rows
        if before.is_open(row.starts, row.ends, row.resource_id)
        and not after.is_open(row.starts, row.ends, row.resource_id)
    ]


def find_outside(bookings: Iterable[Booking]) -> set[int]:
    """Find which of some bookings are outside the hours of their venue, by their ids; one query for all."""
    rows = list(bookings)
    schedules = read_schedules({row.resource.venue_id: row.resource.venue for row in rows}.values())
    return {
        row.pk for row in rows if not schedules[row.resource.venue_id].is_open(row.starts, row.ends, row.resource_id)
    }


def settle_outside(actor: Actor, left: list[Booking], fate: str, reason: str) -> int:
    """Call bookings off, with a reason, or keep them, as ``fate`` says; how many are called off. People are noticed.

    The locks of their resources are held. Raises Refused: left_outside where ``fate`` says neither.
    """
    if not left or fate == KEEP:
        return 0
    if fate != CALL_OFF:
        words = _("%(n)d bookings are outside these hours. Look at them, then say what becomes of them.")
        raise Refused("left_outside", words % {"n": len(left)})
    for row in left:
        call_off(row, actor, reason or _("The venue is not open at this time any more."))
    return len(left)
