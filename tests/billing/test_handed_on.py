"""A space changes hands: who issued keeps what it issued, who runs it now sees and bills its own."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from billing.scene import JUNE, bill, make_line, make_tenancy, pay
from chuangbao.accounts.models import Organisation
from chuangbao.billing.domain.deposits import move_deposit
from chuangbao.billing.domain.payments import reverse_payment
from chuangbao.billing.domain.statements import replace_statement, revoke_statement
from chuangbao.billing.models import (
    Charge,
    ChargePart,
    Contract,
    DepositEntry,
    Payment,
    PaymentShare,
    Statement,
)
from chuangbao.billing.queries import count_credit, list_income
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import visible
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.domain.dependants import describe_consequences
from chuangbao.spaces.domain.ending import answer_transfer, transfer_space
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")
JULY = date(2026, 7, 1)
ISSUED = (Statement, Charge, ChargePart, Payment, PaymentShare)


def hand_on(space, giver, taker):
    """Give a space to another organisation, which accepts it."""
    code = Organisation.objects.get(pk=taker.organisation_id).code
    answer_transfer(transfer=transfer_space(space=space, actor=giver, code=code), verb="accept", actor=taker)
    space.refresh_from_db()


@pytest.fixture
def scene():
    """A space that was handed on after June was billed and paid in part, and its tenant."""
    old, new, firm = factories.member(), factories.member(), factories.member()
    tenancy = make_tenancy(old, firm)
    make_line(old, tenancy)
    june = bill(old, tenancy)
    paid = pay(old, june, "400")
    hand_on(tenancy.space, old, new)
    tenancy.refresh_from_db()
    return old, new, firm, tenancy, june, paid


def test_who_issued_keeps_what_it_issued_and_the_new_operator_sees_its_own_alone(scene):
    old, new, firm, tenancy, june, _paid = scene
    for model in ISSUED:
        assert visible(model, to=old).exists(), model
        assert not visible(model, to=new).exists(), model
        assert visible(model, to=firm).exists(), model
        assert not visible(model, to=factories.member()).exists(), model
    july = bill(new, tenancy, JULY)
    assert (july.issuer_id, july.place_in_year) == (new.organisation_id, 2)
    assert set(visible(Statement, to=new)) == {july}
    assert set(visible(Statement, to=old)) == {june}
    assert set(visible(Statement, to=firm)) == {june, july}
    assert visible(Contract, to=new).exists()
    assert not visible(Contract, to=old).exists()


def test_a_payment_is_for_its_payee_and_never_for_the_other_operator(scene):
    old, new, _firm, tenancy, june, paid = scene
    july = bill(new, tenancy, JULY)
    pay(old, june, "700")
    assert (count_credit(tenancy, old.organisation_id), count_credit(tenancy, new.organisation_id)) == (100, 0)
    assert not PaymentShare._base_manager.filter(statement=july).exists()
    for actor, row in ((new, june), (old, july)):
        with pytest.raises(Forbidden):
            pay(actor, row, "1")
    with pytest.raises(Forbidden):
        reverse_payment(payment=paid, reason="x", actor=new)
    assert reverse_payment(payment=paid, reason="登记错了", actor=old).payee_id == old.organisation_id


def test_only_the_issuer_revokes_and_nobody_replaces_for_a_space_that_is_gone(scene):
    old, new, _firm, _tenancy, june, _paid = scene
    for verb in (revoke_statement, replace_statement):
        with pytest.raises(Refused):
            verb(statement=june, actor=new, reason="x")
    with pytest.raises(Refused) as refusal:
        replace_statement(statement=june, actor=old, reason="x")
    assert refusal.value.code == "handed_on"
    assert Statement._base_manager.get().stage == "issued"
    assert revoke_statement(statement=june, actor=old, reason="x").stage == "revoked"


def test_income_and_deposits_are_each_operators_own(scene):
    _old, new, _firm, tenancy, _june, _paid = scene
    contract = Contract._base_manager.get()
    for act, reason in (("taken", ""), ("kept", "损坏")):
        move_deposit(contract=contract, act=act, amount=Decimal(50), on=JUNE, reason=reason, actor=new)
    assert DepositEntry._base_manager.filter(keeper=new.organisation_id).count() == 2
    months = dict(list_income(tenancy.space, 2026))
    assert months[JUNE]["I74"] == 50
    assert months[JUNE]["I71"] == 0


def test_the_former_operator_still_finds_its_statements_on_its_pages(scene):
    old, new, _firm, _tenancy, june, _paid = scene
    seen = {}
    for name, actor in (("old", old), ("new", new)):
        client = factories.sign_in(Client(), actor)
        overview = client.get(reverse("billing:overview")).content.decode()
        seen[name] = (june.number in overview, client.get(reverse("billing:statement", args=[june.pk])).status_code)
        assert client.get(reverse("billing:proof", args=[_paid.pk])).status_code == (200 if name == "old" else 404)
    assert seen == {"old": (True, 200), "new": (False, 404)}


def test_a_tenant_that_takes_the_space_over_is_no_tenant_of_its_own(scene):
    _old, new, firm, tenancy, _june, _paid = scene
    hand_on(tenancy.space, new, firm)
    tenancy.refresh_from_db()
    assert (tenancy.stage, tenancy.end_cause) == ("ended", "space")


def test_months_that_no_statement_has_are_named_before_a_space_is_handed_on(client, regions):
    host = factories.member(factories.organisation(kind="space"), "owner")
    tenancy = make_tenancy(host)
    make_line(host, tenancy)
    today = timezone.localdate()
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    line = next(row for row in describe_consequences(tenancy.space) if "尚未出账" in str(row.label))
    assert (line.count, line.names) == (2, [f"{last:%Y-%m}", f"{today:%Y-%m}"])
    factories.sign_in(client, host)
    page = client.get(reverse("spaces:hand_on", args=[tenancy.space_id])).content.decode()
    assert f"{last:%Y-%m}、{today:%Y-%m}" in page
    bill(host, tenancy, (last - timedelta(days=40)).replace(day=1))
    line = next(row for row in describe_consequences(tenancy.space) if "尚未出账" in str(row.label))
    assert line.count == 3, "the month between two that have statements is named as well"
    bill(host, tenancy, last)
    line = next(row for row in describe_consequences(tenancy.space) if "尚未出账" in str(row.label))
    assert (line.count, line.names[-1], f"{last:%Y-%m}" in line.names) == (2, f"{today:%Y-%m}", False)
    other = describe_consequences(make_space(host, "演示·另一空间"))
    assert next(row.count for row in other if "尚未出账" in str(row.label)) == 0
