"""Lists of the money of a space: narrowed, sorted, taken along as Excel, printed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from billing.scene import bill, make_line, make_tenancy, pay
from chuangbao.billing.domain.deposits import move_deposit
from chuangbao.tenants.models import Tenancy
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def host():
    return factories.member()


def read(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def sheets(client, name, query=""):
    book = load_workbook(BytesIO(client.get(f"{reverse(name)}?{query}").content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_statements_are_sorted_by_their_term_and_by_what_is_open(client, host):
    space, found = make_space(host), {}
    for name, price, month in (("早", "100", 5), ("多", "900", 6), ("清", "500", 7)):
        tenancy = make_tenancy(host, factories.member(factories.organisation(f"演示·{name}公司")), space=space)
        make_line(host, tenancy, price)
        found[name] = bill(host, tenancy, date(2026, month, 1))
    pay(host, found["清"], "500")
    factories.sign_in(client, host)
    page = reverse("billing:overview")
    sorts = {"due": "早多清", "open": "多早清", "x": "清多早"}
    for sort, order in sorts.items():
        shown = read(client.get(page, {"sort": sort})).split('class="cb-results"')[1]
        assert "".join(re.findall(r"演示·(.)公司", shown)) == order, sort
        rows = sheets(client, "billing:workbook", f"sort={sort}")["账单列表"][1:]
        assert [row[0] for row in rows] == [found[name].number for name in order]
    payers = [row[1] for row in sheets(client, "billing:workbook", "sort=payer")["账单列表"][1:]]
    assert payers == sorted(payers)
    assert "data-print-page" in read(client.get(page))


def test_a_tenant_narrows_sorts_and_takes_its_statements_along(client, host):
    firm = factories.member()
    stranger = factories.member()
    tenancy, other = make_tenancy(host, firm), make_tenancy(stranger)
    for who, one in ((host, tenancy), (stranger, other)):
        make_line(who, one)
        for month in (5, 6, 7):
            bill(who, one, date(2026, month, 1))
    own = list(tenancy.statements.order_by("month"))
    pay(host, own[0], "1000")
    factories.sign_in(client, firm)
    page = reverse("billing:mine")
    found = {"": [2, 1, 0], "state=paid": [0], "state=due": [2, 1], "month=2026-06": [1], "sort=due": [0, 1, 2]}
    found |= {"q=没有": [], f"q={own[1].number}": [1], "q=收费空间": [2, 1, 0]}
    for query, places in found.items():
        numbers = [own[place].number for place in places]
        shown = read(client.get(f"{page}?{query}"))
        assert re.findall(r'statements/\d+/">([^<]+)</a>', shown) == numbers, query
        rows = sheets(client, "billing:own_workbook", query)["账单列表"][1:]
        assert [row[0] for row in rows] == numbers, query
    assert "没有符合的账单" in read(client.get(f"{page}?q=没有"))


def test_deposits_of_all_spaces_are_one_list(client, host):
    space, today, contracts = make_space(host), timezone.localdate(), {}
    for name in ("无", "少", "足", "离", "清"):
        firm = factories.member(factories.organisation(f"演示·{name}公司"))
        contracts[name] = make_line(host, make_tenancy(host, firm, space=space)).contract
    given = {"actor": host, "on": date(2026, 6, 1)}
    for name, amount in (("少", 200), ("足", 500), ("离", 500), ("清", 500)):
        move_deposit(contract=contracts[name], act="taken", amount=Decimal(amount), **given)
    Tenancy.objects.filter(contracts__in=[contracts["离"], contracts["清"]]).update(
        stage="graduated", ended_on=today - timedelta(days=1)
    )
    move_deposit(contract=contracts["清"], act="kept", amount=Decimal(100), reason="门锁损坏", **given)
    move_deposit(contract=contracts["清"], act="returned", amount=Decimal(400), **given)
    make_line(stranger := factories.member(), make_tenancy(stranger))
    factories.sign_in(client, host)
    found = {
        "": "清离足少无",
        "state=missing": "少无",
        "state=held": "离足少",
        "state=due_back": "离",
        "state=settled": "清",
    }
    found |= {
        "q=足公": "足",
        f"tenancy={contracts['少'].tenancy_id}": "少",
        "sort=held": "足离少无清",
        "state=x&sort=y": "清离足少无",
    }
    for query, names in found.items():
        shown = read(client.get(f"{reverse('billing:deposits')}?{query}"))
        assert "".join(re.findall(r"</a> 演示·(.)公司", shown)) == names, query
        rows = sheets(client, "billing:deposit_workbook", query)["押金"][1:]
        assert "".join(row[1][3] for row in rows) == names, query
    book = sheets(client, "billing:deposit_workbook", "state=settled")
    assert book["押金"][1][3:] == (500, 500, 100, 400, 0)
    assert [row[4:] for row in book["押金记录"][1:]] == [
        ("收取押金", 500, None),
        ("扣留押金", 100, "门锁损坏"),
        ("退还押金", 400, None),
    ]
    with CaptureQueriesContext(connection) as queries:
        shown = read(client.get(reverse("billing:deposits")))
    assert len(queries) == 7
    assert shown.count("待退还</span>") == 1
    assert shown.count("未收齐</span>") == 2
    assert "没有符合的押金" in read(client.get(f"{reverse('billing:deposits')}?q=没有"))
    assert reverse("billing:deposits") in read(client.get(reverse("billing:overview")))
