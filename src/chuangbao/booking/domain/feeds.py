"""Calendars of others (日历订阅): our bookings as iCalendar (RFC 5545), and foreign calendars read in as busy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.domain.locks import lock_resources
from chuangbao.booking.domain.venues import lock_open, permit_keeping
from chuangbao.booking.domain.waiting import offer_free_time
from chuangbao.booking.enums import BookingStage
from chuangbao.booking.models import FOREIGN, Busy, Feed
from chuangbao.booking.permissions import may_book
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.storage.errors import UnfitError
from chuangbao.core.storage.reading import IN_PAGE, read_apart
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from chuangbao.booking.models import Booking, Resource
    from chuangbao.core.access.actors import Actor

__all__ = ["make_address", "read_calendar", "take_calendar", "write_calendar"]

AHEAD = timedelta(days=365)
LARGEST, MOST = 1_000_000, 5000
LIMITS = replace(IN_PAGE, cpu=3, wall=5.0, memory=512 << 20)


def write_calendar(name: str, rows: Iterable[Booking], *, names_purpose: bool) -> bytes:
    """Write bookings as one calendar, in UTC, so that every reader shows the right hour.

    ``names_purpose`` is for the calendar of who booked; that of a resource says only that it is taken.
    """
    from icalendar import Calendar, Event  # late: it brings eighty modules, and most processes never write a calendar

    calendar = Calendar()
    for key, value in (("prodid", "-//Chuangbao//booking//ZH"), ("version", "2.0"), ("x-wr-calname", name)):
        calendar.add(key, value)
    for row in rows:
        resource = row.resource
        event = Event()
        event.add("uid", f"booking-{row.pk}@chuangbao")
        event.add("dtstamp", row.created_at.astimezone(UTC))
        event.add("dtstart", row.starts.astimezone(UTC))
        event.add("dtend", row.ends.astimezone(UTC))
        event.add("summary", (row.purpose or str(resource)) if names_purpose else _("Taken"))
        place = (str(resource), resource.way, resource.venue.name, resource.venue.address)
        event.add("location", _(", ").join(part for part in place if part))
        event.add("status", "TENTATIVE" if row.stage == BookingStage.REQUESTED else "CONFIRMED")
        if names_purpose:
            event.add("url", f"{settings.SITE_URL}/booking/bookings/{row.pk}/")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def read_calendar(content: bytes, zone: ZoneInfo, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """Read when a foreign calendar is busy between two moments, recurring events and changes of the clock included.

    It is read in a process of its own, since a rule may repeat without end. A time without a zone is that of the venue.
    Raises Refused: too_large, no_calendar, too_many, costly, and what else ``read_apart`` refuses (all: content).
    """
    if len(content) > LARGEST:
        raise Refused("too_large", _("This calendar is larger than 1 MB."), field="content")
    asked = {"zone": str(zone), "since": since.isoformat(), "until": until.isoformat(), "most": MOST}
    try:
        found = read_apart("calendar", content, limits=LIMITS, **asked)
    except UnfitError as fault:
        if fault.code == "long":
            message = _("This calendar has more than 5,000 times in a year.")
            raise Refused("too_many", message, field="content") from fault
        raise Refused("no_calendar", _("This is no calendar (.ics) that can be read."), field="content") from fault
    except Refused as refusal:
        if refusal.code != "costly":
            raise Refused(refusal.code, str(refusal), field="content") from refusal
        message = _("Unrolling this calendar took too long. Export a shorter period, without rules that repeat often.")
        raise Refused("costly", message, field="content") from refusal
    return [(datetime.fromisoformat(starts), datetime.fromisoformat(ends)) for starts, ends in found]


@transaction.atomic
def make_address(*, actor: Actor, resource: Resource | None = None) -> Feed:
    """Make the secret address of the actor's own calendar, or of a resource's; an earlier one ends.

    ``token`` of the row is known now and never again. Raises Forbidden.
    """
    permit(may_book, actor=actor)
    if resource is not None:
        permit_keeping(actor, resource)
    whose: dict[str, Any] = {"person_id": actor.person_id} if resource is None else {"resource": resource}
    unscoped(Feed, because="the actor's own").filter(**whose).delete()
    made = Feed.objects.create(**whose)
    record(actor, "booking.make_address", made)
    return made


@transaction.atomic
def take_calendar(*, actor: Actor, resource: Resource, content: bytes) -> int:
    """Let a resource be busy when a foreign calendar says so; what an earlier one said to come goes. How many times.

    Bookings that were made stay. Raises Forbidden, and Refused as ``read_calendar`` does, further venue_closed, gone.
    """
    permit_keeping(actor, resource)
    now = timezone.now()
    spans = read_calendar(content, resource.venue.clock, now, now + AHEAD)  # before the locks: it may take seconds
    lock_resources(resource.pk)
    lock_open(resource.venue, actor)
    Busy.objects.filter(resource=resource, reason=FOREIGN, period__endswith__gt=now).delete()
    Busy.objects.bulk_create(Busy(resource=resource, period=DateTimeTZRange(*span), reason=FOREIGN) for span in spans)
    record(actor, "booking.take_calendar", resource, data={"times": len(spans)})
    offer_free_time(resource.pk)
    return len(spans)
