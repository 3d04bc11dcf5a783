"""Reading the money of a space: what is open, who owes what since when, credit, and income by kind."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from chuangbao.billing.domain.proration import first_of_month, last_of_month
from chuangbao.billing.enums import INCOME_OF, ChargeKind, DepositAct, Income, StatementStage
from chuangbao.billing.models import Charge, Contract, ContractLine, DepositEntry, Payment, PaymentShare, Statement
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.localization.money import MoneyField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space
    from chuangbao.tenants.models import Tenancy

__all__ = [
    "DEPOSIT_STATES",
    "STATES",
    "count_credit",
    "list_contracts",
    "list_deposits",
    "list_held",
    "list_income",
    "list_open_months",
    "list_statements",
    "list_unbilled",
    "read_deposit",
    "sum_open",
    "with_open",
]

ZERO = Decimal(0)
MOST_OPEN_DAYS = 730
WHY = "of a statement or tenancy that the caller has in sight"
STATES = ("late", "due", "paid", "ended")
"""What the overview can be narrowed to: overdue, to be paid, paid, revoked or replaced."""
STATEMENT_SORTS = {"due": ("due_on", "pk"), "open": ("-open", "due_on", "pk"), "payer": ("payer", "-month", "-pk")}
DEPOSIT_STATES = ("missing", "held", "due_back", "settled")
"""What a list of deposits can be narrowed to: agreed but not all taken, held, held of who has left, all settled."""


def with_open(rows: QuerySet[Statement]) -> QuerySet[Any]:
    """Return statements with ``paid`` and ``open``: yuan paid on each, and what is still to be paid of it."""
    shares = PaymentShare._base_manager.filter(statement=OuterRef("pk")).order_by().values("statement")
    paid = Coalesce(Subquery(shares.annotate(sum=Sum("amount")).values("sum")), ZERO, output_field=MoneyField())
    return rows.annotate(paid=paid).annotate(open=F("total") - F("paid"))


def list_statements(actor: Actor, asked: Mapping[str, Any]) -> QuerySet[Any]:
    """Return the statements in sight by what a filter asks for; unless it says how they are sorted, by their term."""
    rows = with_open(visible(Statement, to=actor)).select_related("space", "tenancy__organization", "tenancy__team")
    if words := asked.get("q"):
        named = Q(payer__icontains=words) | Q(space__name__icontains=words)
        rows = rows.filter(named | Q(number__startswith=words))
    if space := asked.get("space"):
        rows = rows.filter(space=space)
    if month := asked.get("month"):
        rows = rows.filter(month=month)
    if tenancy := asked.get("tenancy"):
        rows = rows.filter(tenancy=tenancy)
    rows = narrow_to_state(rows, asked.get("state", ""))
    usual = ("due_on" if asked.get("state") in {"late", "due"} else "-due_on", "-pk")
    return rows.order_by(*STATEMENT_SORTS.get(asked.get("sort", ""), usual))


CONTRACT_SORTS = {"ends": ("last", "pk"), "tenant": ("tenancy__organization__name", "tenancy__team__name", "pk")}


def list_contracts(actor: Actor, asked: Mapping[str, Any]) -> QuerySet[Contract]:
    """Return the contracts of the actor's spaces by what a filter asks for; those without an end come last by it."""
    rows = visible(Contract, to=actor).filter(tenancy__space__operator=actor.organisation_id)
    if tenancy := asked.get("tenancy"):
        rows = rows.filter(tenancy=tenancy)
    if words := asked.get("q"):
        named = Q(tenancy__organization__name__icontains=words) | Q(tenancy__team__name__icontains=words)
        rows = rows.filter(named | Q(number__icontains=words))
    today = timezone.localdate()
    over, later = Q(last__lt=today) | Q(tenancy__ended_on__lt=today), Q(first__gt=today)
    wanted = {"now": ~(over | later), "later": later, "over": over}
    if asked.get("state") in wanted:
        rows = rows.filter(wanted[asked["state"]])
    rows = rows.select_related("tenancy__space", "tenancy__organization", "tenancy__team")
    return rows.order_by(*CONTRACT_SORTS.get(asked.get("sort", ""), ("-first", "-pk")))


DEPOSIT_SORTS = {"held": ("-held", "pk"), "tenant": CONTRACT_SORTS["tenant"]}


def list_deposits(actor: Actor, asked: Mapping[str, Any]) -> QuerySet[Any]:
    """Return the contracts of the actor's spaces that have or agreed on a deposit, by what a filter asks for.

    Each has ``taken``, ``kept``, ``returned`` and ``held``, in yuan, and ``is_over`` where it or its tenancy ended.
    """
    today = timezone.localdate()
    sums: dict[str, Any] = {
        act: Coalesce(Sum("deposit_entries__amount", filter=Q(deposit_entries__act=act)), ZERO)
        for act in DepositAct.values
    }
    over = Q(last__lt=today) | Q(tenancy__ended_on__lte=today)
    rows: Any = list_contracts(actor, {name: asked.get(name) for name in ("q", "tenancy")}).annotate(**sums)
    held = F("taken") - F("kept") - F("returned")
    rows = rows.annotate(held=held, is_over=Case(When(over, then=True), default=False))
    rows = rows.filter(Q(deposit__gt=0) | Q(taken__gt=0))
    wanted = {
        "missing": ~over & Q(taken__lt=F("deposit")),
        "held": Q(held__gt=0),
        "due_back": over & Q(held__gt=0),
        "settled": over & Q(held=0),
    }
    if asked.get("state") in wanted:
        rows = rows.filter(wanted[asked["state"]])
    found: QuerySet[Any] = rows.order_by(*DEPOSIT_SORTS.get(asked.get("sort", ""), ("-first", "-pk")))
    return found


def narrow_to_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Return the statements of one of ``STATES``; of another word all."""
    issued = Q(stage=StatementStage.ISSUED)
    wanted = {
        "late": issued & Q(open__gt=0, due_on__lt=timezone.localdate()),
        "due": issued & Q(open__gt=0),
        "paid": issued & Q(open__lte=0),
        "ended": ~issued,
    }
    return rows.filter(wanted[state]) if state in wanted else rows


def sum_open(rows: QuerySet[Statement]) -> Decimal:
    """Return what is to be paid on those of some statements that hold."""
    held = with_open(rows).filter(stage=StatementStage.ISSUED, open__gt=0)
    return held.order_by().aggregate(sum=Sum("open"))["sum"] or ZERO


class Unbilled(NamedTuple):
    """A month of a space of which lines are on no statement: it is over, or was the last of tenants who left."""

    space: int
    name: str
    month: date
    tenants: int


def list_unbilled(operator: int, today: date) -> list[Unbilled]:
    """Return what an operator can bill for: last month, and this month of tenants who have left, by space.

    Lines that cost nothing wait for nothing; bookings and material come with them and are not looked at.
    """
    this = first_of_month(today)
    last = first_of_month(this - timedelta(days=1))
    rows: Any = unscoped(ContractLine, because="of the caller's own spaces").filter(
        contract__tenancy__space__operator=operator, prices__price__gt=0
    )
    names = ("contract__tenancy__space", "contract__tenancy__space__name", "contract__tenancy")
    found: dict[tuple[int, str, date], set[int]] = {}
    for month, left in ((last, Q()), (this, Q(contract__tenancy__ended_on__lt=today))):
        for space, name, tenancy in narrow_to_unbilled(rows.filter(left), month).values_list(*names):
            found.setdefault((space, name, month), set()).add(tenancy)
    return [Unbilled(*key, len(tenants)) for key, tenants in sorted(found.items())]


def list_open_months(space: Space, today: date) -> list[date]:
    """Return the months of a space, from that of its first statement to this one, of which lines have no statement.

    Where there is no statement yet it begins with last month; never more than two years are looked at.
    """
    this = first_of_month(today)
    first = unscoped(Statement, because=WHY).filter(space=space).order_by("month").values_list("month", flat=True)[:1]
    month = first_of_month(this - timedelta(days=1))
    begin = max(min([*first, month]), (this - timedelta(days=MOST_OPEN_DAYS)).replace(day=1))
    rows = unscoped(ContractLine, because=WHY).filter(contract__tenancy__space=space, prices__price__gt=0)
    found, month = [], this
    while month >= begin:
        if narrow_to_unbilled(rows, month).exists():
            found.append(month)
        month = first_of_month(month - timedelta(days=1))
    return found[::-1]


def narrow_to_unbilled(rows: QuerySet[Any], month: date) -> QuerySet[Any]:
    """Return the lines in force in a month that no statement of the month has."""
    end = last_of_month(month)
    stays = Q(contract__last__isnull=True) | Q(contract__last__gte=month)
    lives = Q(contract__tenancy__ended_on__isnull=True) | Q(contract__tenancy__ended_on__gte=month)
    priced = Q(prices__first__lte=end) & (Q(prices__last__isnull=True) | Q(prices__last__gte=month))
    charged = Q(charges__month=month)
    rows = rows.filter(stays, lives, priced, contract__first__lte=end).annotate(
        runs=Count("charges", filter=charged & Q(charges__reverses=None), distinct=True),
        reversals=Count("charges", filter=charged & Q(charges__reverses__isnull=False), distinct=True),
    )
    return rows.filter(runs=F("reversals")).order_by()


def count_credit(tenancy: Tenancy, payee: int | None = None) -> Decimal:
    """Return what a tenant has paid that no statement needs (预存余额), to one organisation or to all, in yuan."""
    payments = unscoped(Payment, because=WHY).filter(tenancy=tenancy)
    shares = unscoped(PaymentShare, because=WHY).filter(payment__tenancy=tenancy)
    if payee is not None:
        payments, shares = payments.filter(payee=payee), shares.filter(payment__payee=payee)
    paid = payments.aggregate(sum=Sum("amount"))["sum"] or ZERO
    return paid - (shares.aggregate(sum=Sum("amount"))["sum"] or ZERO)


def read_deposit(contract: Contract) -> dict[str, Decimal]:
    """Return what was taken, kept back and returned of a deposit, and what is ``held`` of it, in yuan."""
    rows = unscoped(DepositEntry, because=WHY).filter(contract=contract).order_by()
    found = dict.fromkeys(DepositAct.values, ZERO) | dict(rows.values_list("act").annotate(Sum("amount")))
    return found | {"held": found["taken"] - found["kept"] - found["returned"]}


def list_held(tenancies: Iterable[Tenancy]) -> list[tuple[Contract, Decimal]]:
    """Return the contracts of some tenancies that a deposit is held for, each with how much, in yuan."""
    rows = unscoped(Contract, because=WHY).filter(tenancy__in=tenancies).order_by("first", "pk")
    found = [(row, read_deposit(row)["held"]) for row in rows]
    return [(row, held) for row, held in found if held > 0]


def list_income(space: Space, year: int) -> list[tuple[date, dict[str, Decimal]]]:
    """Return for each month of a year what its operator charged, in yuan by kind of income (I71–I74), with ``waived``.

    What a deposit was kept back for is other income of its month. Reversals take off the month that they reverse.
    """
    rows = (
        unscoped(Charge, because=WHY)
        .filter(statement__space=space, statement__issuer=space.operator_id, month__year=year)
        .order_by()
    )
    months: dict[date, dict[str, Decimal]] = {}
    for month, kind, amount, waived in rows.values_list("month", "kind").annotate(Sum("amount"), Sum("waived")):
        found = months.setdefault(month, dict.fromkeys([*Income.values, "waived"], ZERO))
        found[INCOME_OF[ChargeKind(kind)]] += amount
        found["waived"] += waived
    kept = unscoped(DepositEntry, because=WHY).filter(act=DepositAct.KEPT, on__year=year, keeper=space.operator_id)
    for on, amount in kept.filter(contract__tenancy__space=space).values_list("on", "amount"):
        found = months.setdefault(on.replace(day=1), dict.fromkeys([*Income.values, "waived"], ZERO))
        found[Income.OTHER] += amount
    return sorted(months.items())
