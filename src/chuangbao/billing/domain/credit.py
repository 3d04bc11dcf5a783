"""Which payment is for which statement (收款分配): the oldest first, and what no statement needs stays as credit.

The caller has locked the tenancy; shares are never changed, they are taken back by rows with the other sign.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum

from chuangbao.billing.enums import StatementStage
from chuangbao.billing.models import Payment, PaymentShare, Statement
from chuangbao.billing.queries import with_open
from chuangbao.core.access.row_access import unscoped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.tenants.models import Tenancy

__all__ = ["give_back_shares", "list_open", "read_open", "use_credit"]

WHY = "of a tenancy that the caller has locked"
ZERO = Decimal(0)


def read_open(statement: Statement) -> Decimal:
    """Return what is to be paid on a statement, in yuan."""
    found: Decimal = with_open(unscoped(Statement, because=WHY)).get(pk=statement.pk).open
    return found


def list_open(tenancy: Tenancy, issuer: int, first: Statement | None = None) -> list[Any]:
    """Return an issuer's statements to a tenant on which something is open: one first, then what is due first."""
    rows = with_open(unscoped(Statement, because=WHY)).filter(tenancy=tenancy, issuer=issuer)
    rows = rows.filter(stage=StatementStage.ISSUED, open__gt=0)
    found = list(rows.order_by("due_on", "pk"))
    return sorted(found, key=lambda row: first is None or row.pk != first.pk)


def use_credit(tenancy: Tenancy, payee: int, first: Statement | None = None) -> Decimal:
    """Give what is left of payments to an organisation to its open statements; return how much, in yuan."""
    payments = unscoped(Payment, because=WHY).filter(tenancy=tenancy, payee=payee, reverses=None, reversed_by=None)
    given = unscoped(PaymentShare, because=WHY).filter(payment__tenancy=tenancy, payment__payee=payee).order_by()
    used = dict(given.values_list("payment").annotate(Sum("amount")))
    left = [(row, row.amount - used.get(row.pk, ZERO)) for row in payments.order_by("paid_on", "pk")]
    made = list(match_shares(left, list_open(tenancy, payee, first)))
    PaymentShare.objects.bulk_create(made)
    return sum((share.amount for share in made), ZERO)


def match_shares(left: Iterable[tuple[Payment, Decimal]], statements: list[Any]) -> Iterable[PaymentShare]:
    """Yield which part of which payment is for which statement, both in their order."""
    needed = {row: row.open for row in statements}
    for payment, unused in left:
        rest = unused
        for statement, wanted in list(needed.items()):
            if amount := min(rest, wanted):
                yield PaymentShare(payment=payment, statement=statement, amount=amount)
                rest, needed[statement] = rest - amount, wanted - amount


def give_back_shares(which: Q) -> None:
    """Take back what is left of some shares, each payment and statement by one row with the other sign."""
    rows = unscoped(PaymentShare, because=WHY).filter(which).order_by()
    sums = rows.values_list("payment", "statement").annotate(left=Sum("amount"))
    PaymentShare.objects.bulk_create(
        PaymentShare(payment_id=payment, statement_id=statement, amount=-left)
        for payment, statement, left in sums
        if left
    )
