"""Payments (收款登记): what came in elsewhere is put on record with its proof; a wrong one is reversed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.billing.domain.credit import give_back_shares, list_open, read_open, use_credit
from chuangbao.billing.domain.slips import Proven, digest_of, keep_proof, recognise_proof, refuse_known_slip
from chuangbao.billing.events import tell_payer
from chuangbao.billing.models import Payment
from chuangbao.billing.permissions import may_bill, may_record_money
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import money
from chuangbao.core.storage.files import all_or_nothing
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from datetime import date

    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.billing.models import Statement
    from chuangbao.core.access.actors import Actor

__all__ = ["record_payment", "refuse_day", "reverse_payment"]

WHY = "of a tenancy that the caller has locked"


def refuse_day(day: date, field: str) -> None:
    """Let a day through that is not to come. Raises Refused: future_day, with the field."""
    if day > timezone.localdate():
        raise Refused("future_day", _("This day is still to come."), field=field)


@all_or_nothing()
def record_payment(
    *,
    statement: Statement,
    amount: Decimal,
    paid_on: date,
    file: UploadedFile[Any],
    actor: Actor,
    keeps_rest: bool = False,
    **how: Any,
) -> Payment:
    """Put a payment on record: for this statement first, then for others of its issuer that are open.

    What is more than all of them stays as credit, where ``keeps_rest`` says so.

    ``how`` holds way and note, and known_slip for a slip that is on record for something else.
    Raises Forbidden; Refused: not_money (amount), more_than_owed (keeps_rest),
    future_day (paid_on), and those of ``refuse_known_slip`` and ``recognise_proof``.
    """
    known = recognise_proof(file)
    tenancy = lock_row(statement.tenancy)
    permit(may_record_money, actor=actor, row=statement)
    if amount <= 0:
        raise Refused("not_money", _("Write an amount above 0."), field="amount")
    if not keeps_rest:
        refuse_more(statement, amount)
    refuse_day(paid_on, "paid_on")
    known_slip = how.pop("known_slip", False)
    digest, proven = digest_of(file), Proven(tenancy.pk, amount, paid_on)
    refuse_known_slip(digest, proven, keeper=statement.issuer_id, known_slip=known_slip)
    made = Payment.objects.create(
        tenancy=tenancy,
        payee_id=statement.issuer_id,
        amount=amount,
        paid_on=paid_on,
        proof=keep_proof(file, known, actor),
        digest=digest,
        recorded_by_id=actor.person_id,
        **how,
    )
    record(actor, "billing.pay", made, data={"amount": str(amount), "statement": statement.pk})
    use_credit(tenancy, made.payee_id, statement)
    data = {"amount": money(amount), "open": money(read_open(statement))}
    tell_payer(statement, "billing.paid", by=actor.person_id, **data)
    return made


def refuse_more(statement: Statement, amount: Decimal) -> None:
    """Let an amount through that is owed to the issuer of a statement. Raises Refused: more_than_owed (keeps_rest)."""
    rows = list_open(statement.tenancy, statement.issuer_id)
    owed = sum((row.open for row in rows), Decimal(0))
    if amount > owed:
        message = _("%(rest)s more than the %(owed)s that is owed. Tick this, or correct the amount.")
        said = {"rest": money(amount - owed), "owed": money(owed)}
        raise Refused("more_than_owed", message % said, field="keeps_rest")


@all_or_nothing()
def reverse_payment(*, payment: Payment, reason: str, actor: Actor) -> Payment:
    """Reverse a wrong payment by a row of its own, and open again what it had paid.

    Raises Forbidden; Refused: reversed, reason_needed (reason).
    """
    tenancy = lock_row(payment.tenancy)
    permit(may_bill, actor=actor, row=payment)
    if payment.reverses_id is not None or unscoped(Payment, because=WHY).filter(reverses=payment).exists():
        raise Refused("reversed", _("This payment is reversed already."))
    if not reason.strip():
        raise Refused("reason_needed", _("Please fill this in."), field="reason")
    made = Payment.objects.create(
        tenancy=tenancy,
        payee_id=payment.payee_id,
        amount=-payment.amount,
        paid_on=timezone.localdate(),
        way=payment.way,
        note=reason.strip(),
        reverses=payment,
        recorded_by_id=actor.person_id,
    )
    give_back_shares(Q(payment=payment))
    record(actor, "billing.pay_reverse", made, reason=reason.strip(), data={"payment": payment.pk})
    use_credit(tenancy, made.payee_id)
    return made
