"""Booking (预约): one transaction, one lock for each resource, one constraint; a clash is words, never an error."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.domain.claims import LONGEST_PURPOSE, hold_resource, insert_booking
from chuangbao.booking.domain.grounds import read_grounds
from chuangbao.booking.domain.locks import lock_allowances, lock_resources
from chuangbao.booking.domain.pricing import give_back_minutes, keep_quotes
from chuangbao.booking.domain.rules import check_quota, check_time, check_who, earliest_start, spans_words
from chuangbao.booking.domain.timetables import AROUND, block_time, find_near_times, find_next_time, read_timetable
from chuangbao.booking.domain.waiting import follow_offer, offer_free_time
from chuangbao.booking.enums import PENDING, BookingStage
from chuangbao.booking.events import settle_booking, tell_front_desk
from chuangbao.booking.models import Booking
from chuangbao.booking.permissions import may_book, may_serve
from chuangbao.booking.price_words import read_quote, total_words
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.kept_queries import KeptQuery
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import transition

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet

    from chuangbao.booking.domain.schedules import Span
    from chuangbao.booking.domain.timetables import Timetable
    from chuangbao.booking.models import Resource
    from chuangbao.core.access.actors import Actor

__all__ = [
    "book",
    "book_agreed",
    "call_off",
    "call_off_upcoming",
    "find_next_free",
    "lapse_old_offers",
    "list_near_times",
    "move_booking",
    "read_offer",
    "refuse_taken",
]

VACATING = frozenset({"decline", "cancel", "call_off", "leave", "release", "turn_down", "lapse"})
"""Verbs after which time is free that was held: it is offered to the next in line."""
UNUSED = VACATING - {"leave"}
"""Verbs after which nothing was used: free minutes of the month are given back."""
ACCEPTING = frozenset({"accept", "accept_asking"})


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
    span = {"starts": starts, "ends": ends}
    with transaction.atomic():
        return write_booking(actor=actor, resource=resource, purpose=purpose, people=people, **span)


def book_agreed(*, agreed: Decimal, **wish: Any) -> Booking:
    """Book as ``book`` does, for the price in yuan that its person has seen before.

    Raises Refused as it does, and price_changed where it costs something else: nothing is booked then.
    """
    with transaction.atomic():
        made = write_booking(**wish)
        if (made.price or 0) != agreed and (quote := read_quote(made)) is not None:
            words = total_words(quote, made.resource.venue.clock)
            raise Refused("price_changed", _("%(price)s Book again if you agree.") % {"price": words})
    return made


def write_booking(
    *,
    actor: Actor,
    resource: Resource,
    starts: datetime,
    ends: datetime,
    purpose: str = "",
    people: int = 1,
) -> Booking:
    """Book in the transaction of the caller, which is undone where this raises what ``book`` does."""
    permit(may_book, actor=actor)
    row = hold_resource(resource.pk)
    lapse_old_offers(row.pk)
    check_who(actor, row)
    serves = may_serve.test(actor, row)
    check_time(row, starts, ends, people, serves=serves)  # before the days around it are read
    grounds = read_grounds(actor, row, starts - AROUND, ends + AROUND)
    if not serves:
        check_quota(grounds.usage, row, starts, ends)
    table = grounds.table
    if not table.is_open(starts, ends):
        refuse_taken("not_open", _("The venue is not open all that time."), table, (starts, ends), actor)
    place = table.find_place(starts, ends)
    waits = row.needs_approval and not serves
    quote = grounds.prices.quote(starts, ends)
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
        price=quote.price if quote else None,
    )
    if place is None or not insert_booking(made):
        refuse_taken("taken", _("This time is taken."), table, (starts, ends), actor)
    keep_quotes({made.pk: quote})
    record(actor, "booking.book", made, after=made.stage, data={"resource": row.pk})
    if waits:
        tell_front_desk(made)
    return made


def list_near_times(*, actor: Actor, resource: Resource, starts: datetime, ends: datetime) -> list[Span]:
    """Return the free times of a resource nearest to a wish, within seven days."""
    table = read_timetable(resource, starts - AROUND, ends + AROUND)
    return find_near_times(table, starts, ends, earliest=earliest_start(actor, resource))


def find_next_free(*, actor: Actor, resource: Resource) -> Span | None:
    """Return the next free time of a resource, an hour long or its shortest, within seven days."""
    earliest = max(earliest_start(actor, resource), timezone.now())
    table = read_timetable(resource, earliest, earliest + AROUND)
    return find_next_time(table, earliest, timedelta(minutes=max(resource.slot_minutes, 60)))


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
    """Confirm, decline, cancel, call off, check in, leave, release or finish a booking; accept or turn down an offer.

    What becomes free is offered to the next in line. Raises Refused: what its transitions refuse (``workflow.py``) and,
    where an offer is accepted, what ``check_who`` does; gone.
    """
    lock_resources(booking.resource_id)
    lock_allowances(booking.resource.venue_id)
    row = transition(booking, verb, actor=actor, reason=reason.strip())
    if verb in ACCEPTING:
        check_who(actor, row.resource)
    changed = AFTERWARDS[verb](row) if verb in AFTERWARDS else []
    if changed:
        row.save(update_fields=changed)
    if verb in UNUSED:
        give_back_minutes(row)
    follow_offer(row, verb, actor)
    settle_booking(row, verb)
    if verb == "accept_asking":
        tell_front_desk(row)
    if verb in VACATING:
        offer_free_time(row.resource_id)
    return row


def lapse_old_offers(resource: int) -> int:
    """Let offers of a resource, whose lock is held, lapse whose term is over; how many. The next in line is offered."""
    found = OVER.models(resource=resource, now=timezone.now())
    for row in found:
        move_booking(booking=row, verb="lapse", actor=SYSTEM)
    return len(found)


def list_old_offers(resource: int, now: datetime) -> QuerySet[Booking]:
    """Write the query of the offers of a resource whose term is over."""
    rows = unscoped(Booking, because="whose offer is over").filter(resource=resource, stage=BookingStage.OFFERED)
    return rows.filter(place_in_line__offer_until__lte=now).order_by("pk")


OVER = KeptQuery(list_old_offers)


@transaction.atomic
def read_offer(booking: Booking) -> Booking:
    """Return a booking as it is now: an offer whose term is over lapses as it is read."""
    if booking.stage != BookingStage.OFFERED:
        return booking
    lock_resources(booking.resource_id)
    if lapse_old_offers(booking.resource_id):
        booking.refresh_from_db(fields=["stage"])
    return booking


def call_off_upcoming(*, actor: Actor, resources: list[int], reason: str) -> int:
    """Call off what is asked for or booked to come of resources whose locks are held; how many. People are noticed."""
    rows = unscoped(Booking, because="what the operator's act ends").filter(resource__in=resources)
    pending = list(rows.filter(stage__in=PENDING, ends__gt=timezone.now()).order_by("pk"))
    for row in pending:
        call_off(row, actor, reason)
    return len(pending)


def call_off(row: Booking, actor: Actor, reason: str) -> None:
    """Call one booking off; who had it as an offer waits in line again. Nothing is offered: that is the caller's."""
    lock_allowances(row.resource.venue_id)
    transition(row, "call_off", actor=actor, reason=reason)
    give_back_minutes(row)
    follow_offer(row, "call_off", actor)


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
