"""Booking (预约): one transaction, one lock for each resource, one constraint; a clash is words, never an error."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import ExclusionViolation

from chuangbao.booking.domain.locks import lock_resources
from chuangbao.booking.domain.rules import check_rules, check_who, earliest_start, spans_words
from chuangbao.booking.domain.timetables import AROUND, block_time, find_near_times, read_timetable
from chuangbao.booking.enums import PENDING, BookingStage
from chuangbao.booking.events import tell_front_desk
from chuangbao.booking.models import Booking, Resource
from chuangbao.booking.permissions import may_book, may_serve
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.money import yuan
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import transition

if TYPE_CHECKING:
    from chuangbao.booking.domain.timetables import Timetable
    from chuangbao.core.access.actors import Actor

__all__ = ["book", "call_off_upcoming", "hold_resource", "move_booking", "refuse_taken", "work_out_price"]

HOUR = Decimal(3600)
LONGEST_PURPOSE = 120


def hold_resource(pk: int) -> Resource:
    """Take the lock of a resource, then read it as it is now. Raises Refused: gone."""
    lock_resources(pk)
    rows = unscoped(Resource, because="whether it may be booked is asked next").select_related("venue", "training")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Refused("gone", _("This was deleted while you were working on it."))
    return found


def work_out_price(resource: Resource, starts: datetime, ends: datetime) -> Decimal | None:
    """Return what a booking costs in yuan, by the second; None where nothing is charged."""
    if resource.price_per_hour is None:
        return None
    seconds = Decimal(int((ends - starts).total_seconds()))
    return yuan(resource.price_per_hour * seconds / HOUR)


@transaction.atomic
def book(
    *,
    actor: Actor,
    resource: Resource,
    starts: datetime,
    ends: datetime,
    purpose: str = "",
    people: int = 1,
) -> Booking:
    """Book a resource for the actor, or the organisation that they act for (预约); where it waits for approval, ask.

    Raises Forbidden, and Refused as ``check_who`` and ``check_rules`` do, further gone, not_open (starts), and taken
    (starts) with the nearest free times in its words.
    """
    permit(may_book, actor=actor)
    row = hold_resource(resource.pk)
    check_who(actor, row)
    check_rules(actor, row, starts, ends, people)
    table = read_timetable(row, starts - AROUND, ends + AROUND)
    if not table.is_open(starts, ends):
        refuse_taken("not_open", _("The venue is not open all that time."), table, (starts, ends), actor)
    place = table.find_place(starts, ends)
    waits = row.needs_approval and not may_serve.test(actor, row)
    made = Booking(
        resource=row,
        place=place or 1,
        person_id=actor.person_id,
        for_organization_id=actor.organisation_id,
        starts=starts,
        ends=ends,
        blocked=block_time(row, starts, ends),
        stage=BookingStage.REQUESTED if waits else BookingStage.CONFIRMED,
        purpose=purpose.strip()[:LONGEST_PURPOSE],
        people=people,
        price=work_out_price(row, starts, ends),
    )
    if place is None or not claim_time(made):
        refuse_taken("taken", _("This time is taken."), table, (starts, ends), actor)
    record(actor, "booking.book", made, after=made.stage, data={"resource": row.pk})
    if waits:
        tell_front_desk(made)
    return made


def claim_time(row: Booking) -> bool:
    """Save a booking; False where PostgreSQL says that its time is taken, which the lock should have prevented."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as clash:
        if not isinstance(clash.__cause__, ExclusionViolation):
            raise
        return False
    return True


def refuse_taken(code: str, words: str, table: Timetable, wish: tuple[datetime, datetime], actor: Actor) -> None:
    """Say that a wish cannot be met, and what is free near it. Raises Refused: ``code`` (starts)."""
    near = find_near_times(table, *wish, earliest=earliest_start(actor, table.resource))
    if near:
        hint = _("Free near it: %(times)s.") % {"times": spans_words(near, table.resource)}
    else:
        hint = _("Nothing is free within seven days. Try another resource or time.")
    raise Refused(code, f"{words} {hint}", field="starts")


@transaction.atomic
def move_booking(*, booking: Booking, verb: str, actor: Actor, reason: str = "") -> Booking:
    """Confirm, decline, cancel, call off, check in, leave, release or finish a booking.

    Raises Refused: what its transitions refuse (``workflow.py``), gone.
    """
    lock_resources(booking.resource_id)
    row = transition(booking, verb, actor=actor, reason=reason.strip())
    changed = AFTERWARDS[verb](row) if verb in AFTERWARDS else []
    if changed:
        row.save(update_fields=changed)
    return row


def call_off_upcoming(*, actor: Actor, resources: list[int], reason: str) -> int:
    """Call off what is asked for or booked to come of resources whose locks are held; how many. People are noticed."""
    rows = unscoped(Booking, because="what the operator's act ends").filter(resource__in=resources)
    pending = list(rows.filter(stage__in=PENDING, ends__gt=timezone.now()).order_by("pk"))
    for row in pending:
        transition(row, "call_off", actor=actor, reason=reason)
    return len(pending)


def note_arrival(row: Booking) -> list[str]:
    """Keep when its people came."""
    row.checked_in_at = timezone.now()
    return ["checked_in_at"]


def shorten_to_now(row: Booking) -> list[str]:
    """Free what is left of its time, but for clearing up."""
    row.ends = min(row.ends, max(timezone.now(), row.starts + timedelta(minutes=1)))
    after = timedelta(minutes=row.resource.buffer_after)
    row.blocked = DateTimeTZRange(row.blocked.lower, min(row.blocked.upper, row.ends + after))
    return ["ends", "blocked"]


AFTERWARDS: dict[str, Any] = {"check_in": note_arrival, "leave": shorten_to_now}
"""What else changes with a verb: takes the row, gives the fields to save."""
