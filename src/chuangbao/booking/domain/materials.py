"""Materials (耗材): what there is, receiving, taking with a booking or at the counter, giving back, stock-takes.

Every movement is a row of the ledger, written behind the lock of its material: the stock is always the sum of the
ledger and never less than nothing. What was taken is charged with the month of its holder.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.domain.venues import lock_open
from chuangbao.booking.enums import BookingStage, StockAct
from chuangbao.booking.models import Material, StockEntry
from chuangbao.booking.permissions import is_system, may_keep_venues, may_serve, may_tend
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import number
from chuangbao.core.localization.money import yuan
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from chuangbao.booking.domain.pricing import Holder
    from chuangbao.booking.models import Booking, Venue
    from chuangbao.core.access.actors import Actor

__all__ = [
    "count_stock",
    "create_material",
    "give_back_material",
    "may_take_with",
    "receive_stock",
    "retire_material",
    "take_at_counter",
    "take_with_booking",
    "update_material",
]

HUNDREDTH, MOST, DEAREST = Decimal("0.01"), Decimal(1_000_000), Decimal(1_000_000)
TAKING = (BookingStage.CONFIRMED, BookingStage.IN_USE)
"""Stages of a booking in which its holder takes material; the front desk also puts it on record afterwards."""
AFTERWARDS = (*TAKING, BookingStage.LEFT, BookingStage.DONE)


@transaction.atomic
def create_material(
    *, actor: Actor, venue: Venue, name: str, unit: str, price: Decimal, low: Decimal | None = None
) -> Material:
    """Add a material to a venue; there is none of it yet.

    Raises Forbidden; Refused: venue_closed, gone, name_needed (name), unit_needed (unit), out_of_range (price, low),
    name_taken (name).
    """
    row = Material(venue=lock_open(venue, actor))
    write_material(row, {"name": name, "unit": unit, "price": price, "low": low})
    record(actor, "booking.create_material", row, data={"venue": row.venue_id})
    return row


@transaction.atomic
def update_material(*, actor: Actor, material: Material, **changes: Any) -> Material:
    """Change name, unit, price or warning of a material; what was taken keeps its price.

    Raises Forbidden; Refused as ``create_material`` does, further retired.
    """
    row = lock_in_use(material)
    permit(may_keep_venues, actor=actor, row=row)
    write_material(row, changes)
    record(actor, "booking.update_material", row, data={"fields": sorted(changes)})
    return row


def write_material(row: Material, said: dict[str, Any]) -> None:
    """Write checked values into a material. Raises Refused as ``create_material`` does."""
    for name, code in (("name", "name_needed"), ("unit", "unit_needed")):
        if name in said:
            setattr(row, name, said[name].strip())
            if not getattr(row, name):
                raise Refused(code, _("Please fill this in."), field=name)
    if "price" in said:
        if not 0 <= said["price"] <= DEAREST:
            raise Refused("out_of_range", _("Give a price from 0 to 1,000,000 yuan."), field="price")
        row.price = yuan(said["price"])
    if "low" in said:
        row.low = None if said["low"] is None else check_quantity(said["low"], "low", least=Decimal(0))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as clash:
        words = _("There is a material of this name in the venue already. Choose another name.")
        raise Refused("name_taken", words, field="name") from clash


def check_quantity(quantity: Decimal, field: str, *, least: Decimal = HUNDREDTH) -> Decimal:
    """Return a quantity to the hundredth. Raises Refused: out_of_range, with the field."""
    if not least <= quantity <= MOST:
        said = {"least": number(least), "most": number(MOST)}
        raise Refused("out_of_range", _("Give a quantity from %(least)s to %(most)s.") % said, field=field)
    return quantity.quantize(HUNDREDTH, ROUND_HALF_UP)


def lock_in_use(material: Material) -> Material:
    """Lock a material that is in use. Raises Refused: retired, gone."""
    row = lock_row(material)
    if row.retired_at is not None:
        raise Refused("retired", _("This material is no longer offered."))
    return row


@transaction.atomic
def retire_material(*, actor: Actor, material: Material) -> Material:
    """Offer a material no longer; its ledger stays. Raises Forbidden; Refused: retired, gone."""
    row = lock_in_use(material)
    permit(may_keep_venues, actor=actor, row=row)
    row.retired_at = timezone.now()
    row.save(update_fields=["retired_at"])
    record(actor, "booking.retire_material", row)
    return row


def move_stock(row: Material, act: str, change: Decimal, actor: Actor, **said: Any) -> StockEntry:
    """Write a movement of a material, whose lock is held, and its new stock. Raises Refused: not_enough (quantity)."""
    after = row.stock + change
    if after < 0:
        said_left = {"left": number(row.stock), "unit": row.unit}
        words = _("Only %(left)s %(unit)s are left. Take less, or ask the front desk to order more.")
        raise Refused("not_enough", words % said_left, field="quantity")
    row.stock = after
    row.save(update_fields=["stock"])
    return StockEntry.objects.create(
        material=row, act=act, change=change, stock_after=after, recorded_by_id=actor.person_id, **said
    )


@transaction.atomic
def receive_stock(*, actor: Actor, material: Material, quantity: Decimal, reason: str = "") -> StockEntry:
    """Put what has arrived into stock (入库). Raises Forbidden; Refused: retired, gone, out_of_range (quantity)."""
    row = lock_in_use(material)
    permit(may_serve | is_system, actor=actor, row=row)
    made = move_stock(row, StockAct.RECEIVE, check_quantity(quantity, "quantity"), actor, reason=reason.strip())
    record(actor, "booking.receive_stock", row, data={"quantity": str(made.change)})
    return made


@transaction.atomic
def count_stock(*, actor: Actor, material: Material, counted: Decimal, reason: str = "") -> StockEntry:
    """Put a stock-take on record (盘点): the stock is what was counted, and a difference needs a reason.

    Raises Forbidden; Refused: retired, gone, out_of_range (counted), reason_needed (reason).
    """
    row = lock_in_use(material)
    permit(may_keep_venues, actor=actor, row=row)
    change = check_quantity(counted, "counted", least=Decimal(0)) - row.stock
    if change and not reason.strip():
        raise Refused("reason_needed", _("Say why it is not what the ledger says."), field="reason")
    made = move_stock(row, StockAct.COUNT, change, actor, reason=reason.strip())
    record(actor, "booking.count_stock", row, reason=reason.strip(), data={"change": str(change)})
    return made


def may_take_with(actor: Actor, booking: Booking) -> bool:
    """Whether the actor may take material with a booking as it is now."""
    if may_serve.test(actor, booking):
        return booking.stage in AFTERWARDS
    return may_tend.test(actor, booking) and booking.stage in TAKING


@transaction.atomic
def take_with_booking(*, actor: Actor, booking: Booking, material: Material, quantity: Decimal) -> StockEntry:
    """Take material for what one has booked (领用): its holder is charged with the month.

    The booking is locked, then the material, so that what is called off at this moment takes nothing with it.
    Raises Refused: not_now, no_material (material), retired, gone, out_of_range and not_enough (quantity).
    """
    held = lock_row(booking)
    if not may_take_with(actor, held):
        raise Refused("not_now", _("Material is taken while the booking is confirmed or in use."))
    row = lock_in_use(material)
    if row.venue_id != held.resource.venue_id:
        raise Refused("no_material", _("Choose a material of this venue."), field="material")
    whom = {"for_organization_id": held.for_organization_id, "person_id": held.person_id}
    return take(row, check_quantity(quantity, "quantity"), actor, booking=held, **whom)


@transaction.atomic
def take_at_counter(
    *, actor: Actor, material: Material, quantity: Decimal, holder: Holder | None = None, reason: str = ""
) -> StockEntry:
    """Hand material out at the counter (前台发放) to a tenant, or for the operator's own use, which needs a reason.

    Raises Forbidden; Refused: retired, gone, out_of_range and not_enough (quantity), reason_needed (reason).
    """
    row = lock_in_use(material)
    permit(may_serve, actor=actor, row=row)
    if holder is None and not reason.strip():
        raise Refused("reason_needed", _("Say what it is used for, or choose who takes it."), field="reason")
    whom = holder.whom if holder else {}
    return take(row, check_quantity(quantity, "quantity"), actor, reason=reason.strip(), **whom)


def take(row: Material, quantity: Decimal, actor: Actor, **said: Any) -> StockEntry:
    """Write that material was taken, at its price of now; own use of the operator costs nothing."""
    is_own = not said.get("for_organization_id") and not said.get("person_id")
    price = Decimal(0) if is_own or said.get("for_organization_id") == row.organization_id else row.price
    priced = {"price": price, "amount": yuan(price * quantity)}
    made = move_stock(row, StockAct.TAKE, -quantity, actor, **priced, **said)
    record(actor, "booking.take_material", row, data={"quantity": str(quantity), "amount": str(made.amount)})
    return made


@transaction.atomic
def give_back_material(*, actor: Actor, entry: StockEntry, reason: str) -> StockEntry:
    """Take all of what was taken back into stock (退回); it is charged no longer.

    Where a statement has charged it, the next one takes it off. Raises Forbidden; Refused: reason_needed (reason),
    not_taken, given_back, gone.
    """
    row = lock_row(entry.material)
    permit(may_serve, actor=actor, row=row)
    if not reason.strip():
        raise Refused("reason_needed", _("Please fill this in."), field="reason")
    if entry.act != StockAct.TAKE:
        raise Refused("not_taken", _("Only what was taken can be given back."))
    if unscoped(StockEntry, because="whether it is given back").filter(reverses=entry.pk).exists():
        raise Refused("given_back", _("This is given back already."))
    whom = {"for_organization_id": entry.for_organization_id, "person_id": entry.person_id}
    said = {"booking_id": entry.booking_id, "reverses": entry, "reason": reason.strip()} | whom
    made = move_stock(row, StockAct.GIVE_BACK, -entry.change, actor, **said)
    record(actor, "booking.give_back_material", row, reason=reason.strip(), data={"quantity": str(made.change)})
    return made
