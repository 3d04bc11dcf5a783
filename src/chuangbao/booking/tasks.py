"""What the worker does for booking: releasing bookings without check-in, finishing what is over, offers in line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from procrastinate.contrib.django import app

from chuangbao.booking.domain.bookings import move_booking
from chuangbao.booking.domain.locks import lock_resources
from chuangbao.booking.domain.waiting import end_line, offer_free_time
from chuangbao.booking.enums import BookingStage
from chuangbao.booking.models import Booking, Resource, Waiting
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.waiting import order_line

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = ["finish_bookings", "lapse_offers", "offer_free_times", "release_no_shows"]

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


@app.periodic(cron="* * * * *")
@app.task(name="booking.lapse_offers", lock="booking.lapse_offers", queueing_lock="booking.lapse_offers")
def lapse_offers(timestamp: int = 0) -> int:
    """Let offers lapse whose term is over, and offer them to the next in line; end places whose time is over."""
    now = read_moment(timestamp)
    offers = unscoped(Booking, because=WHY).filter(stage=BookingStage.OFFERED, place_in_line__offer_until__lte=now)
    done = move_all(offers.order_by("place_in_line__offer_until", "pk"), "lapse")
    over = unscoped(Waiting, because=WHY).filter(window__endswith__lte=now)
    with transaction.atomic():
        return done + end_line(order_line(over)[:MOST])


@app.periodic(cron="*/10 * * * *")
@app.task(name="booking.offer_free_times", lock="booking.offer_free_times", queueing_lock="booking.offer_free_times")
def offer_free_times(timestamp: int = 0) -> int:
    """Offer what has become free without a verb of its own (new hours, a new resource, an erased account)."""
    waiting = order_line(unscoped(Waiting, because=WHY).filter(window__endswith__gt=read_moment(timestamp)))
    alike = Q(venue__in=waiting.order_by().values("venue"), kind__in=waiting.order_by().values("kind"))
    rows = unscoped(Resource, because=WHY).filter(alike, retired_at=None).order_by("pk")
    done = 0
    for pk in rows.values_list("pk", flat=True)[:MOST]:
        with transaction.atomic():
            lock_resources(pk)
            done += len(offer_free_time(pk))
    return done


@app.periodic(cron="*/5 * * * *")
@app.task(name="booking.finish_bookings", lock="booking.finish_bookings", queueing_lock="booking.finish_bookings")
def finish_bookings(timestamp: int = 0) -> int:
    """Finish bookings whose time is over; how many."""
    stages = [BookingStage.CONFIRMED, BookingStage.IN_USE]
    rows = unscoped(Booking, because=WHY).filter(stage__in=stages, ends__lte=read_moment(timestamp))
    return move_all(rows.order_by("ends", "pk"), "finish")
