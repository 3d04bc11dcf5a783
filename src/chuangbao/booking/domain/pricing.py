"""What a booking costs and why (计价): the price of its holder's group by the hour, less what is free each month.

Free minutes are used first and shared out whole; amounts are rounded on the way so that the parts make the whole to
the cent. What was worked out stays with the booking, and the month is charged by it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from chuangbao.booking.domain.locks import lock_allowances
from chuangbao.booking.domain.schedules import day_kind
from chuangbao.booking.enums import HolderGroup, RateDays
from chuangbao.booking.models import AccessPass, Allowance, AllowanceUse, DayKind, Quote, QuotePart, Rate
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.kept_queries import KeptQuery, ask_together, is_one_of
from chuangbao.core.localization.money import yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from chuangbao.booking.models import Booking, Resource
    from chuangbao.core.kept_queries import Question

__all__ = [
    "Holder",
    "PartPrice",
    "PriceBook",
    "PriceQuote",
    "ask_for_rates",
    "give_back_minutes",
    "keep_quotes",
    "list_rates_of",
    "read_books",
    "replace_quote",
]

HOUR, DAY = 60, 1440
WHY = "what a booking of the actor costs"
REST_DAYS = {DayKind.SATURDAY, DayKind.SUNDAY, DayKind.HOLIDAY}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a booking: an organisation, else a person."""

    person: int | None
    organization: int | None

    @property
    def whom(self) -> dict[str, int | None]:
        """The columns that name the holder alone."""
        return {
            "for_organization_id": self.organization,
            "person_id": None if self.organization else self.person,
        }


@dataclass(frozen=True, slots=True)
class PartPrice:
    """Some minutes at one price by the hour, ``free`` of them for nothing; yuan."""

    starts: datetime
    minutes: int
    price: Decimal
    rate: int | None
    free: int = 0
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class PriceQuote:
    """What a booking costs, and how that was worked out; ``left`` of ``granted`` minutes were left before it."""

    holder: Holder
    group: str
    month: date
    parts: tuple[PartPrice, ...]
    allowance: int | None = None
    granted: int = 0
    left: int = 0

    @property
    def price(self) -> Decimal:
        """What is to pay, in yuan."""
        return sum((part.amount for part in self.parts), Decimal(0))

    @property
    def ends(self) -> datetime:
        """When what was booked ends, also where its holder left early."""
        return max(part.starts + timedelta(minutes=part.minutes) for part in self.parts)

    @property
    def free_minutes(self) -> int:
        """How many minutes are taken from what is free each month."""
        return sum(part.free for part in self.parts)


def list_rates_of(resource: int, kind: str, venue: int) -> QuerySet[Rate]:
    """Write the query of all prices by the hour that are or were asked for a resource."""
    target = Q(resource=resource) | (Q(resource=None) & (Q(kind="") | Q(kind=kind)))
    return Rate.objects.filter(target, venue=venue).order_by("pk")


RATES = KeptQuery(list_rates_of)


def ask_for_rates(resource: Resource) -> Question:
    """Return what is asked for the prices by the hour of a resource."""
    return RATES.want_models(resource=resource.pk, kind=resource.kind, venue=resource.venue_id)


@dataclass
class PriceBook:
    """The prices of one resource for one holder; what is quoted counts as used for what is quoted next."""

    resource: Resource
    holder: Holder
    rates: list[Rate]
    passes: list[tuple[int, bool, date, date | None]] = field(default_factory=list)
    allowances: list[Allowance] = field(default_factory=list)
    used: dict[tuple[int, date], int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def read(cls, resource: Resource, holder: Holder) -> PriceBook:
        """Read the prices of a resource with its venue: one query where nothing is charged, else four."""
        return cls.draw(resource, holder, *ask_together(ask_for_rates(resource)))

    @classmethod
    def draw(cls, resource: Resource, holder: Holder, rates: list[Rate]) -> PriceBook:
        """The same with the answer to ``ask_for_rates``: no query where nothing is charged, else three."""
        book = cls(resource, holder, rates)
        fill_books([book], holder)
        return book

    def find_group(self, day: date) -> str:
        """Return which group the holder is in on a day."""
        venue = self.resource.venue
        if self.holder.organization is not None and self.holder.organization == venue.organization_id:
            return HolderGroup.OWN
        held = [row for row in self.passes if row[2] <= day and (row[3] is None or day <= row[3])]
        here = [row for row in held if row[0] == venue.pk]
        if here:
            return HolderGroup.TENANT if here[0][1] else HolderGroup.TEAM
        return HolderGroup.NEIGHBOUR if held else HolderGroup.VISITOR

    def quote(self, starts: datetime, ends: datetime) -> PriceQuote | None:
        """Return what a time costs; None where nothing is charged for it."""
        first = starts.astimezone(self.resource.venue.clock)
        group = self.find_group(first.date())
        parts = self.split(starts, ends, group)
        if all(part is None for part in parts):
            return None
        month = first.date().replace(day=1)
        allowance = self.find_allowance(group, month)
        granted = allowance.minutes if allowance else 0
        left = granted - self.used[allowance.pk, month] if allowance else 0
        priced = tuple(share_out([part for part in parts if part is not None], left))
        free = sum(part.free for part in priced)
        if allowance is not None:
            self.used[allowance.pk, month] += free
        pk = allowance.pk if allowance else None
        return PriceQuote(self.holder, group, month, priced, pk, granted, left)

    def find_allowance(self, group: str, month: date) -> Allowance | None:
        """Return what is free for a group in a month: that of the kind before that of all kinds."""
        for row in self.allowances:
            if row.group == group and row.first <= month and (row.last is None or month <= row.last):
                return row
        return None

    def split(self, starts: datetime, ends: datetime, group: str) -> list[PartPrice | None]:
        """Split a time where its price by the hour changes; None for what has none."""
        zone = self.resource.venue.clock
        at, last = starts.astimezone(zone), ends.astimezone(zone)
        found: list[PartPrice | None] = []
        while at < last:
            midnight = datetime.combine(at.date(), time(), zone)
            minute = (at.hour * HOUR) + at.minute
            rates = [row for row in self.rates if is_in_force(row, at.date(), group)]
            cuts = [edge for row in rates for edge in (row.opens, row.closes) if edge > minute]
            until = min(last, midnight + timedelta(minutes=min([*cuts, DAY])))
            best = find_rate(rates, minute)
            price = best.price_per_hour if best else self.resource.price_per_hour
            minutes = int((until.astimezone(UTC) - at.astimezone(UTC)).total_seconds()) // HOUR
            if price is None:
                found.append(None)
            elif minutes:
                join_part(found, PartPrice(at, minutes, price, best.pk if best else None))
            at = until
        return found


def read_books(resources: Iterable[Resource], holder: Holder) -> dict[int, PriceBook]:
    """Read the prices of some resources with their venues, by their ids: one query, or four where any charges."""
    rows = list(resources)
    by_venue = defaultdict(list)
    for rate in RATES_OF_VENUES.models(venues=sorted({row.venue_id for row in rows})) if rows else ():
        by_venue[rate.venue_id].append(rate)
    books = {}
    for row in rows:
        own = [rate for rate in by_venue[row.venue_id] if rate.resource_id in {None, row.pk}]
        own = [rate for rate in own if rate.resource_id or rate.kind in {"", row.kind}]
        books[row.pk] = PriceBook(row, holder, own)
    fill_books(list(books.values()), holder)
    return books


def list_rates_of_venues(venues: list[int]) -> QuerySet[Rate]:
    """Write the query of all prices by the hour of some venues."""
    return Rate.objects.filter(is_one_of("venue", venues)).order_by("pk")


RATES_OF_VENUES = KeptQuery(list_rates_of_venues)


def fill_books(books: list[PriceBook], holder: Holder) -> None:
    """Read the holder's passes and free minutes for those that charge: no query where none does, else three at most."""
    charging = [book for book in books if book.rates or book.resource.price_per_hour is not None]
    if not charging or holder == Holder(None, None):
        return
    passes = read_passes({book.resource.venue.organization_id for book in charging}, holder)
    venues = {book.resource.venue_id for book in charging}
    allowances = list(Allowance.objects.filter(venue__in=venues).order_by("-kind", "pk"))
    for book in charging:
        book.passes = passes[book.resource.venue.organization_id]
        fitting = [row for row in allowances if row.venue_id == book.resource.venue_id]
        book.allowances = [row for row in fitting if row.kind in {"", book.resource.kind}]
    needed = {row.pk for book in charging for row in book.allowances}
    if needed:
        uses = unscoped(AllowanceUse, because=WHY).filter(allowance__in=needed, **holder.whom)
        for allowance, month, used in uses.values_list("allowance", "month", "used"):
            for book in charging:
                book.used[allowance, month] = used


def read_passes(organizations: set[int], holder: Holder) -> dict[int, list[tuple[int, bool, date, date | None]]]:
    """Read where the holder is a tenant or a team, by the organisation that runs the venues."""
    found: dict[int, list[tuple[int, bool, date, date | None]]] = defaultdict(list)
    own = unscoped(AccessPass, because=WHY).filter(**holder.whom, venue__organization__in=organizations, resource=None)
    for operator, venue, begins, ends in own.order_by("pk").values_list(
        "venue__organization", "venue", "begins_on", "ends_on"
    ):
        found[operator].append((venue, holder.organization is not None, begins, ends))
    return found


def is_in_force(row: Rate, day: date, group: str) -> bool:
    """Whether a rate is for a group on a day."""
    if row.first > day or (row.last is not None and row.last < day) or row.group not in {"", group}:
        return False
    rests = day_kind(day) in REST_DAYS
    return row.days == RateDays.EVERY or rests == (row.days == RateDays.REST)


def find_rate(rates: Iterable[Rate], minute: int) -> Rate | None:
    """Return the rate at a minute of a day that is said most closely: group, what, days, then times of the day."""
    fitting = [row for row in rates if row.opens <= minute < row.closes]

    def closeness(row: Rate) -> tuple[bool, bool, bool, bool, int]:
        is_for_days = row.days != RateDays.EVERY
        return (bool(row.group), row.resource_id is not None, bool(row.kind), is_for_days, row.opens - row.closes)

    return max(fitting, key=lambda row: (closeness(row), -row.pk), default=None)


def join_part(found: list[PartPrice | None], part: PartPrice) -> None:
    """Add a part, or make the last one longer where it goes by the same rate."""
    before = found[-1] if found else None
    if before is not None and (before.rate, before.price) == (part.rate, part.price):
        found[-1] = PartPrice(before.starts, before.minutes + part.minutes, part.price, part.rate)
    else:
        found.append(part)


def share_out(parts: Iterable[PartPrice], left: int) -> Iterable[PartPrice]:
    """Use free minutes first, and round each part so that their sum is the exact whole, rounded once."""
    exact, given = Decimal(0), Decimal(0)
    for part in parts:
        free = min(left, part.minutes) if part.price else 0
        left -= free
        exact += part.price * (part.minutes - free)
        amount = yuan(exact / HOUR) - given
        given += amount
        yield PartPrice(part.starts, part.minutes, part.price, part.rate, free, amount)


def keep_quotes(quotes: Mapping[int, PriceQuote | None]) -> None:
    """Keep how bookings, by their ids, were priced, and count what is used of what is free each month.

    The caller has locked the allowances of the venue (``lock_allowances``).
    """
    uses = draw_minutes(quote for quote in quotes.values() if quote is not None)
    rows, parts = [], []
    for booking, quote in quotes.items():
        if quote is None:
            continue
        use = uses.get((quote.allowance, quote.month)) if quote.free_minutes else None
        given: dict[str, Any] = {"granted": quote.granted, "left": quote.left, "free_minutes": quote.free_minutes}
        row = Quote(booking_id=booking, group=quote.group, use_id=use, **given)
        rows.append(row)
        for one in quote.parts:
            said: dict[str, Any] = {"minutes": one.minutes, "free": one.free, "amount": one.amount}
            parts.append(QuotePart(quote=row, rate_id=one.rate, starts=one.starts, price_per_hour=one.price, **said))
    if rows:
        Quote.objects.bulk_create(rows)
        QuotePart.objects.bulk_create(parts)


def draw_minutes(quotes: Iterable[PriceQuote]) -> dict[tuple[int | None, date], int]:
    """Count free minutes as used; the counters by allowance and month."""
    found: dict[tuple[int | None, date], int] = {}
    for quote in quotes:
        if not quote.free_minutes:
            continue
        which: dict[str, Any] = {"allowance_id": quote.allowance, "month": quote.month}
        row, _new = unscoped(AllowanceUse, because=WHY).get_or_create(
            **quote.holder.whom,
            **which,
            defaults={"granted": quote.granted},
        )
        unscoped(AllowanceUse, because=WHY).filter(pk=row.pk).update(used=F("used") + quote.free_minutes)
        found[quote.allowance, quote.month] = row.pk
    return found


def give_back_minutes(booking: Booking) -> int:
    """Give back what a booking has used of what is free each month; how many minutes. Once only."""
    quote = unscoped(Quote, because=WHY).filter(booking=booking.pk, is_given_back=False, free_minutes__gt=0).first()
    if quote is None or quote.use_id is None:
        return 0
    lock_allowances(booking.resource.venue_id)
    unscoped(AllowanceUse, because=WHY).filter(pk=quote.use_id).update(used=F("used") - quote.free_minutes)
    quote.is_given_back = True
    quote.save(update_fields=["is_given_back"])
    return quote.free_minutes


def replace_quote(booking: Booking, quote: PriceQuote | None) -> None:
    """Keep how a booking is priced now in place of what was kept; its free minutes were given back."""
    unscoped(Quote, because=WHY).filter(booking=booking.pk).delete()
    keep_quotes({booking.pk: quote})
