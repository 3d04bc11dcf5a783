"""Two people at the money of a tenant at the same moment: whoever comes second sees what the first has done."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

import factories
from billing.scene import JUNE, bill, make_line, make_tenancy, pay
from chuangbao.billing.domain import statements
from chuangbao.billing.domain.contracts import change_price, end_contract, end_line
from chuangbao.billing.domain.credit import read_open
from chuangbao.billing.domain.deposits import move_deposit
from chuangbao.billing.domain.payments import reverse_payment
from chuangbao.billing.domain.statements import issue_month, replace_statement, revoke_statement
from chuangbao.billing.models import Charge, DepositEntry, Payment, PaymentShare
from chuangbao.billing.queries import count_credit, read_deposit
from together import at_once, wait_until_one_waits

MIDDLE = date(2026, 6, 15)
ACTS = {
    "price": lambda host, line: change_price(line=line, price=Decimal(2000), first=MIDDLE, actor=host),
    "line": lambda host, line: end_line(line=line, last=MIDDLE, actor=host),
    "contract": lambda host, line: end_contract(contract=line.contract, last=MIDDLE, actor=host),
}
CHARGED = {"price": Decimal("1533.33"), "line": Decimal(500), "contract": Decimal(500)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ACTS)
def test_what_is_changed_while_a_month_is_billed_is_on_the_statement_or_refused(regions, monkeypatch, act):
    host = factories.member()
    line = make_line(host, make_tenancy(host))
    drafted, changed = threading.Event(), threading.Event()
    draft = statements.draft_month

    def draft_slowly(*given, **how):
        found = draft(*given, **how)
        drafted.set()
        wait_until_one_waits(changed)  # who changes a contract comes just now
        return found

    monkeypatch.setattr(statements, "draft_month", draft_slowly)
    tenancy = line.contract.tenancy

    def issue():
        return issue_month(space=tenancy.space, month=JUNE, actor=host, tenancies=[tenancy.pk])[0].total

    def change():
        drafted.wait(timeout=20)
        try:
            ACTS[act](host, line)
        finally:
            changed.set()
        return "changed"

    asked, outcome = at_once(issue, change)
    assert (asked, outcome) in {(Decimal(1000), "billed"), (CHARGED[act], "changed")}
    assert Charge._base_manager.get().amount == asked


@pytest.mark.django_db(transaction=True)
def test_a_deposit_is_never_returned_twice_by_two_at_once(regions):
    host = factories.member()
    contract = make_line(host, make_tenancy(host)).contract

    def move(act, amount):
        return move_deposit(contract=contract, act=act, amount=Decimal(amount), on=date(2026, 6, 30), actor=host).act

    move("taken", 500)
    outcomes = at_once(*[lambda: move("returned", 300)] * 4)
    assert sorted(outcomes) == ["returned", "too_much", "too_much", "too_much"]
    assert (read_deposit(contract)["held"], DepositEntry._base_manager.count()) == (200, 2)


@pytest.mark.django_db(transaction=True)
def test_a_payment_is_reversed_once_by_two(regions):
    host = factories.member()
    tenancy = make_tenancy(host)
    make_line(host, tenancy)
    statement = bill(host, tenancy)
    paid = pay(host, statement, "400")
    outcomes = at_once(*[lambda: str(reverse_payment(payment=paid, reason="登记错了", actor=host).amount)] * 3)
    assert sorted(outcomes) == ["-400", "reversed", "reversed"]
    assert (Payment._base_manager.count(), read_open(statement)) == (2, Decimal(1000))


@pytest.mark.django_db(transaction=True)
def test_a_statement_is_revoked_or_replaced_once_while_it_is_paid(regions):
    host = factories.member()
    tenancy = make_tenancy(host)
    make_line(host, tenancy)
    statement = bill(host, tenancy)
    given = {"statement": statement, "actor": host, "reason": "算错了"}
    acts = (lambda: revoke_statement(**given), lambda: replace_statement(**given), lambda: pay(host, statement, "1000"))
    said = [one if isinstance(one, str) else "done" for one in at_once(*acts)]
    assert said in (["done", "not_in_issued", "done"], ["not_in_issued", "done", "done"])
    charged = Charge._base_manager.aggregate(sum=Sum("amount"))["sum"]
    shared = PaymentShare._base_manager.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    replaced = said[1] == "done"
    assert (charged, shared) == ((Decimal(1000), Decimal(1000)) if replaced else (Decimal(0), Decimal(0)))
    assert count_credit(tenancy) == Decimal(1000) - shared
