"""Waiting in line for a time (候补): joining, and offering what becomes free to the next in line, held for a term.

All of it happens behind the locks of the resources, then that of the venue's line, always in this order: of two times
that become free at once each is offered to another person, and nothing of it ends in an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.domain.acting import as_member, as_self, current_memberships
from chuangbao.booking.domain.claims import LONGEST_PURPOSE, claim_time, hold_resource
from chuangbao.booking.domain.locks import lock_allowances, lock_resources
from chuangbao.booking.domain.offer_terms import end_offer
from chuangbao.booking.domain.pricing import Holder, PriceBook, keep_quotes
from chuangbao.booking.domain.rules import check_rules, check_who
from chuangbao.booking.domain.timetables import block_time, read_timetable, read_timetables
from chuangbao.booking.enums import BookingStage
from chuangbao.booking.models import Booking, Resource, Waiting
from chuangbao.booking.permissions import may_book, may_keep_venues
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.core.workflow.waiting import WaitingStage, offer_next, order_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuangbao.booking.domain.schedules import Span
    from chuangbao.booking.domain.timetables import Timetable
    from chuangbao.core.access.actors import Actor

__all__ = [
    "LineWish",
    "advance_place",
    "contend_with",
    "end_line",
    "follow_offer",
    "join_line",
    "leave_line",
    "offer_free_time",
]

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('chuangbao.booking.line', %s))"
MOST_IN_LINE = 200
WHY = "who is next in line"
FOLLOWED = {
    "accept": "accept",
    "accept_asking": "accept",
    "turn_down": "turn_down",
    "lapse": "lapse",
    "call_off": "return",
}
"""What becomes of a place in line with each verb of the booking that was offered to it."""


def lock_line(venue: int) -> None:
    """Hold the line of a venue until the transaction ends; after the locks of resources, never before one."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [venue])


def contend_with(resource: Resource) -> Q:
    """Places in line that this resource can serve: those for it, and those for any of its kind in its venue."""
    any_of_kind = Q(resource=None, venue=resource.venue_id, kind=resource.kind)
    return Q(resource=resource.pk) | any_of_kind


@dataclass(frozen=True, slots=True)
class LineWish:
    """The time that is waited for; ``any_start``: as long at any time of its day.

    ``any_of_kind``: any resource of the same kind in the venue would do that takes as many people.
    """

    starts: datetime
    ends: datetime
    any_start: bool = False
    any_of_kind: bool = False
    people: int = 1
    purpose: str = ""


@transaction.atomic
def join_line(*, actor: Actor, resource: Resource, wish: LineWish) -> Waiting:
    """Wait in line for a time that is taken (候补).

    Raises Forbidden, and Refused as ``check_who`` and ``check_rules`` do, further not_open (starts), free (starts)
    where it can be booked at once, waiting_already, gone.
    """
    permit(may_book, actor=actor)
    starts, ends = wish.starts, wish.ends
    candidates = list_alike(resource, wish.people) if wish.any_of_kind else [resource.pk]
    lock_resources(*candidates, resource.pk)
    row = hold_resource(resource.pk)
    check_who(actor, row)
    made = Waiting(
        venue=row.venue,
        kind=row.kind,
        resource=None if wish.any_of_kind else row,
        person_id=actor.person,
        for_organization_id=actor.organisation_id,
        window=draw_window(row, starts, ends, any_start=wish.any_start),
        minutes=max(1, (ends - starts) // timedelta(minutes=1)),
        people=wish.people,
        purpose=wish.purpose.strip()[:LONGEST_PURPOSE],
    )
    if ends <= starts:
        raise Refused("ends_before_start", _("It must end after it begins."), field="ends")
    refuse_free(actor, made, row, candidates)
    lock_line(row.venue_id)
    if not claim_time(made):
        raise Refused("waiting_already", _("You wait for this already. Look at your places in line."))
    record(actor, "booking.join_line", made, data={"venue": row.venue_id, "resource": row.pk})
    return made


def list_alike(resource: Resource, people: int) -> list[int]:
    """List the resources of the same kind in the same venue that take as many people, by their ids."""
    rows = unscoped(Resource, because="what of a venue is alike").filter(venue=resource.venue_id, kind=resource.kind)
    return list(rows.filter(retired_at=None, capacity__gte=people).values_list("pk", flat=True))


def draw_window(row: Resource, starts: datetime, ends: datetime, *, any_start: bool) -> DateTimeTZRange:
    """Return when it may begin and must end: the time itself, or the day on which it begins."""
    if not any_start:
        return DateTimeTZRange(starts, max(starts, ends))
    midnight = datetime.combine(starts.astimezone(row.venue.clock).date(), time(), row.venue.clock)
    return DateTimeTZRange(midnight, max(midnight + timedelta(days=1), midnight + (ends - starts)))


def refuse_free(actor: Actor, place: Waiting, row: Resource, candidates: list[int]) -> None:
    """Let through what can be waited for: the rules allow it, the venue is open then, and it is taken.

    Raises Refused: free, not_open (starts), and what ``check_rules`` refuses.
    """
    rows = unscoped(Resource, because=WHY).filter(pk__in=candidates).select_related("venue", "training")
    tables = read_timetables(rows, place.window.lower, place.window.upper)
    refusal: Refused | None = None
    is_open = False
    for table in tables.values():
        for starts, ends in list_starts(place, table.resource):
            try:
                check_rules(actor, table.resource, starts, ends, place.people)
            except Refused as found:
                refusal = refusal or found
                continue
            is_open = is_open or table.is_open(starts, ends)
            if table.is_free(starts, ends):
                words = _("This is free: %(name)s. Book it now.") % {"name": table.resource.name}
                raise Refused("free", words, field="starts")
    if not is_open:
        words = _("The venue is not open all that time.")
        raise refusal or Refused("not_open", words, field="starts")
    check_people(row, place)


def check_people(row: Resource, place: Waiting) -> None:
    """Keep who waits for any of a kind from what the chosen one itself would refuse. Raises Refused as it does."""
    if not place.resource_id and place.people > row.capacity:
        words = _("This room takes %(n)d people. Choose a larger one.") % {"n": row.capacity}
        raise Refused("too_many_people", words, field="people")


def list_starts(place: Waiting, row: Resource) -> Iterator[Span]:
    """List the times that would do, the earliest first, on the steps of the resource."""
    if place.is_exact:
        yield place.window.lower, place.window.upper
        return
    step = timedelta(minutes=row.slot_minutes)
    starts = place.window.lower.astimezone(row.venue.clock)
    while starts + place.length <= place.window.upper:
        yield starts, starts + place.length
        starts = (starts.astimezone(UTC) + step).astimezone(row.venue.clock)


def offer_free_time(resource: int) -> list[Waiting]:
    """Offer what is free of a resource, whose lock is held, to those who wait; the places that have an offer now."""
    row = unscoped(Resource, because=WHY).select_related("venue", "training").filter(pk=resource).first()
    if row is None or row.retired_at is not None or not row.venue.is_open:
        return []
    line = order_line(unscoped(Waiting, because=WHY).filter(contend_with(row), window__endswith__gt=timezone.now()))
    if not line.exists():
        return []
    lock_allowances(row.venue_id)
    lock_line(row.venue_id)
    places = list(line.select_related("person", "venue")[:MOST_IN_LINE])
    if not places:
        return []
    low, high = min(one.window.lower for one in places), max(one.window.upper for one in places)
    table = read_timetable(row, low, high)
    return offer_next(places, lambda place: hold_for(place, row, table), most=MOST_IN_LINE)


def hold_for(place: Waiting, row: Resource, table: Timetable) -> datetime | None:
    """Hold the first time that is free for a place in line; until when, or None where it cannot have one."""
    actor = find_actor(place)
    found = actor and find_start(actor, place, row, table)
    if not found:
        return None
    (starts, ends), number = found
    now = timezone.now()
    last = starts - timedelta(minutes=row.notice_minutes)
    until = end_offer(now, row.venue.offer_minutes, row.venue.clock, last)
    if until <= now:
        return None
    quote = PriceBook.read(row, Holder(place.person_id, place.for_organization_id)).quote(starts, ends)
    made = Booking(
        resource=row,
        place=number,
        person_id=place.person_id,
        for_organization_id=place.for_organization_id,
        starts=starts,
        ends=ends,
        blocked=block_time(row, starts, ends),
        stage=BookingStage.OFFERED,
        purpose=place.purpose,
        people=place.people,
        price=quote.price if quote else None,
    )
    if not claim_time(made):
        return None
    keep_quotes({made.pk: quote})
    record(SYSTEM, "booking.hold_for", made, after=made.stage, data={"resource": row.pk})
    table.hold(number, starts, ends)
    place.booking = made
    place.save(update_fields=["booking"])
    return until


def find_start(actor: Actor, place: Waiting, row: Resource, table: Timetable) -> tuple[Span, int] | None:
    """Return the first time that is open, free and by the rules the actor's, and which place of the resource."""
    try:
        check_who(actor, row)
    except Refused:
        return None
    for starts, ends in list_starts(place, row):
        number = table.find_place(starts, ends) if table.is_open(starts, ends) else None
        if number is None:
            continue
        try:
            check_rules(actor, row, starts, ends, place.people)
        except Refused:
            continue
        return (starts, ends), number
    return None


def find_actor(place: Waiting) -> Actor | None:
    """Return the capacity in which a person waits; None where they no longer have it."""
    if not place.person.is_active:
        return None
    if place.for_organization_id is None:
        return as_self(place.person)
    found = current_memberships(place.person).filter(organisation=place.for_organization_id).first()
    return as_member(found) if found else None


def follow_offer(booking: Booking, verb: str, actor: Actor) -> None:
    """Let the place in line go the way of the booking that was offered to it."""
    if verb not in FOLLOWED:
        return
    rows = unscoped(Waiting, because="whose offer it was").filter(booking=booking, stage=WaitingStage.OFFERED)
    if (place := rows.first()) is None:
        return
    lock_line(place.venue_id)
    moved = transition(place, FOLLOWED[verb], actor=actor if FOLLOWED[verb] in {"accept", "turn_down"} else SYSTEM)
    if verb == "call_off":
        moved.booking = None
        moved.save(update_fields=["booking"])


@transaction.atomic
def leave_line(*, actor: Actor, place: Waiting) -> Waiting:
    """Leave the line (退出候补). Raises Refused: not_permitted, not_in_waiting, gone."""
    return transition(place, "leave", actor=actor)


@transaction.atomic
def advance_place(*, actor: Actor, place: Waiting, reason: str) -> Waiting:
    """Put a place ahead of all others in the venue's line, for a reason that stays on the record.

    Raises Forbidden; Refused: reason_needed (reason), not_in_waiting, gone.
    """
    permit(may_keep_venues, actor=actor, row=place)
    if not reason.strip():
        raise Refused("reason_needed", _("Please fill this in."), field="reason")
    lock_line(place.venue_id)
    row = lock_row(place)
    if row.stage != WaitingStage.WAITING:
        raise Refused("not_in_waiting", _("Somebody has moved this on meanwhile. Reload the page."))
    rows = order_line(unscoped(Waiting, because="who is first").filter(venue=row.venue_id, kind=row.kind))
    first = rows.first()
    row.priority = (first.priority if first else 0) + 1
    row.save(update_fields=["priority"])
    data = {"venue": row.venue_id, "priority": row.priority}
    record(actor, "booking.advance_place", row, reason=reason.strip(), data=data)
    return row


def end_line(rows: Iterable[Waiting]) -> int:
    """Let places in line end, since what they wait for is over or no longer there; how many. People are notified."""
    done = 0
    for row in rows:
        transition(row, "lapse", actor=SYSTEM)
        done += 1
    return done


def list_ended(**of: Any) -> list[Waiting]:
    """List who waits for something that ends now."""
    rows = order_line(unscoped(Waiting, because="what they wait for ends").filter(**of))
    return list(rows)
