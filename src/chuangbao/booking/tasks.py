"""What the worker does for booking: releasing bookings without check-in, and finishing what is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app

from chuangbao.booking.domain.bookings import move_booking
from chuangbao.booking.enums import BookingStage
from chuangbao.booking.models import Booking
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = ["finish_bookings", "release_no_shows"]

MOST = 500
WHY = "the system's own work"


def move_all(rows: QuerySet[Booking], verb: str) -> int:
    """Move some bookings as the system; those that people moved first are left alone."""
    done = 0
    for row in rows[:MOST]:
        try:
            move_booking(booking=row, verb=verb, actor=SYSTEM)
        except Refused:
            continue
        done += 1
    return done


def read_moment(timestamp: int) -> datetime:
    """Return the minute that a job is meant for; now where it says none."""
    return datetime.fromtimestamp(timestamp, UTC) if timestamp else timezone.now()


@app.periodic(cron="* * * * *")
@app.task(name="booking.release_no_shows", lock="booking.release_no_shows", queueing_lock="booking.release_no_shows")
def release_no_shows(timestamp: int = 0) -> int:
    """Release bookings to which no one has checked in after the minutes of their resource; how many."""
    now = read_moment(timestamp)
    rows = unscoped(Booking, because=WHY).filter(stage=BookingStage.CONFIRMED, ends__gt=now, starts__lt=now)
    grace = F("resource__no_show_minutes") * timedelta(minutes=1)
    late = rows.filter(resource__no_show_minutes__isnull=False, starts__lte=now - grace)
    return move_all(late.order_by("starts", "pk"), "release")


@app.periodic(cron="*/5 * * * *")
@app.task(name="booking.finish_bookings", lock="booking.finish_bookings", queueing_lock="booking.finish_bookings")
def finish_bookings(timestamp: int = 0) -> int:
    """Finish bookings whose time is over; how many."""
    stages = [BookingStage.CONFIRMED, BookingStage.IN_USE]
    rows = unscoped(Booking, because=WHY).filter(stage__in=stages, ends__lte=read_moment(timestamp))
    return move_all(rows.order_by("ends", "pk"), "finish")
