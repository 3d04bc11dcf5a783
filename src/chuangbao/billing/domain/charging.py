"""What is to be charged for a month (出账预览): contract lines by their days, bookings used, and material taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from chuangbao.billing.domain.proration import Terms, last_of_month, next_month, prorate
from chuangbao.billing.enums import ChargeKind, StatementStage
from chuangbao.billing.models import Charge, ContractLine
from chuangbao.booking.enums import BookingStage, StockAct
from chuangbao.booking.models import Booking, StockEntry
from chuangbao.booking.models.venues import ZONE
from chuangbao.booking.price_words import quote_words, read_quote
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.localization.formatting import money, number
from chuangbao.tenants.models import Tenancy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.billing.domain.proration import Part
    from chuangbao.spaces.models import Space

__all__ = ["Draft", "DraftCharge", "count_foreign_bookings", "draft_month", "list_credits"]

WHY = "of a space that the caller bills"
LONGEST_NAME = 200
USED = (BookingStage.DONE, BookingStage.LEFT)
"""Bookings that are charged: used to the end, or left early."""


@dataclass(frozen=True, slots=True)
class DraftCharge:
    """One thing that would be charged: its parts show the arithmetic; a booking or material has none."""

    kind: str
    name: str
    gross: Decimal
    waived: Decimal
    run: int
    line: ContractLine | None = None
    booking: Booking | None = None
    take: StockEntry | None = None
    credits: Charge | None = None
    parts: tuple[Part, ...] = ()

    @property
    def amount(self) -> Decimal:
        """What would be to pay."""
        return self.gross - self.waived


@dataclass(slots=True)
class Draft:
    """What would be on the statement of one tenant for a month."""

    tenancy: Tenancy
    month: date
    charges: list[DraftCharge] = field(default_factory=list)
    days_to_pay: int = 10

    @property
    def gross(self) -> Decimal:
        """The full price of all."""
        return sum((one.gross for one in self.charges), Decimal(0))

    @property
    def waived(self) -> Decimal:
        """What is waived of all."""
        return sum((one.waived for one in self.charges), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What would be to pay."""
        return self.gross - self.waived


def draft_month(space: Space, month: date, *, only: Iterable[int] | None = None) -> list[Draft]:
    """Return what is not yet charged of a month, by tenant; ``only`` narrows to tenancies by their ids."""
    drafts: dict[int, Draft] = {}
    for line in list_lines(space, month, only):
        if (made := draft_line(line, month)) is not None:
            tenancy = line.contract.tenancy
            draft = drafts.setdefault(tenancy.pk, Draft(tenancy, month))
            draft.charges.append(made)
            draft.days_to_pay = line.contract.days_to_pay
    tenancies = list_tenancies(space, only)
    for booking in list_bookings(space, month):
        add_used(drafts, month, find_tenancy(booking, booking.starts, tenancies), draft_booking(booking))
    for entry in list_takes(space, month):
        add_used(drafts, month, find_tenancy(entry, entry.at, tenancies), draft_take(entry))
    if drafts:
        for charge in list_credits(space).filter(statement__tenancy__in=drafts):
            add_credit(drafts[charge.statement.tenancy_id], charge)
    return sorted(drafts.values(), key=lambda draft: (draft.tenancy.name, draft.tenancy.pk))


def list_credits(space: Space) -> Any:
    """Return the charges of material that was given back after it was charged, with what is ``left`` to take off.

    A statement that no longer holds has its charges reversed, and one of an earlier operator is settled with that one.
    """
    rows: Any = unscoped(Charge, because=WHY).filter(
        statement__space=space, statement__issuer=space.operator_id, statement__stage=StatementStage.ISSUED
    )
    rows = rows.filter(reverses=None, credits=None, take__reversed_by__isnull=False)
    rows = rows.annotate(left=F("amount") + Coalesce(Sum("credited_by__amount"), Decimal(0)))
    return rows.filter(left__gt=0).select_related("statement", "take__material").order_by("pk")


def add_credit(draft: Draft, charge: Any) -> None:
    """Take what is ``left`` of a charge off a draft, which never falls below nothing; the rest waits for the next."""
    if not (amount := min(charge.left, draft.total)):
        return
    said = {"name": charge.take.material.name, "number": charge.statement.number}
    name = _("Given back: %(name)s, charged on %(number)s") % said
    made = DraftCharge(ChargeKind.MATERIAL, name, -amount, Decimal(0), 0, take=charge.take, credits=charge)
    draft.charges.append(made)


def add_used(drafts: dict[int, Draft], month: date, tenancy: Tenancy | None, charge: DraftCharge) -> None:
    """Add what a tenant used to its draft; nothing where no tenant did."""
    if tenancy is not None:
        drafts.setdefault(tenancy.pk, Draft(tenancy, month)).charges.append(charge)


def list_lines(space: Space, month: date, only: Iterable[int] | None) -> list[Any]:
    """Return the lines of contracts in force in a month that no statement has, with their prices."""
    in_force = Q(contract__first__lte=last_of_month(month)) & (
        Q(contract__last__isnull=True) | Q(contract__last__gte=month)
    )
    rows: Any = unscoped(ContractLine, because=WHY).filter(in_force, contract__tenancy__space=space)
    if only is not None:
        rows = rows.filter(contract__tenancy__in=list(only))
    charged = Q(charges__month=month)
    rows = rows.annotate(
        runs=Count("charges", filter=charged & Q(charges__reverses=None)),
        reversals=Count("charges", filter=charged & Q(charges__reverses__isnull=False)),
    )
    rows = rows.select_related("contract__tenancy__organization", "contract__tenancy__team")
    lines = rows.prefetch_related("prices").order_by("pk")
    return [line for line in lines if line.runs == line.reversals]


def draft_line(line: Any, month: date) -> DraftCharge | None:
    """Return what a line with its ``runs`` costs in a month; None where it costs nothing then."""
    contract = line.contract
    ends = [day for day in (contract.last, contract.tenancy.ended_on) if day is not None]
    first, last = max(contract.first, month), min([last_of_month(month), *ends])
    terms = [Terms(row.first, row.last, row.price, row.waived, row) for row in line.prices.all()]
    parts = tuple(prorate(terms, unit=line.unit, quantity=line.quantity, first=first, last=last))
    gross = sum((part.gross for part in parts), Decimal(0))
    waived = sum((part.waived for part in parts), Decimal(0))
    if not gross:
        return None
    return DraftCharge(line.kind, line.name, gross, waived, line.runs, line=line, parts=parts)


def span_of(month: date) -> tuple[datetime, datetime]:
    """Return the moments between which a month is, by the clock of the province."""
    zone = ZoneInfo(ZONE)
    return datetime.combine(month, time(), zone), datetime.combine(next_month(month), time(), zone)


def list_bookings(space: Space, month: date) -> list[Any]:
    """Return the bookings of a space's venues that were used in a month, have a price, and are on no statement."""
    begins, ends = span_of(month)
    rows: Any = unscoped(Booking, because=WHY).filter(
        resource__venue__site__space=space, stage__in=USED, price__gt=0, starts__gte=begins, starts__lt=ends
    )
    rows = rows.annotate(
        runs=Count("charges", filter=Q(charges__reverses=None)),
        reversals=Count("charges", filter=Q(charges__reverses__isnull=False)),
    )
    rows = rows.select_related("resource__venue", "quote").prefetch_related("quote__parts").order_by("starts", "pk")
    return [row for row in rows if row.runs == row.reversals]


def list_takes(space: Space, month: date) -> list[Any]:
    """Return what was taken of a space's materials in a month, was not given back, and is on no statement."""
    begins, ends = span_of(month)
    rows: Any = unscoped(StockEntry, because=WHY).filter(
        material__venue__site__space=space, act=StockAct.TAKE, amount__gt=0, reversed_by=None
    )
    rows = rows.filter(at__gte=begins, at__lt=ends).annotate(
        runs=Count("charges", filter=Q(charges__reverses=None, charges__credits=None)),
        reversals=Count("charges", filter=Q(charges__reverses__isnull=False, charges__credits=None)),
    )
    return [row for row in rows.select_related("material").order_by("at", "pk") if row.runs == row.reversals]


def draft_take(entry: Any) -> DraftCharge:
    """Return what material with its ``runs`` costs: the price at which it was taken."""
    said = {"name": entry.material.name, "quantity": number(entry.quantity), "unit": entry.material.unit}
    said |= {"day": f"{entry.at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d}", "price": money(entry.price)}
    name = _("%(name)s, %(day)s: %(quantity)s %(unit)s × %(price)s") % said
    return DraftCharge(ChargeKind.MATERIAL, name, entry.amount, Decimal(0), entry.runs, take=entry)


def list_tenancies(space: Space, only: Iterable[int] | None) -> list[Tenancy]:
    """Return the tenancies of a space that began, the latest first."""
    rows = unscoped(Tenancy, because=WHY).filter(space=space, starts_on__isnull=False)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    return list(rows.select_related("organization", "team").order_by("-starts_on", "-pk"))


def find_tenancy(used: Any, moment: datetime, tenancies: Iterable[Tenancy]) -> Tenancy | None:
    """Return the tenancy that a booking or take is charged to: that of its firm, or of the team its person leads."""
    day = moment.astimezone(ZoneInfo(ZONE)).date()
    for row in tenancies:
        leads = row.team is not None and used.for_organization_id is None and row.team.leader_id == used.person_id
        is_firm = row.organization_id is not None and row.organization_id == used.for_organization_id
        is_there = row.starts_on is not None and row.starts_on <= day <= (row.ended_on or day)
        if (is_firm or (leads and used.person_id is not None)) and is_there:
            return row
    return None


def draft_booking(booking: Any) -> DraftCharge:
    """Return what a booking with its ``runs`` costs: the price that it was made at, with why it is so much."""
    zone = ZoneInfo(ZONE)
    quote = read_quote(booking)
    begins, ends = booking.starts.astimezone(zone), (quote.ends if quote else booking.ends).astimezone(zone)
    name = f"{booking.resource.name} {begins:%Y-%m-%d %H:%M}–{write_end(begins, ends)}"
    if booking.ends < ends:
        left = _("%(name)s, left at %(at)s")
        name = left % {"name": name, "at": write_end(begins, booking.ends.astimezone(zone))}
    if quote is not None:
        why = _("%(name)s (%(why)s)") % {"name": name, "why": quote_words(quote, zone)}
        name = why if len(why) <= LONGEST_NAME else name
    return DraftCharge(ChargeKind.BOOKING, name, booking.price, Decimal(0), booking.runs, booking=booking)


def write_end(begins: datetime, ends: datetime) -> str:
    """Write when a time ends, with its day where that is not the day on which it begins."""
    return f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends:%Y-%m-%d %H:%M}"


def count_foreign_bookings(space: Space, month: date) -> int:
    """Return how many used bookings of a month have a price and belong to no tenant: no statement can ask for them."""
    tenancies = list_tenancies(space, None)
    used = [(row, row.starts) for row in list_bookings(space, month)]
    used += [(row, row.at) for row in list_takes(space, month)]
    return sum(find_tenancy(row, at, tenancies) is None for row, at in used)
