"""The price list (价目表): a new price ends the one before it; contracts that were made keep theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangbao.billing.enums import ChargeKind
from chuangbao.billing.models import PriceItem
from chuangbao.billing.models.prices import holds_on
from chuangbao.billing.permissions import may_keep_prices
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["end_price", "refuse_negative", "set_price"]

WHY = "of a space that the caller keeps"
DAY = timedelta(days=1)


def refuse_negative(amount: Decimal, field: str) -> None:
    """Let zero and more through. Raises Refused: negative, with the field."""
    if amount < 0:
        raise Refused("negative", _("An amount is 0 or more."), field=field)


@transaction.atomic
def set_price(
    *,
    space: Space,
    kind: str,
    name: str,
    first: date,
    actor: Actor,
    **asked: Any,
) -> PriceItem:
    """Ask a price from a day on; what was asked for the same thing until then ends the day before.

    ``asked`` holds unit, price in yuan, and is_public.
    Raises Forbidden; Refused: by_booking (kind), negative (price), price_before (first).
    """
    row = lock_row(space)
    permit(may_keep_prices, actor=actor, row=row)
    refuse_negative(asked["price"], "price")
    if kind in {ChargeKind.BOOKING, ChargeKind.MATERIAL}:
        message = _("Prices by the hour are set with the room or machine that can be booked.")
        raise Refused("by_booking", message, field="kind")
    same = unscoped(PriceItem, because=WHY).filter(space=row, kind=kind, name=name.strip())
    before = same.filter(holds_on(first), first__lt=first).first()
    if before is not None:
        before.last = first - DAY
        before.save(update_fields=["last"])
    made = PriceItem(space=row, kind=kind, name=name.strip(), first=first, **asked)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as clash:
        message = _("There is a price from this day or a later one on. Choose a later day.")
        raise Refused("price_before", message, field="first") from clash
    record(actor, "billing.price", made, data={"price": str(made.price)})
    return made


@transaction.atomic
def end_price(*, item: PriceItem, last: date, actor: Actor) -> PriceItem:
    """Ask a price until a day, that day included. Raises Forbidden; Refused: before_start (last)."""
    lock_row(item.space)  # a colleague may be asking a later price, which ends this one too
    row = lock_row(item)
    permit(may_keep_prices, actor=actor, row=row.space)
    if last < row.first or (row.last is not None and last > row.last):
        raise Refused("before_start", _("Choose a day on which this price holds."), field="last")
    row.last = last
    row.save(update_fields=["last"])
    record(actor, "billing.price_end", row)
    return row
