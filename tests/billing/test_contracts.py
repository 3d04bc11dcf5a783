"""Contracts, prices, deposits and payments: what is refused, with its code and field, and nothing changed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

import factories
from billing.scene import HALF, JUNE, WHY, bill, make_line, make_tenancy, pay, prices_of, slip
from chuangbao.accounts.domain.acting import as_self
from chuangbao.accounts.models import Person
from chuangbao.billing.domain.contracts import Waiver, add_line, change_price, end_contract, end_line, make_contract
from chuangbao.billing.domain.deposits import move_deposit
from chuangbao.billing.domain.payments import record_payment, reverse_payment
from chuangbao.billing.domain.prices import end_price, set_price
from chuangbao.billing.models import Contract, ContractLine, DepositEntry, Payment, PaymentShare, PriceItem, Statement
from chuangbao.billing.personal import unname_deeds
from chuangbao.billing.queries import count_credit, list_income, read_deposit
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.privacy import HOLDINGS
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.spaces.domain.dependants import describe_consequences
from chuangbao.spaces.domain.ending import close_space
from spaces.samples import make_space
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")
ITEM = {"kind": "desk", "name": "工位", "unit": "month", "price": Decimal(300), "first": date(2026, 1, 1)}
LINE = {"kind": "desk", "name": "工位B", "unit": "month", "quantity": Decimal(1), "price": Decimal(9), "first": JUNE}


@pytest.fixture
def host():
    return factories.member()


@pytest.fixture
def tenancy(host):
    return make_tenancy(host)


def refuse(code, field, verb, /, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def rows(model):
    return unscoped(model, because=WHY)


def test_a_new_price_ends_the_one_before_and_is_seen_where_it_is_public(host):
    space = make_space(host)
    given = {"space": space, "actor": host, **ITEM}
    set_price(**given)
    newer = set_price(**given | {"price": Decimal(400), "first": date(2026, 7, 1), "is_public": False})
    assert list(rows(PriceItem).order_by("first").values_list("first", "last")) == [
        (date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), None),
    ]
    assert visible(PriceItem, to=factories.founder()).count() == 1
    assert visible(PriceItem, to=host).count() == 2
    refuse("price_before", "first", set_price, **given)
    refuse("negative", "price", set_price, **given | {"price": Decimal(-1), "name": "房"})
    refuse("by_booking", "kind", set_price, **given | {"kind": "booking"})
    refuse("before_start", "last", end_price, item=newer, last=JUNE, actor=host)
    end_price(item=newer, last=date(2026, 8, 1), actor=host)
    with pytest.raises(Forbidden):
        set_price(**given | {"actor": factories.member(), "name": "房"})
    assert rows(PriceItem).count() == 2


@pytest.mark.django_db(transaction=True)
def test_who_ends_a_price_waits_for_a_colleague_who_asks_a_later_one(host):
    space = make_space(host)
    item = set_price(space=space, actor=host, **ITEM)

    def end_at_once():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            try:
                return end_price(item=item, last=JUNE, actor=host)
            except OperationalError:
                return "waits"

    with transaction.atomic():
        lock_row(space)  # with which asking a price begins
        assert at_once(end_at_once) == ["waits"]


def test_what_a_contract_cannot_say_is_refused(host, tenancy):
    given = {"tenancy": tenancy, "number": "HT-1", "first": JUNE, "actor": host}
    refuse("end_before_start", "last", make_contract, **given, last=date(2026, 5, 1))
    refuse("negative", "deposit", make_contract, **given, deposit=Decimal(-1))
    contract = make_contract(**given, last=date(2026, 12, 31))
    refuse("number_taken", "number", make_contract, **given)
    with pytest.raises(Forbidden):
        make_contract(**given | {"actor": factories.member(), "number": "HT-2"})
    add = {"contract": contract, "actor": host, **LINE}
    refuse("by_booking", "kind", add_line, **add | {"kind": "booking"})
    refuse("no_quantity", "quantity", add_line, **add | {"quantity": Decimal(0)})
    refuse("outside", "first", add_line, **add | {"first": date(2026, 5, 1)})
    refuse("outside", "last", add_line, **add, last=date(2027, 1, 1))
    refuse("negative", "price", add_line, **add | {"price": Decimal(-1)})
    assert not rows(ContractLine).exists()
    add_line(**add)
    refuse("name_taken", "name", add_line, **add)
    refuse("ended", "last", end_contract, contract=contract, last=date(2027, 1, 1), actor=host)
    never = make_tenancy(host, space=tenancy.space, stage="declined", ended_on=JUNE, starts_on=None)
    refuse("never_came", "", make_contract, **given | {"tenancy": never})
    assert rows(Contract).count() == 1


@pytest.mark.parametrize(
    ("waiver", "code", "field"),
    [
        (Waiver(Decimal("1.5"), "start", "space"), "not_a_share", "waived"),
        (Waiver(reason="start"), "not_a_share", "waived"),
        (Waiver(Decimal(1), bearer="space"), "reason_needed", "reason"),
        (Waiver(Decimal(1), reason="start"), "bearer_needed", "bearer"),
        (Waiver(Decimal(1), "subsidy", "space"), "bearer_of_subsidy", "bearer"),
        (Waiver(Decimal(1), "start", "space", "x"), "no_subsidy", "measure"),
    ],
)
def test_a_waiver_is_complete(host, tenancy, waiver, code, field):
    contract = make_contract(tenancy=tenancy, number="HT-1", first=JUNE, actor=host)
    refuse(code, field, add_line, contract=contract, actor=host, waiver=waiver, **LINE)
    assert not rows(ContractLine).exists()


def test_what_is_billed_is_not_changed_behind_its_statement(host, tenancy):
    line = make_line(host, tenancy, "1000.00")
    change_price(line=line, price=Decimal(1100), first=date(2026, 7, 10), actor=host)
    assert prices_of(line) == [
        (date(2026, 1, 1), date(2026, 7, 9), Decimal(1000)),
        (date(2026, 7, 10), None, Decimal(1100)),
    ]
    statement = bill(host, tenancy)
    change = {"line": line, "price": Decimal(1), "actor": host}
    refuse("billed", "first", change_price, **change, first=date(2026, 6, 15))
    refuse("outside", "first", change_price, **change, first=date(2025, 6, 15))
    refuse("billed", "last", end_line, line=line, last=date(2026, 6, 15), actor=host)
    refuse("outside", "last", end_line, line=line, last=date(2025, 6, 15), actor=host)
    refuse("billed", "last", end_contract, contract=line.contract, last=date(2026, 6, 29), actor=host)
    refuse("end_before_start", "last", end_contract, contract=line.contract, last=date(2025, 6, 29), actor=host)
    assert len(prices_of(line)) == 2
    end_line(line=line, last=date(2026, 6, 30), actor=host)
    assert prices_of(line) == [(date(2026, 1, 1), date(2026, 6, 30), Decimal(1000))]
    end_contract(contract=line.contract, last=date(2026, 6, 30), actor=host)
    assert statement.total == Decimal(1000)


def test_overlapping_prices_of_one_line_are_held_off_by_the_database(host, tenancy):
    from django.db import IntegrityError, transaction

    from chuangbao.billing.domain.contracts import NO_WAIVER, write_price
    from chuangbao.billing.models import LinePrice

    line = make_line(host, tenancy)
    refuse("overlaps", "first", write_price, line=line, price=Decimal(1), first=JUNE, last=None, waiver=NO_WAIVER)
    with pytest.raises(IntegrityError), transaction.atomic():
        LinePrice.objects.create(line=line, first=JUNE, price=1)
    assert len(prices_of(line)) == 1


def test_a_deposit_is_kept_back_for_a_reason_and_never_more_than_is_held(host, tenancy):
    contract = make_line(host, tenancy).contract
    move = {"contract": contract, "actor": host, "on": JUNE}
    move_deposit(**move, act="taken", amount=Decimal(500), file=slip())
    refuse("not_money", "amount", move_deposit, **move, act="taken", amount=Decimal(0))
    refuse("reason_needed", "reason", move_deposit, **move, act="kept", amount=Decimal(1))
    refuse("too_much", "amount", move_deposit, **move, act="returned", amount=Decimal(501))
    tomorrow = timezone.localdate() + timedelta(days=1)
    refuse("future_day", "on", move_deposit, **move | {"on": tomorrow}, act="taken", amount=Decimal(1))
    assert rows(DepositEntry).count() == 1
    move_deposit(**move, act="kept", amount=Decimal(120), reason="门锁损坏")
    move_deposit(**move, act="returned", amount=Decimal(380))
    assert read_deposit(contract)["held"] == 0
    assert dict(list_income(tenancy.space, 2026))[JUNE]["I74"] == Decimal(120)


def test_a_payment_is_for_the_oldest_first_and_the_rest_is_credit(host, tenancy):
    make_line(host, tenancy)
    may, june = bill(host, tenancy, date(2026, 5, 1)), bill(host, tenancy)
    payment = pay(host, june, "2500")
    given = rows(PaymentShare).filter(payment=payment).order_by("pk").values_list("statement", "amount")
    assert list(given) == [(june.pk, Decimal(1000)), (may.pk, Decimal(1000))]
    assert count_credit(tenancy) == Decimal(500)
    july = bill(host, tenancy, date(2026, 7, 1))
    assert sum(july.shares.values_list("amount", flat=True)) == Decimal(500)
    reverse_payment(payment=payment, reason="登记错了", actor=host)
    assert count_credit(tenancy) == 0
    assert sum(rows(PaymentShare).values_list("amount", flat=True)) == 0
    assert sorted(rows(Payment).values_list("amount", flat=True)) == [Decimal(-2500), Decimal(2500)]
    refuse("reversed", "", reverse_payment, payment=payment, reason="x", actor=host)
    again = pay(host, june, "300")
    refuse("reason_needed", "reason", reverse_payment, payment=again, reason=" ", actor=host)


def test_what_is_no_payment_is_refused(host, tenancy):
    make_line(host, tenancy)
    statement = bill(host, tenancy)
    tomorrow = timezone.localdate() + timedelta(days=1)
    refuse("not_money", "amount", pay, host=host, statement=statement, amount="0")
    refuse("more_than_owed", "keeps_rest", pay, host=host, statement=statement, amount="99999", keeps_rest=False)
    refuse("future_day", "paid_on", pay, host=host, statement=statement, amount="1", paid_on=tomorrow)
    text = factories.upload(b"no picture", "回单.txt")
    refuse("kind", "file", pay, host=host, statement=statement, amount="1", file=text)
    assert not rows(Payment).exists()
    one = slip()
    pay(host, statement, "1", file=one)
    refuse("twice", "file", pay, host=host, statement=statement, amount="1", file=one)
    with pytest.raises(Forbidden):
        record_payment(
            statement=statement, amount=Decimal(1), paid_on=JUNE, way="cash", file=slip(), actor=factories.member()
        )
    assert rows(Payment).count() == 1


def test_a_space_that_ends_says_what_is_not_paid(host, tenancy):
    make_line(host, tenancy, waiver=HALF)
    statement = bill(host, tenancy)
    assert 1 in [part.count for part in describe_consequences(tenancy.space) if "未缴清" in str(part.label)]
    close_space(space=tenancy.space, actor=host, reason="停办")
    statement.refresh_from_db()
    assert statement.stage == "issued"


def test_a_person_takes_their_name_off_the_accounts(host, tenancy):
    make_line(host, tenancy)
    pay(host, bill(host, tenancy), "10")
    person = Person.objects.get(pk=host.person_id)
    with override("zh-hans"):
        told = [row["deed"] for row in HOLDINGS["billing_deeds"].export(as_self(person).person_id)]
    assert told == ["入驻合同", "账单", "收款"]
    assert unname_deeds(person.pk) == 3
    assert not rows(Statement).filter(issued_by=person).exists()
    assert rows(Payment).get().amount == Decimal(10)
