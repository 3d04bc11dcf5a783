"""Contracts of tenants (入驻合同): lines with dated prices; what was billed is not changed behind its statement."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangbao.billing.domain.prices import refuse_negative
from chuangbao.billing.domain.proration import first_of_month, last_of_month, next_month
from chuangbao.billing.enums import Bearer, ChargeKind, WaiverReason
from chuangbao.billing.models import Charge, Contract, ContractLine, LinePrice
from chuangbao.billing.permissions import may_bill
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.tenants.enums import AgreementStage, TenancyStage
from chuangbao.tenants.models import Agreement

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = [
    "NO_WAIVER",
    "Waiver",
    "add_line",
    "change_price",
    "end_contract",
    "end_line",
    "find_agreement",
    "lock_contract",
    "make_contract",
]

WHY = "of a contract that the caller keeps"
MOST_YUAN = Decimal(10) ** 9
DAY = timedelta(days=1)
NEVER_CAME = (TenancyStage.DECLINED, TenancyStage.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A share of a price that is not asked for (减免): 0 to 1, why, borne by whom, under which measure of the pack."""

    waived: Decimal = Decimal(0)
    reason: str = ""
    bearer: str = ""
    measure: str = ""


NO_WAIVER = Waiver()


@transaction.atomic
def make_contract(
    *,
    tenancy: Tenancy,
    number: str,
    first: date,
    actor: Actor,
    last: date | None = None,
    **agreed: Any,
) -> Contract:
    """Put a contract of a tenant on record; ``agreed`` holds days_to_pay and deposit in yuan.

    Raises Forbidden; Refused: never_came, end_before_start (last), negative (deposit), number_taken (number).
    """
    row = lock_row(tenancy)
    permit(may_bill, actor=actor, row=row)
    if row.stage in NEVER_CAME:
        raise Refused("never_came", _("This applicant was not admitted, so that there is nothing to charge."))
    refuse_backwards(first, last)
    made = Contract(
        tenancy=row,
        number=number.strip(),
        first=first,
        last=last,
        made_by_id=actor.person_id,
        **agreed,
    )
    made.agreement = find_agreement(row)
    refuse_negative(made.deposit, "deposit")
    save_new(made, "number_taken", _("This tenant has a contract of this number."), "number")
    record(actor, "billing.contract", made)
    return made


def find_agreement(tenancy: Tenancy) -> Agreement | None:
    """Return the agreement that both sides have confirmed, from which a contract follows."""
    rows = unscoped(Agreement, because=WHY).filter(tenancy=tenancy, stage=AgreementStage.SIGNED)
    return rows.order_by("-signed_at", "-pk").first()


def save_new(row: Contract | ContractLine, code: str, message: str, field: str) -> None:
    """Write a new row. Raises Refused with what is given, where the database has one like it."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        raise Refused(code, message, field=field) from clash


def refuse_backwards(first: date, last: date | None) -> None:
    """Let a period through that ends after it begins. Raises Refused: end_before_start (last)."""
    if last is not None and last < first:
        raise Refused("end_before_start", _("The last day is before the first."), field="last")


def lock_contract(contract: Contract, actor: Actor) -> Contract:
    """Return a contract, locked behind its tenancy, that the actor may write. Raises Forbidden; Refused: gone."""
    lock_row(contract.tenancy)
    row = lock_row(contract)
    permit(may_bill, actor=actor, row=row)
    return row


@transaction.atomic
def add_line(
    *,
    contract: Contract,
    first: date,
    actor: Actor,
    last: date | None = None,
    waiver: Waiver = NO_WAIVER,
    **said: Any,
) -> ContractLine:
    """Add something that is charged every month; ``said`` holds kind, name, unit, quantity and price in yuan.

    Raises Forbidden; Refused: by_booking (kind), no_quantity (quantity), outside (first or last), what
    ``write_price`` refuses, name_taken (name).
    """
    row = lock_contract(contract, actor)
    price = said.pop("price")
    made = ContractLine(contract=row, **said)
    made.name = made.name.strip()
    if made.kind == ChargeKind.BOOKING:
        raise Refused("by_booking", _("Bookings are charged by themselves."), field="kind")
    if made.quantity <= 0:
        raise Refused("no_quantity", _("Write a quantity above 0."), field="quantity")
    refuse_outside(row, first, last)
    save_new(made, "name_taken", _("The contract has a charge of this name. Change its price instead."), "name")
    write_price(made, price, first, last, waiver)
    record(actor, "billing.line", made, data={"price": str(price), "waived": str(waiver.waived)})
    return made


def refuse_outside(contract: Contract, first: date, last: date | None) -> None:
    """Let days through on which the contract holds. Raises Refused: end_before_start, outside (first, last)."""
    refuse_backwards(first, last)
    message = _("The contract holds from %(first)s on. Choose a day within it.") % {"first": day_words(contract.first)}
    if first < contract.first or (contract.last is not None and first > contract.last):
        raise Refused("outside", message, field="first")
    if last is not None and contract.last is not None and last > contract.last:
        raise Refused("outside", _("The contract ends before this day."), field="last")


def write_price(line: ContractLine, price: Decimal, first: date, last: date | None, waiver: Waiver) -> LinePrice:
    """Write what a line costs.

    Raises Refused: negative or too_much (price), those of ``refuse_waiver``, overlaps (first).
    """
    refuse_negative(price, "price")
    if price * line.quantity > MOST_YUAN:
        raise Refused(
            "too_much", _("This makes more than a billion yuan. Look at the price and the quantity."), field="price"
        )
    refuse_waiver(waiver)
    made = LinePrice(line=line, first=first, last=last, price=price, **asdict(waiver))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as clash:
        message = _("This charge has a price for some of these days already.")
        raise Refused("overlaps", message, field="first") from clash
    return made


def refuse_waiver(waiver: Waiver) -> None:
    """Let a waiver through that is complete.

    Raises Refused: not_a_share (waived), reason_needed (reason), bearer_needed (bearer), bearer_of_subsidy (bearer),
    no_subsidy (measure).
    """
    if not 0 <= waiver.waived <= 1:
        raise Refused("not_a_share", _("A share is between 0% and 100%."), field="waived")
    if not waiver.waived:
        if waiver.reason or waiver.bearer or waiver.measure:
            raise Refused("not_a_share", _("Write which share is waived, or leave the reason empty."), field="waived")
        return
    if not waiver.reason:
        raise Refused("reason_needed", _("Say why it is waived."), field="reason")
    if not waiver.bearer:
        raise Refused("bearer_needed", _("Say who bears it."), field="bearer")
    if waiver.reason == WaiverReason.SUBSIDY and waiver.bearer == Bearer.SPACE:
        raise Refused("bearer_of_subsidy", _("A subsidy is borne by a government. Say which."), field="bearer")
    if waiver.measure and waiver.reason != WaiverReason.SUBSIDY:
        raise Refused("no_subsidy", _("Only a subsidy belongs to a measure."), field="measure")


@transaction.atomic
def change_price(
    *, line: ContractLine, price: Decimal, first: date, actor: Actor, waiver: Waiver = NO_WAIVER
) -> LinePrice:
    """Let a line cost something else from a day on; the price before it ends the day before, and later ones go.

    Raises Forbidden; Refused: outside (first), billed (first), what ``write_price`` refuses.
    """
    contract = lock_contract(line.contract, actor)
    refuse_outside(contract, first, None)
    refuse_billed(line, first)
    rows = unscoped(LinePrice, because=WHY).filter(line=line)
    rows.filter(first__gte=first).delete()
    rows.filter(first__lt=first).exclude(last__lt=first).update(last=first - DAY)
    made = write_price(line, price, first, None, waiver)
    record(actor, "billing.line_price", line, data={"price": str(price), "waived": str(waiver.waived)})
    return made


@transaction.atomic
def end_line(*, line: ContractLine, last: date, actor: Actor) -> ContractLine:
    """Charge a line until a day, that day included. Raises Forbidden; Refused: outside, billed (last)."""
    lock_contract(line.contract, actor)
    rows = unscoped(LinePrice, because=WHY).filter(line=line)
    if not rows.filter(first__lte=last).exclude(last__lt=last).exists():
        raise Refused("outside", _("Choose a day on which this is charged."), field="last")
    refuse_billed(line, last + DAY, field="last")
    rows.filter(first__gt=last).delete()
    rows.filter(first__lte=last).exclude(last__lt=last).update(last=last)
    record(actor, "billing.line_end", line)
    return line


@transaction.atomic
def end_contract(*, contract: Contract, last: date, actor: Actor) -> Contract:
    """End a contract with a day, that day included, and all that it charges.

    Raises Forbidden; Refused: end_before_start (last), ended (last), billed (last).
    """
    row = lock_contract(contract, actor)
    refuse_backwards(row.first, last)
    if row.last is not None and last > row.last:
        raise Refused("ended", _("The contract ends before this day. Make another contract."), field="last")
    for line in unscoped(ContractLine, because=WHY).filter(contract=row):
        refuse_billed(line, last + DAY, field="last")
    row.last = last
    row.save(update_fields=["last"])
    record(actor, "billing.contract_end", row)
    return row


def refuse_billed(line: ContractLine, day: date, field: str = "first") -> None:
    """Let a day through after which nothing of a line is on a statement that holds. Raises Refused: billed."""
    rows = unscoped(Charge, because=WHY).filter(line=line, reverses=None, reversed_by=None)
    held = rows.filter(month__gte=first_of_month(day), parts__last__gte=day)
    last = held.order_by("-month").values_list("month", flat=True).first()
    if last is not None:
        message = _("%(name)s is billed to the end of that month. Choose %(day)s or later, or revoke the statement.")
        earliest = last_of_month(last) if field == "last" else next_month(last)
        said = {"name": line.name, "day": day_words(earliest)}
        raise Refused("billed", message % said, field=field)
