"""Deposits (押金): taken, kept back in part with a reason, returned; never more than is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chuangbao.billing.domain.contracts import lock_contract
from chuangbao.billing.domain.payments import refuse_day
from chuangbao.billing.domain.slips import Proven, digest_of, keep_proof, recognise_proof, refuse_known_slip
from chuangbao.billing.enums import DepositAct
from chuangbao.billing.models import DepositEntry
from chuangbao.billing.queries import read_deposit
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import money
from chuangbao.core.storage.files import all_or_nothing
from chuangbao.core.workflow.refusals import Refused

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
    """Put on record that a deposit was taken, kept back or returned.

    ``shown`` holds reason, file, and known_slip for a slip that is on record for something else, where there are.
    Raises Forbidden; Refused: not_money (amount), future_day (on), reason_needed (reason), too_much (amount), and
    those of ``refuse_known_slip`` and ``recognise_proof``.
    """
    reason, file = shown.get("reason", "").strip(), shown.get("file")
    known = recognise_proof(file) if file else None
    row = lock_contract(contract, actor)
    if amount <= 0:
        raise Refused("not_money", _("Write an amount above 0."), field="amount")
    refuse_day(on, "on")
    if act == DepositAct.KEPT and not reason:
        raise Refused("reason_needed", _("Say why it is kept back: the tenant reads it."), field="reason")
    held = read_deposit(row)["held"]
    if act != DepositAct.TAKEN and amount > held:
        raise Refused("too_much", _("Only %s of the deposit is held.") % money(held), field="amount")
    if file:
        proven = Proven(row.tenancy_id, amount, on, row.pk, act)
        known_slip = shown.get("known_slip", False)
        refuse_known_slip(digest_of(file), proven, keeper=row.space.operator_id, known_slip=known_slip)
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
