"""Accounts of the demonstration (演示数据): prices, contracts, and statements that are paid, late and due."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from chuangbao.accounts.models import Organisation
from chuangbao.billing.domain.contracts import NO_WAIVER, Waiver, add_line, make_contract
from chuangbao.billing.domain.deposits import move_deposit
from chuangbao.billing.domain.payments import record_payment
from chuangbao.billing.domain.prices import set_price
from chuangbao.billing.domain.statements import issue_month
from chuangbao.billing.models import Contract, Statement
from chuangbao.core.access.actors import Actor, Capacity
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.exports.pdf import Paper, to_pdf
from chuangbao.spaces.models import Space
from chuangbao.tenants.models import Tenancy

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

__all__ = ["load_demo_billing"]

WHY = "made-up rows of the demonstration"
SPACES, TENANTS = 3, 3
PRICES = (
    ("desk", "演示·固定工位", "desk", 500),
    ("room", "演示·独立办公室", "m2", 60),
    ("service", "演示·代账", "month", 200),
)
HALF = Waiver(Decimal("0.5"), "subsidy", "city")
MONTHS_BACK = 2


@transaction.atomic
def load_demo_billing() -> int:
    """Make the accounts of a few spaces where there are none, and return how many contracts there are; once only."""
    rows = unscoped(Contract, because=WHY).filter(tenancy__space__is_demo=True)
    if not rows.exists():
        own = unscoped(Space, because=WHY).filter(is_demo=True, operator__memberships__person__is_demo=True).distinct()
        others = unscoped(Space, because=WHY).filter(is_demo=True).exclude(pk__in=own.values("pk"))
        for place, space in enumerate([*own[:1], *others.order_by("pk")[: SPACES - 1]]):
            keep_accounts(space, place)
    return int(rows.count())


def step_back(month: date, count: int) -> date:
    """Return the first day of the month so many months before."""
    for _step in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


def keep_accounts(space: Space, place: int) -> None:
    """Write prices, contracts and statements of a space."""
    actor = Actor(capacity=Capacity.MEMBER, organisation_id=space.operator_id, rights=frozenset({"owner"}))
    this = timezone.localdate().replace(day=1)
    begin = step_back(this, MONTHS_BACK)
    for kind, name, unit, price in PRICES:
        set_price(space=space, actor=actor, kind=kind, name=name, unit=unit, price=Decimal(price), first=begin)
    tenancies = list_tenants(space, begin, place)
    for number, tenancy in enumerate(tenancies, start=1):
        contract = make_contract(
            tenancy=tenancy, number=f"演示-{number:03d}", first=begin, actor=actor, deposit=Decimal(1000)
        )
        waiver = HALF if number == 1 else NO_WAIVER
        line: dict[str, Any] = {
            "kind": "desk",
            "name": "演示·固定工位",
            "unit": "desk",
            "quantity": Decimal(number + 1),
        }
        add_line(contract=contract, first=begin, actor=actor, waiver=waiver, price=Decimal(500), **line)
        move_deposit(contract=contract, act="taken", amount=Decimal(1000), on=begin, actor=actor)
    for back in range(MONTHS_BACK, -1, -1):
        bill_month(space, step_back(this, back), [row.pk for row in tenancies], actor, back)


def list_tenants(space: Space, begin: date, place: int) -> list[Tenancy]:
    """Return tenants of a space that are there since a day; enterprises of the demonstration where it has none."""
    rows = unscoped(Tenancy, because=WHY).filter(space=space, starts_on__lte=begin, ended_on=None, is_demo=True)
    found = list(rows.order_by("pk")[:TENANTS])
    if not found:
        firms = unscoped(Organisation, because=WHY).filter(is_demo=True, kind="enterprise").order_by("pk")
        for firm in firms[place * TENANTS : (place + 1) * TENANTS]:
            given = {"stage": "incubating", "starts_on": begin, "project": "演示", "is_demo": True}
            found.append(Tenancy.objects.create(space=space, organization=firm, **given))
    return found


def bill_month(space: Space, month: date, tenancies: list[int], actor: Actor, back: int) -> None:
    """Issue the statements of a month; the oldest are paid, those of the month after are late."""
    if not tenancies:
        return
    for row in issue_month(space=space, month=month, actor=actor, tenancies=tenancies):
        if back:
            due = month + timedelta(days=9)
            unscoped(Statement, because=WHY).filter(pk=row.pk).update(issued_on=month, due_on=due)
        if back == MONTHS_BACK and row.total:
            paid_on = month + timedelta(days=4)
            given: dict[str, Any] = {"way": "transfer", "file": draw_slip(row), "note": "演示"}
            record_payment(statement=row, amount=row.total, paid_on=paid_on, keeps_rest=True, actor=actor, **given)


def draw_slip(row: Statement) -> UploadedFile[bytes]:
    """Return the slip of a payment that was never made, and says so."""
    paper = Paper("演示·付款回单")
    paper.paragraph(f"演示数据，并无此付款。账单 {row.number}")
    return SimpleUploadedFile("演示回单.pdf", to_pdf(paper), "application/pdf")
