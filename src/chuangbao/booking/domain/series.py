"""Series (系列预约): preview, book the free ones, and change this one, those after it or all; moved ones are kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.domain.bookings import lapse_old_offers, move_booking, refuse_taken
from chuangbao.booking.domain.claims import LONGEST_PURPOSE, hold_resource, insert_bookings
from chuangbao.booking.domain.grounds import read_grounds
from chuangbao.booking.domain.locks import lock_allowances, lock_resources
from chuangbao.booking.domain.pricing import Holder, PriceBook, give_back_minutes, keep_quotes, replace_quote
from chuangbao.booking.domain.rules import Usage, check_quota, check_rules, check_time, check_who, read_usage
from chuangbao.booking.domain.timetables import AROUND, Timetable, block_time, read_timetable
from chuangbao.booking.domain.waiting import offer_free_time
from chuangbao.booking.enums import MOVABLE, BookingStage, Repeat, Scope
from chuangbao.booking.events import tell_front_desk
from chuangbao.booking.models import Booking, Resource, Series
from chuangbao.booking.permissions import may_book, may_serve, may_tend
from chuangbao.booking.workflow import in_time_to_cancel
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import money
from chuangbao.core.localization.working_days import is_working_day
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from chuangbao.booking.domain.pricing import PriceQuote
    from chuangbao.booking.domain.schedules import Span
    from chuangbao.core.access.actors import Actor

__all__ = [
    "Occurrence",
    "Rescheduled",
    "Wish",
    "book_series",
    "book_series_agreed",
    "expand",
    "list_targets",
    "move_bookings",
    "preview_series",
    "reschedule",
]

MOST = 370
RULES = {
    Repeat.WEEKLY: (WEEKLY, 1),
    Repeat.FORTNIGHTLY: (WEEKLY, 2),
    Repeat.MONTHLY: (MONTHLY, 1),
    Repeat.WORKDAYS: (DAILY, 1),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A series that is asked for: its first time, how it is repeated, and the last day on which one may begin."""

    starts: datetime
    ends: datetime
    repeat: str
    until: date
    people: int = 1
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time of a series: ``place`` is free for it, or ``problem`` says in words why it is not booked.

    ``quote`` says what it costs, after those before it.
    """

    starts: datetime
    ends: datetime
    place: int | None
    problem: str = ""
    quote: PriceQuote | None = None


@dataclass(slots=True)
class Rescheduled:
    """What a change of time came to: bookings that moved, and those that stay because their new time is not free."""

    moved: list[Booking] = field(default_factory=list)
    kept: list[Booking] = field(default_factory=list)


def expand(resource: Resource, wish: Wish) -> list[Span]:
    """List the times of a series by the clock of the venue, the first one included.

    Raises Refused: no_repeat (repeat), until_before_start (until), too_many (until).
    """
    if wish.repeat not in Repeat.values:
        raise Refused("no_repeat", _("Choose how it is repeated."), field="repeat")
    zone = resource.venue.clock
    first, length = wish.starts.astimezone(zone).replace(tzinfo=None), wish.ends - wish.starts
    if wish.until < first.date():
        raise Refused("until_before_start", _("The last day must not be before the first."), field="until")
    frequency, interval = RULES[Repeat(wish.repeat)]
    last = datetime.combine(wish.until, time.max)
    days = list(rrule(frequency, interval=interval, dtstart=first, until=last, count=None)[: MOST * 2])
    if wish.repeat == Repeat.WORKDAYS:
        days = [day for day in days if is_working_day(day.date())]
    if len(days) > MOST:
        raise Refused("too_many", _("A series has at most 370 bookings. Choose an earlier last day."), field="until")
    return [(day.replace(tzinfo=zone), day.replace(tzinfo=zone) + length) for day in days]


def judge_times(actor: Actor, row: Resource, spans: list[Span], people: int) -> list[Occurrence]:
    """Say of each time whether it can be booked; those that can are counted as taken for the next."""
    if not spans:
        return []
    grounds, found = read_grounds(actor, row, spans[0][0], spans[-1][1]), []
    table, usage, serves = grounds.table, grounds.usage, may_serve.test(actor, row)
    for starts, ends in spans:
        try:
            check_time(row, starts, ends, people, serves=serves)
            if not serves:
                check_quota(usage, row, starts, ends)
        except Refused as refusal:
            found.append(Occurrence(starts, ends, None, str(refusal)))
            continue
        place = table.find_place(starts, ends) if table.is_open(starts, ends) else None
        if place is None:
            open_then = table.is_open(starts, ends)
            words = _("This time is taken.") if open_then else _("The venue is not open all that time.")
            found.append(Occurrence(starts, ends, None, words))
        else:
            table.hold(place, starts, ends)
            usage.hold(starts, ends)
            found.append(Occurrence(starts, ends, place, quote=grounds.prices.quote(starts, ends)))
    return found


def preview_series(*, actor: Actor, resource: Resource, wish: Wish) -> list[Occurrence]:
    """Show what of a series is free and what is not, and why; nothing is booked.

    Raises Forbidden, and Refused as ``expand`` and ``check_who`` do, further ends_before_start (ends).
    """
    permit(may_book, actor=actor)
    check_who(actor, resource)
    if wish.ends <= wish.starts:
        raise Refused("ends_before_start", _("It must end after it begins."), field="ends")
    return judge_times(actor, resource, expand(resource, wish), wish.people)


def book_series(*, actor: Actor, resource: Resource, wish: Wish) -> tuple[Series, list[int]]:
    """Book the free ones of a series, in one statement; the series and the ids of its bookings.

    Raises Forbidden, and Refused as ``preview_series`` does, further taken (starts) where none is free, gone.
    """
    with transaction.atomic():
        made, quotes = write_series(actor, resource, wish)
    return made, [*quotes]


def book_series_agreed(*, agreed: Decimal, actor: Actor, resource: Resource, wish: Wish) -> tuple[Series, list[int]]:
    """Book a series as ``book_series`` does, for the sum in yuan that its person has seen before.

    Raises Refused as it does, and price_changed where it costs something else: nothing is booked then.
    """
    with transaction.atomic():
        made, quotes = write_series(actor, resource, wish)
        total = sum((quote.price for quote in quotes.values() if quote), Decimal(0))
        if total != agreed:
            words = _("The series costs %(sum)s now. Book again if you agree.")
            raise Refused("price_changed", words % {"sum": money(total)})
    return made, [*quotes]


def write_series(actor: Actor, resource: Resource, wish: Wish) -> tuple[Series, dict[int, PriceQuote | None]]:
    """Book a series in the transaction of the caller: what each of its bookings costs, by their ids.

    Raises as ``book_series`` does.
    """
    row = hold_resource(resource.pk)
    lapse_old_offers(row.pk)
    times = preview_series(actor=actor, resource=row, wish=wish)
    free = [one for one in times if one.place is not None]
    if not free:
        raise Refused("taken", _("None of these times can be booked."), field="starts")
    made = Series.objects.create(
        resource=row,
        person_id=actor.person_id,
        for_organization_id=actor.organisation_id,
        repeat=wish.repeat,
        until=wish.until,
    )
    waits = row.needs_approval and not may_serve.test(actor, row)
    stage = BookingStage.REQUESTED if waits else BookingStage.CONFIRMED
    ids = insert_bookings(
        row,
        [(one.place or 1, one.starts, one.ends, one.quote.price if one.quote else None) for one in free],
        person=actor.person_id,
        organization=actor.organisation_id,
        series=made.pk,
        stage=str(stage),
        purpose=wish.purpose.strip()[:LONGEST_PURPOSE],
        people=wish.people,
    )
    quotes = {ids[one.starts]: one.quote for one in free if one.starts in ids}
    keep_quotes(quotes)
    record(actor, "booking.book_series", made, data={"resource": row.pk, "booked": len(quotes), "of": len(times)})
    if waits:
        tell_front_desk(unscoped(Booking, because="just made").get(pk=next(iter(quotes))))
    return made, quotes


def list_targets(booking: Booking, scope: str) -> list[Booking]:
    """List the bookings that a change means, in their order: the one itself, and by the scope others of its series."""
    rows = unscoped(Booking, because="of a series that the actor may change").filter(stage__in=MOVABLE)
    rows = rows.select_related("resource__venue").order_by("starts", "pk")
    if scope == Scope.THIS or booking.series_id is None:
        return list(rows.filter(pk=booking.pk))
    others = rows.filter(series=booking.series_id, is_moved=False)
    if scope == Scope.FOLLOWING:
        others = others.filter(starts__gte=booking.starts)
    else:
        others = others.filter(starts__gt=timezone.now())
    return sorted({*others, *rows.filter(pk=booking.pk)}, key=lambda row: (row.starts, row.pk))


@transaction.atomic
def reschedule(
    *, actor: Actor, booking: Booking, scope: str = Scope.THIS, starts: datetime, ends: datetime
) -> Rescheduled:
    """Move a booking, those after it in its series, or all to come, by the clock of the venue.

    Those whose new time is not free or by the rules stay where they are; what is left is offered to the next in line.
    Raises Refused: not_permitted, not_pending, taken or not_open (starts), ends_before_start (ends), too_late, what
    ``check_who`` refuses, and what ``check_rules`` does where it is about one alone; gone.
    """
    row = hold_resource(booking.resource_id)
    chosen = unscoped(Booking, because="asked next whose it is").select_related("resource__venue").get(pk=booking.pk)
    if not (may_tend | may_serve).test(actor, chosen):
        raise Refused("not_permitted", _("You may not do this."))
    targets = list_targets(chosen, scope)
    if chosen not in targets:
        raise Refused("not_pending", _("This can no longer be moved. Reload the page."))
    if ends <= starts:
        raise Refused("ends_before_start", _("It must end after it begins."), field="ends")
    check_who(actor, row, chosen.person_id)
    if not may_serve.test(actor, row):
        in_time_to_cancel(chosen, actor, {})
    wishes = shift_times(targets, chosen, starts, ends)
    usage = read_usage(chosen.person_id, row, span_all(targets, wishes), without=[one.pk for one in targets])
    if len(targets) == 1:
        check_rules(actor, row, *wishes[chosen.pk], chosen.people, usage=usage)
    places = settle_moves(actor, row, targets, wishes, usage)
    if not places:
        first, last = min(span[0] for span in wishes.values()), max(span[1] for span in wishes.values())
        table = read_timetable(row, first - AROUND, last + AROUND, without=[one.pk for one in targets])
        code, words = "taken", _("This time is taken.")
        if not table.is_open(*wishes[chosen.pk]):
            code, words = "not_open", _("The venue is not open all that time.")
        refuse_taken(code, words, table, wishes[chosen.pk], actor)
    found = Rescheduled(kept=[one for one in targets if one.pk not in places])
    found.moved = write_moves(actor, row, [one for one in targets if one.pk in places], wishes, places)
    if scope == Scope.THIS and chosen.series_id:
        unscoped(Booking, because="just moved").filter(pk=chosen.pk).update(is_moved=True)
    offer_free_time(row.pk)
    return found


@transaction.atomic
def move_bookings(*, booking: Booking, scope: str, verb: str, actor: Actor, reason: str = "") -> int:
    """Cancel, call off, approve or decline a booking, those after it in its series, or all to come; how many.

    Those of the others that this cannot be done to any more stay. Raises Refused: what it refuses for the one itself.
    """
    lock_resources(booking.resource_id)
    lock_allowances(booking.resource.venue_id)
    move_booking(booking=booking, verb=verb, actor=actor, reason=reason)
    done = 1
    for row in list_targets(booking, scope):
        if row.pk != booking.pk:
            with suppress(Refused):
                move_booking(booking=row, verb=verb, actor=actor, reason=reason)
                done += 1
    return done


def shift_times(targets: list[Booking], chosen: Booking, starts: datetime, ends: datetime) -> dict[int, Span]:
    """Work out the new time of each: shifted as the chosen one is, by the clock, and as long as that will be."""
    zone = chosen.resource.venue.clock
    wall = {one.pk: one.starts.astimezone(zone).replace(tzinfo=None) for one in targets}
    delta, length = starts.astimezone(zone).replace(tzinfo=None) - wall[chosen.pk], ends - starts
    new = {pk: (moment + delta).replace(tzinfo=zone) for pk, moment in wall.items()}
    return {pk: (start, start + length) for pk, start in new.items()}


def span_all(targets: list[Booking], wishes: dict[int, Span]) -> Span:
    """Return from when to when bookings and their new times are."""
    spans = [*wishes.values(), *((one.starts, one.ends) for one in targets)]
    return min(span[0] for span in spans), max(span[1] for span in spans)


def settle_moves(
    actor: Actor, row: Resource, targets: list[Booking], wishes: dict[int, Span], others: Usage
) -> dict[int, int]:
    """Find which bookings can move, and to which place; what stays keeps its old time against the others.

    ``others`` is what their person has beside them.
    """
    low, high = span_all(targets, wishes)
    base = read_timetable(row, low, high, without=[one.pk for one in targets])
    stays: set[int] = set()
    while True:
        table = Timetable(row, base.spans, list(base.taken), base.busy)
        usage = Usage(others.zone, list(others.spans))
        for one in targets:
            if one.pk in stays:
                table.taken.append((one.place, one.blocked.lower, one.blocked.upper))
                usage.hold(one.starts, one.ends)
        places: dict[int, int] = {}
        stuck = set()
        for one in targets:
            if one.pk in stays:
                continue
            place = find_move(actor, table, usage, wishes[one.pk], one)
            if place is None:
                stuck.add(one.pk)
            else:
                table.hold(place, *wishes[one.pk])
                usage.hold(*wishes[one.pk])
                places[one.pk] = place
        if not stuck:
            return places
        stays |= stuck


def find_move(actor: Actor, table: Timetable, usage: Usage, wish: Span, booking: Booking) -> int | None:
    """Return the place to which a booking can move; None where it is not free, not open or against the rules."""
    row = table.resource
    try:
        check_rules(actor, row, *wish, booking.people, usage=usage)
        if not may_serve.test(actor, row):
            in_time_to_cancel(booking, actor, {})
    except Refused:
        return None
    return table.find_place(*wish) if table.is_open(*wish) else None


def write_moves(
    actor: Actor, row: Resource, moving: list[Booking], wishes: dict[int, Span], places: dict[int, int]
) -> list[Booking]:
    """Write new times: first all let go of their old ones, so that none is in the way of its neighbour."""
    rows = unscoped(Booking, because="what the actor may move").filter(pk__in=places)
    rows.update(blocked=DateTimeTZRange(empty=True))
    waits = row.needs_approval and not may_serve.test(actor, row)
    for one in moving:
        give_back_minutes(one)
    for one in moving:
        one.starts, one.ends = wishes[one.pk]
        one.place, one.blocked = places[one.pk], block_time(row, one.starts, one.ends)
        quote = PriceBook.read(row, Holder(one.person_id, one.for_organization_id)).quote(one.starts, one.ends)
        one.price = quote.price if quote else None
        one.stage = BookingStage.REQUESTED if waits else one.stage
        one.save(update_fields=["starts", "ends", "place", "blocked", "price", "stage"])
        replace_quote(one, quote)
        record(actor, "booking.reschedule", one)
    if waits and moving:
        tell_front_desk(moving[0])
    return moving
