"""Statements (账单): issued for a month, revoked and replaced; their charges are reversed, never changed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.billing.domain.charging import draft_month
from chuangbao.billing.domain.credit import give_back_shares, read_open, use_credit
from chuangbao.billing.domain.proration import first_of_month, next_month
from chuangbao.billing.domain.support import tell_support, withdraw_subsidies
from chuangbao.billing.enums import StatementStage
from chuangbao.billing.events import tell_payer
from chuangbao.billing.models import Charge, ChargePart, Statement
from chuangbao.billing.permissions import may_bill_space
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import day_words, money
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.tenants.models import Tenancy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.billing.domain.charging import Draft, DraftCharge
    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["issue_month", "replace_statement", "revoke_statement"]

WHY = "of a space that the caller bills"


@transaction.atomic
def issue_month(
    *, space: Space, month: date, actor: Actor, tenancies: Iterable[int], replaces: Statement | None = None
) -> list[Statement]:
    """Issue a statement for a month to each of some tenants, for all that is not on one yet.

    The space is locked first: numbers have no gaps, and two people who bill a month at once charge everything once.
    Then the tenants are, before anything is read: who changes a contract at this moment comes before or after it.
    Raises Forbidden; Refused: too_early (month), nobody (tenancies), nothing_to_charge.
    """
    row = lock_row(space)
    permit(may_bill_space, actor=actor, row=row)
    month, today = first_of_month(month), timezone.localdate()
    if month > next_month(today):
        raise Refused("too_early", _("Bill a month at most one month ahead."), field="month")
    wanted = set(tenancies)
    if not wanted:
        raise Refused("nobody", _("Choose at least one tenant."), field="tenancies")
    drafts = draft_month(row, month, only=lock_tenants(row, wanted))
    if not drafts:
        message = _("All of this is on a statement already, perhaps a colleague's of just now.")
        raise Refused("nothing_to_charge", message)
    return [issue_one(row, draft, actor, replaces) for draft in drafts]


def lock_tenants(space: Space, wanted: Iterable[int]) -> list[int]:
    """Lock those tenants of a space that are wanted, in the order of their ids, which are returned."""
    rows = unscoped(Tenancy, because=WHY).filter(space=space, pk__in=wanted).order_by("pk")
    return list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def issue_one(space: Space, draft: Draft, actor: Actor, replaces: Statement | None) -> Statement:
    """Write the statement of a draft with its charges, use credit for it and tell the tenant, who is locked."""
    today = timezone.localdate()
    made = Statement(
        space=space,
        tenancy=draft.tenancy,
        issuer_id=space.operator_id,
        payer=draft.tenancy.name[:120],
        month=draft.month,
        issued_on=today,
        due_on=today + timedelta(days=draft.days_to_pay),
        gross=draft.gross,
        waived=draft.waived,
        total=draft.total,
        replaces=replaces,
        issued_by_id=actor.person_id,
    )
    number_statement(made)
    made.save(force_insert=True)
    for charge in draft.charges:
        write_charge(made, charge)
    record(actor, "billing.issue", made, data={"number": made.number, "total": str(made.total)})
    use_credit(made.tenancy, made.issuer_id)
    tell_support(made)
    data = {"total": money(made.total), "open": money(read_open(made)), "due": day_words(made.due_on)}
    tell_payer(made, "billing.issued", by=actor.person_id, month=f"{made.month:%Y-%m}", **data)
    return made


def number_statement(row: Statement) -> None:
    """Give a statement the next number of its space and year; the space is locked by the caller."""
    row.year = row.issued_on.year
    rows = unscoped(Statement, because=WHY).filter(space=row.space, year=row.year)
    row.place_in_year = (rows.aggregate(last=Max("place_in_year"))["last"] or 0) + 1
    row.number = f"ZD{row.year}-{row.space_id:05d}-{row.place_in_year:04d}"


def write_charge(statement: Statement, draft: DraftCharge) -> Charge:
    """Write a charge with the parts that show its arithmetic."""
    made = Charge.objects.create(
        statement=statement,
        line=draft.line,
        booking=draft.booking,
        take=draft.take,
        credits=draft.credits,
        run=draft.run,
        month=statement.month,
        kind=draft.kind,
        name=draft.name[:200],
        gross=draft.gross,
        waived=draft.waived,
        amount=draft.amount,
    )
    ChargePart.objects.bulk_create(describe_part(made, draft, part) for part in draft.parts)
    return made


def describe_part(charge: Charge, draft: DraftCharge, part: Any) -> ChargePart:
    """Return the row of a part, with the price as it was."""
    price = part.terms.source
    line = draft.line
    return ChargePart(
        charge=charge,
        first=part.first,
        last=part.last,
        days=part.days,
        month_days=part.month_days,
        unit=line.unit if line else "",
        quantity=line.quantity if line else Decimal(1),
        price=part.terms.price,
        gross=part.gross,
        share=part.terms.waived,
        waived=part.waived,
        reason=price.reason,
        bearer=price.bearer,
        measure=price.measure,
    )


@transaction.atomic
def revoke_statement(*, statement: Statement, actor: Actor, reason: str) -> Statement:
    """Revoke a statement: its charges are reversed, what was paid on it becomes credit, and the tenant hears why.

    Raises Refused: reason_needed (reason), not_permitted, not_in_issued, credited.
    """
    lock_row(statement.space)
    row = end_statement(statement, "revoke", actor, reason)
    use_credit(row.tenancy, row.issuer_id)
    tell_payer(row, "billing.revoked", by=actor.person_id, reason=reason.strip())
    return row


@transaction.atomic
def replace_statement(*, statement: Statement, actor: Actor, reason: str) -> Statement:
    """Issue a statement in place of another, worked out again from what contracts and bookings say now.

    Raises Refused: reason_needed (reason), not_permitted, not_in_issued, nothing_to_charge,
    handed_on, credited.
    """
    space = lock_row(statement.space)
    if space.operator_id != statement.issuer_id:
        message = _(
            "The space has been handed on, so that nothing can be charged for it. Revoke the statement instead."
        )
        raise Refused("handed_on", message)
    row = end_statement(statement, "replace", actor, reason)
    tell_payer(row, "billing.revoked", by=actor.person_id, reason=reason.strip())
    made = issue_month(space=space, month=row.month, actor=actor, tenancies=[row.tenancy_id], replaces=row)
    return made[0]


def end_statement(statement: Statement, verb: str, actor: Actor, reason: str) -> Statement:
    """Move a statement out of force: reverse its charges, free what was paid on it, take back what it had stated.

    Raises Refused: credited, and those of the transition.
    """
    lock_row(statement.tenancy)
    row = lock_row(statement)
    check_credits(row)
    if row.stage == StatementStage.ISSUED:
        row.ended_on, row.end_reason = timezone.localdate(), reason.strip()
        row.save(update_fields=["ended_on", "end_reason"])
    row = transition(row, verb, actor=actor, reason=reason.strip())
    charges = unscoped(Charge, because=WHY).filter(statement=row, reverses=None).order_by("pk")
    Charge.objects.bulk_create(reverse_charge(charge) for charge in charges)
    give_back_shares(Q(statement=row))
    withdraw_subsidies(row, reason.strip())
    return row


def check_credits(row: Statement) -> None:
    """Let a statement through from which no later one has taken something off. Raises Refused: credited."""
    later = unscoped(Statement, because=WHY).filter(
        stage=StatementStage.ISSUED, charges__credits__statement=row, charges__reverses=None
    )
    if found := later.order_by("pk").first():
        words = _("%(number)s takes something of this one off, because it was given back. Revoke that one first.")
        raise Refused("credited", words % {"number": found.number})


def reverse_charge(charge: Charge) -> Charge:
    """Return the row that reverses a charge."""
    return Charge(
        statement_id=charge.statement_id,
        line_id=charge.line_id,
        booking_id=charge.booking_id,
        take_id=charge.take_id,
        credits_id=charge.credits_id,
        run=charge.run,
        month=charge.month,
        kind=charge.kind,
        name=charge.name,
        gross=-charge.gross,
        waived=-charge.waived,
        amount=-charge.amount,
        reverses=charge,
    )
