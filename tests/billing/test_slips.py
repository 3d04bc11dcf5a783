"""One slip counts once, for payments and deposits alike: what is on record again asks first, or is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

import factories
from billing.scene import JUNE, WHY, bill, make_line, make_tenancy, pay, slip
from chuangbao.billing.domain.deposits import move_deposit
from chuangbao.billing.domain.payments import reverse_payment
from chuangbao.billing.models import DepositEntry, Payment
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.workflow.refusals import Refused
from together import at_once

TAKEN = {"act": "taken", "amount": Decimal(500), "on": JUNE}


def count():
    return tuple(unscoped(model, because=WHY).count() for model in (Payment, DepositEntry))


def refused(verb, /, *said, **given):
    """The code, the field and the words of what is refused, of which nothing is written."""
    before = count()
    with pytest.raises(Refused) as refusal:
        verb(*said, **given)
    assert count() == before
    return refusal.value.code, refusal.value.field, str(refusal.value)


@pytest.fixture
def host(regions):
    return factories.member()


def test_a_deposit_is_not_taken_twice_by_one_slip(host):
    contract = make_line(host, make_tenancy(host)).contract
    given, one = {"contract": contract, "actor": host}, slip()
    move_deposit(**given, **TAKEN, file=one)
    code, field, words = refused(move_deposit, **given, **TAKEN, file=one, known_slip=True)
    assert (code, field) == ("twice", "file")
    assert all(said in words for said in ("收取押金", "¥500.00", "2026年6月1日", contract.tenancy.name))
    other_day = TAKEN | {"on": date(2026, 6, 2)}
    assert refused(move_deposit, **given, **other_day, file=one)[:2] == ("slip_known", "known_slip")
    move_deposit(**given, **other_day, file=one, known_slip=True)
    move_deposit(**given, **TAKEN, file=slip())
    move_deposit(**given, **TAKEN)
    assert count() == (0, 4)


def test_one_transfer_pays_a_statement_and_a_deposit_where_one_says_so(host):
    tenancy = make_tenancy(host)
    contract = make_line(host, tenancy).contract
    statement, one = bill(host, tenancy), slip()
    paid = pay(host, statement, "500", paid_on=JUNE, file=one)
    taken = {"contract": contract, "actor": host, **TAKEN, "file": one}
    assert refused(move_deposit, **taken)[:2] == ("slip_known", "known_slip")
    move_deposit(**taken, known_slip=True)
    assert refused(pay, host, statement, "500", paid_on=JUNE, file=one)[:2] == ("twice", "file")
    assert refused(pay, host, statement, "400", paid_on=JUNE, file=one)[:2] == ("slip_known", "known_slip")
    reverse_payment(payment=paid, reason="登记错了", actor=host)
    assert refused(pay, host, statement, "500", paid_on=JUNE, file=one)[:2] == ("slip_known", "known_slip")
    pay(host, statement, "500", paid_on=JUNE, file=one, known_slip=True)


def test_a_slip_of_another_tenant_asks_and_one_of_another_space_is_not_told(host):
    first = make_tenancy(host)
    second = make_tenancy(host, space=first.space)
    stranger = factories.member()
    theirs, one = make_tenancy(stranger), slip()
    for who, tenancy in ((host, first), (host, second), (stranger, theirs)):
        make_line(who, tenancy)
    pay(host, bill(host, first), "100", file=one)
    code, _field, words = refused(pay, host, bill(host, second), "100", file=one)
    assert (code, first.name in words) == ("slip_known", True)
    pay(stranger, bill(stranger, theirs), "100", file=one)


def test_the_form_of_a_deposit_asks_about_a_slip_that_is_on_record(client, host):
    contract = make_line(host, make_tenancy(host)).contract
    one = slip()
    move_deposit(contract=contract, actor=host, **TAKEN, file=one)
    factories.sign_in(client, host)
    address = reverse("billing:deposit", args=[contract.pk])
    sent = {"act": "taken", "amount": "300", "on": "2026-06-01", "reason": ""}
    one.seek(0)
    asked = client.post(address, sent | {"file": one})
    page = asked.content.decode()
    assert (asked.status_code, count()) == (422, (0, 1))
    assert "这张凭证已经登记过" in page
    assert 'name="known_slip"' in page
    one.seek(0)
    assert client.post(address, sent | {"file": one, "known_slip": "on"}).status_code == 302
    assert count() == (0, 2)


@pytest.mark.django_db(transaction=True)
def test_one_slip_of_two_at_once_is_on_record_once(regions):
    host = factories.member()
    tenancy = make_tenancy(host)
    contract = make_line(host, tenancy).contract
    statement, content = bill(host, tenancy), slip().read()

    def take():
        move_deposit(contract=contract, actor=host, **TAKEN, file=factories.upload(content, "回单.pdf"))
        return "on record"

    def record():
        pay(host, statement, "500", paid_on=JUNE, file=factories.upload(content, "回单.pdf"))
        return "on record"

    outcomes = at_once(take, record, take, record)
    assert outcomes.count("on record") == 1
    assert set(outcomes) <= {"on record", "twice", "slip_known"}
    assert sum(count()) == 1
