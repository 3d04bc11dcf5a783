"""Deposits (押金): taken, kept back in part with a reason, returned; never more than is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chuangbao.billing.domain.payments import keep_proof, recognise_proof, refuse_day
from chuangbao.billing.enums import DepositAct
from chuangbao.billing.models import DepositEntry
from chuangbao.billing.permissions import may_bill
from chuangbao.billing.queries import read_deposit
from chuangbao.core.access.permissions import permit
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import money
from chuangbao.core.storage.files import all_or_nothing
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from chuangbao.billing.models import Contract
    from chuangbao.core.access.actors import Actor

__all__ = ["move_deposit"]


@all_or_nothing()
def move_deposit(
    *,
    contract: Contract,
    act: str,
    amount: Decimal,
    on: date,
    actor: Actor,
    **shown: Any,
) -> DepositEntry:
    """Put on record that a deposit was taken, kept back or returned; ``shown`` holds reason and file, where there are.

    Raises Forbidden; Refused: not_money (amount), future_day (on), reason_needed (reason), too_much (amount), and
    those of ``recognise_proof``.
    """
    reason, file = shown.get("reason", "").strip(), shown.get("file")
    known = recognise_proof(file) if file else None
    row = lock_row(contract)
    permit(may_bill, actor=actor, row=row)
    if amount <= 0:
        raise Refused("not_money", _("Write an amount above 0."), field="amount")
    refuse_day(on, "on")
    if act == DepositAct.KEPT and not reason:
        raise Refused("reason_needed", _("Say why it is kept back: the tenant reads it."), field="reason")
    held = read_deposit(row)["held"]
    if act != DepositAct.TAKEN and amount > held:
        raise Refused("too_much", _("Only %s of the deposit is held.") % money(held), field="amount")
    made = DepositEntry.objects.create(
        contract=row,
        keeper_id=row.space.operator_id,
        act=act,
        amount=amount,
        on=on,
        reason=reason,
        proof=keep_proof(file, known, actor) if file and known else None,
        recorded_by_id=actor.person_id,
    )
    record(actor, "billing.deposit", made, data={"act": act, "amount": str(amount)})
    return made
