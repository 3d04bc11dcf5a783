"""What an attacker tries on the money of a space: sums that no column holds, foreign ids, and texts in an address."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

import factories
from billing.scene import HALF, JUNE, bill, make_line, make_tenancy, pay, slip
from chuangbao.billing.domain.contracts import change_price
from chuangbao.billing.domain.support import sum_support
from chuangbao.billing.models import ContractLine, Payment, Statement
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.models import Award, Fact
from chuangbao.tenants.models import Tenancy

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def host():
    return factories.member()


def test_a_price_times_a_quantity_that_no_column_holds_is_refused_before_it_is_billed(host):
    tenancy = make_tenancy(host)
    for price, quantity in (("9999999999.99", "9999999.99"), ("1000000000.01", "1")):
        with pytest.raises(Refused) as refusal:
            make_line(host, tenancy, price, quantity=Decimal(quantity))
        assert refusal.value.code == "too_much"
    line = make_line(host, tenancy, "1", quantity=Decimal("9999999.99"))
    with pytest.raises(Refused) as refusal:
        change_price(line=line, price=Decimal(9999999999), first=JUNE, actor=host)
    assert (refusal.value.code, refusal.value.field) == ("too_much", "price")
    assert ContractLine._base_manager.count() == 1
    assert bill(host, tenancy).total == Decimal("9999999.99")


@pytest.mark.parametrize("amount", ["-1", "0", "NaN", "Infinity", "1e30", "１２３", "0.001", "", "1,000"])
def test_an_amount_that_is_none_is_refused_or_read_right(host, amount):
    tenancy = make_tenancy(host)
    make_line(host, tenancy)
    made = bill(host, tenancy)
    client = factories.sign_in(Client(), host)
    sent = {"amount": amount, "paid_on": "2026-07-01", "way": "cash", "file": slip()}
    answer = client.post(reverse("billing:pay", args=[made.pk]), sent)
    found = list(Payment._base_manager.values_list("amount", flat=True))
    assert (answer.status_code, found) in [(422, []), (302, [Decimal(123)])]


def test_foreign_ids_lead_nowhere(host):
    tenancy = make_tenancy(host)
    line = make_line(host, tenancy)
    made = bill(host, tenancy)
    paid = pay(host, made, "10")
    addresses = [
        ("contract", line.contract_id), ("line", line.pk), ("line_add", line.contract_id), ("deposit", line.contract_id),
        ("contract_end", line.contract_id), ("line_end", line.pk), ("statement", made.pk), ("statement_pdf", made.pk),
        ("statement_revoke", made.pk), ("statement_replace", made.pk), ("pay", made.pk), ("payment_reverse", paid.pk),
        ("proof", paid.pk), ("contract_new", tenancy.pk), ("bill", tenancy.space_id), ("income", tenancy.space_id),
        ("income_workbook", tenancy.space_id), ("charges", tenancy.space_id), ("issue", tenancy.space_id),
    ]  # fmt: skip
    strangers = [factories.member(), factories.founder(), factories.officer("spaces"), factories.admin("system")]
    for actor in strangers:
        client = factories.sign_in(Client(), actor)
        for name, pk in addresses:
            for send in (client.get, client.post):
                status = send(reverse(f"billing:{name}", args=[pk]), follow=True).status_code
                assert status in {403, 404, 405}, (name, actor.capacity, status)
    assert Statement._base_manager.get().stage == "issued"
    assert Payment._base_manager.count() == 1


@pytest.mark.parametrize(
    "asked", [{"q": "\x00"}, {"q": "%_\\'"}, {"tenancy": "9" * 30}, {"space": "-1"}, {"page": "x"}]
)
@pytest.mark.parametrize("name", ["overview", "contracts", "workbook"])
def test_lists_bear_what_is_in_an_address(host, name, asked):
    make_tenancy(host)
    client = factories.sign_in(Client(), host)
    assert client.get(reverse(f"billing:{name}"), asked).status_code in {200, 400}


def test_an_operator_writes_no_support_into_the_facts_of_a_firm_that_never_said_it_was_its_tenant(host):
    firm = factories.member()
    tenancy = make_tenancy(host, firm)
    Tenancy._base_manager.update(entry="stated")
    tenancy.refresh_from_db()
    make_line(host, tenancy, waiver=HALF)
    made = bill(host, tenancy)
    assert made.waived > 0
    assert sum_support(tenancy.organization, JUNE.year) == 0
    assert not Fact._base_manager.exists()
    assert not Award._base_manager.exists()
