"""Between a tenancy and its money: the agreement leads to the contract, the tenancy to both, and no month is forgotten."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from billing.scene import bill, make_line, make_tenancy, pay
from booking.scene import at, make_room
from chuangbao.billing.domain.contracts import make_contract
from chuangbao.billing.domain.deposits import move_deposit
from chuangbao.billing.domain.statements import replace_statement, revoke_statement
from chuangbao.billing.models import Contract, Statement
from chuangbao.booking.domain.bookings import book
from chuangbao.core.onward import find_ways
from chuangbao.core.workbench import todos_of
from chuangbao.tenants.domain.agreements import offer_agreement, sign_agreement
from chuangbao.tenants.domain.cards import fill_card
from chuangbao.tenants.domain.ending import graduate_tenant, leave_space
from chuangbao.tenants.domain.support import add_milestone, log_service
from chuangbao.tenants.models import Tenancy
from spaces.samples import make_space
from tenants.scene import admit, apply_as

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def host():
    return factories.member()


@pytest.fixture
def firm():
    return factories.member()


def read(actor, address):
    answer = factories.sign_in(Client(), actor).get(address)
    return answer.status_code, answer.content.decode()


def ways(actor, tenancy):
    """The ways to the money of a tenancy."""
    found = find_ways(actor, "tenants.tenancy", [tenancy]).get(tenancy.pk, [])
    return [way.title for way in found if way.url.startswith("/billing/")]


def test_who_leaves_is_told_first_of_bookings_to_come_and_statements_not_paid(host, firm):
    space = make_space(host)
    tenancy = make_tenancy(host, firm, space)
    make_line(host, tenancy)
    statement = bill(host, tenancy)
    room = make_room(host, space.sites.get().venue)
    booking = book(resource=room, actor=firm, starts=at(10), ends=at(11), purpose="例会")
    own = reverse("tenants:own", args=[tenancy.pk])
    links = [reverse("billing:statement", args=[statement.pk]), reverse("booking:booking", args=[booking.pk])]
    page = read(firm, own)[1]
    card = page[page.index("退出空间") :]
    assert all(link in card for link in links)
    assert "价格按预订时的约定不变" in card
    price = booking.price
    assert factories.sign_in(Client(), firm).post(reverse("tenants:leave", args=[tenancy.pk])).url == own
    page = read(firm, own)[1]
    assert all(link in page[page.index('id="handover"') :] for link in links)
    booking.refresh_from_db()
    assert (booking.stage, booking.price) == ("confirmed", price), "kept at the price agreed"


def test_a_contract_follows_from_the_agreement_and_takes_its_number_and_days(host, firm):
    row = admit(apply_as(firm, make_space(host)), host)
    first = timezone.localdate()
    paper = offer_agreement(tenancy=row, actor=host, starts_on=first, term_ends_on=first + timedelta(days=365))
    assert ways(host, row) == []
    sign_agreement(agreement=paper, actor=firm, seen=paper.content_hash)
    row = Tenancy._base_manager.get()
    assert ways(host, row) == ["登记合同", "账单列表"]
    status, page = read(host, reverse("billing:contract_new", args=[row.pk]))
    assert (status, f'value="{paper.number}"' in page, paper.term_ends_on.isoformat() in page) == (200, True, True)
    made = make_contract(tenancy=row, number="HT-1", first=first, actor=host)
    assert made.agreement == paper
    assert ways(host, row) == ["合同HT-1", "账单列表"]
    assert ways(firm, row) == ["合同HT-1", "我的空间账单"]
    assert ways(factories.member(), row) == ["我的空间账单"]  # a stranger never comes to the page itself
    for actor, name in ((host, "tenants:tenancy"), (firm, "tenants:own")):
        assert "HT-1" in read(actor, reverse(name, args=[row.pk]))[1]
    assert paper.number in read(firm, reverse("billing:contract", args=[made.pk]))[1]


def test_lists_narrow_to_one_tenant(host, firm):
    space = make_space(host)
    mine, other = make_tenancy(host, firm, space=space), make_tenancy(host, factories.member(), space=space)
    numbers = {}
    for row in (mine, other):
        make_line(host, row)
        numbers[row.pk] = (bill(host, row).number, Contract._base_manager.get(tenancy=row).number)
    for name, place in (("overview", 0), ("contracts", 1)):
        page = read(host, f"{reverse(f'billing:{name}')}?tenancy={mine.pk}")[1]
        assert (numbers[mine.pk][place] in page, numbers[other.pk][place] in page) == (True, False)


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2026-13", "１２３４-01", "", "2199-12"])
def test_a_month_centuries_away_is_no_month(host, firm, month):
    tenancy = make_tenancy(host, firm)
    for name in ("bill", "charges"):
        assert read(host, reverse(f"billing:{name}", args=[tenancy.space_id]) + f"?month={month}")[0] == 200
    assert read(host, reverse("billing:overview") + f"?month={month}")[0] == 200


def test_a_month_that_was_left_out_is_named_where_the_next_one_is_billed(host, firm):
    tenancy = make_tenancy(host, firm)
    make_line(host, tenancy)
    page = reverse("billing:bill", args=[tenancy.space_id]) + "?month=2026-07"
    assert "?month=2026-06" in read(host, page)[1]
    bill(host, tenancy)
    assert "上个月还有费用没有出账" not in read(host, page)[1]


def test_a_statement_for_days_after_the_end_asks_its_operator_for_a_new_one(host, firm):
    tenancy = make_tenancy(host, firm)
    make_line(host, tenancy)
    made = bill(host, tenancy, date(2026, 6, 1))
    address = reverse("billing:statement", args=[made.pk])
    assert "已经退出" not in read(host, address)[1]
    Statement._base_manager.filter(pk=made.pk).update(issued_on=date(2026, 5, 28), due_on=date(2026, 6, 9))
    Tenancy._base_manager.filter(pk=tenancy.pk).update(stage="left", ended_on=date(2026, 6, 10))
    assert "已经退出" in read(host, address)[1]
    assert "已经退出" not in read(firm, address)[1]
    pay(host, made, "1000")
    newer = replace_statement(statement=made, actor=host, reason="已退出")
    page = read(host, reverse("billing:statement", args=[newer.pk]))[1]
    assert ("已经退出" in page, newer.total < 1000) == (False, True), "what was put right is not warned of"
    assert "撤销原收款" in page, "it says how what is left is paid back"


def test_a_tenant_takes_contracts_statements_and_payments_along(host, firm):
    tenancy = make_tenancy(host, firm)
    make_line(host, tenancy)
    made = bill(host, tenancy)
    pay(host, made, "400")
    answer = factories.sign_in(Client(), firm).get(reverse("tenants:data", args=[tenancy.pk]))
    archive = ZipFile(BytesIO(answer.content))
    assert f"{tenancy.space.name}-{tenancy.name}.xlsx" in archive.namelist()
    assert unquote(answer["Content-Disposition"]).endswith(f"{tenancy.space.name}-{tenancy.name}.zip")
    assert archive.read(f"账单-{made.number}.pdf").startswith(b"%PDF")
    book = load_workbook(BytesIO(archive.read(f"{tenancy.space.name}-{tenancy.name}.xlsx")))
    found = {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book}
    assert [(row[1], row[4], row[7]) for row in found["入驻合同"]] == [("工位A01", 1000, "0%")]
    assert [(row[0], row[4], row[5], row[7]) for row in found["账单列表"]] == [(made.number, 1000, 400, "待缴")]
    assert [(row[1], row[3]) for row in found["收款记录"]] == [(made.issuer.name, 400)]


def test_a_deposit_that_is_held_is_not_lost_when_its_tenant_leaves(host, firm):
    tenancy = make_tenancy(host, firm)
    contract = make_line(host, tenancy).contract
    asked = {"contract": contract, "actor": host, "on": date(2026, 1, 2)}
    move_deposit(act="taken", amount=Decimal(500), **asked)
    own = reverse("tenants:own", args=[tenancy.pk])
    held = f"合同 {contract.number}：押金尚存 ¥500.00"
    assert held in read(firm, own)[1], "said before leaving"
    assert to_give_back(host) == []
    leave_space(tenancy=tenancy, actor=firm)
    for actor, address in ((firm, own), (host, reverse("tenants:tenancy", args=[tenancy.pk]))):
        page = read(actor, address)[1]
        handover = page[page.index('id="handover"') :]
        assert ("退还押金" in handover, held in handover) == (True, True)
    assert to_give_back(host) == [f"退还 {tenancy.name} 的押金：¥500.00"]
    assert to_give_back(firm) == []
    answer = factories.sign_in(Client(), firm).get(reverse("tenants:data", args=[tenancy.pk]))
    archive = ZipFile(BytesIO(answer.content))
    book = load_workbook(BytesIO(archive.read(f"{tenancy.space.name}-{tenancy.name}.xlsx")))
    assert [row[2:4] for row in book["押金"].iter_rows(min_row=2, values_only=True)] == [("收取押金", 500)]
    move_deposit(act="returned", amount=Decimal(500), **asked | {"on": date(2026, 1, 3)})
    assert to_give_back(host) == []


def test_a_month_billed_beyond_the_day_of_leaving_is_said_to_both_sides(host, firm, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_given: date(2026, 11, 29))
    tenancy = make_tenancy(host, firm)
    make_line(host, tenancy, "600.00")
    made = bill(host, tenancy, date(2026, 11, 1))
    pay(host, made, "600", paid_on=date(2026, 11, 5))
    own, words = reverse("tenants:own", args=[tenancy.pk]), f"账单 {made.number}：多收 ¥20.00"
    month = reverse("billing:bill", args=[tenancy.space_id]) + "?month=2026-11"
    assert words in read(firm, own)[1], "said before leaving"
    assert (to_put_right(host), "多收" in read(host, month)[1]) == ([], False)
    leave_space(tenancy=tenancy, actor=firm)
    for actor, address in ((firm, own), (host, reverse("tenants:tenancy", args=[tenancy.pk]))):
        page = read(actor, address)[1]
        assert words in page[page.index('id="handover"') :]
    link = reverse("billing:statement", args=[made.pk]) + "#revoke"
    assert to_put_right(host) == [(f"出账单更正：{tenancy.name} 的账单 {made.number} 多收 ¥20.00", link)]
    assert to_put_right(firm) == []
    page = read(host, month)[1]
    assert (link in page, "¥20.00" in page) == (True, True)
    replace_statement(statement=made, actor=host, reason="已退出")
    assert (to_put_right(host), "多收" in read(host, month)[1]) == ([], False)
    assert words not in read(firm, own)[1]


def to_put_right(actor):
    """What the workbench says of statements to put right, with the ways there."""
    return [(row.title, row.url) for label, rows in todos_of(actor) for row in rows if label == "待更正的账单"]


def to_give_back(actor):
    """What the workbench says of deposits to give back."""
    return [row.title for label, rows in todos_of(actor) for row in rows if str(label) == "待退还押金"]


UNSAID = re.compile(r"[a-z]+(_[a-z]+)*( [a-z]+)*|true|false|none", re.IGNORECASE)
"""A heading or value that is a name of the program's own."""


def test_the_own_data_are_in_the_words_of_the_reader(host, firm):
    space = make_space(host)
    tenancy = make_tenancy(host, firm, space)
    contract = make_line(host, tenancy).contract
    move_deposit(contract=contract, act="taken", amount=Decimal(500), on=date(2026, 1, 2), actor=host)
    pay(host, bill(host, tenancy), "400")
    book(resource=make_room(host, space.sites.get().venue), actor=firm, starts=at(10), ends=at(11), purpose="例会")
    fill_card(tenancy=tenancy, year=2026, actor=firm, staff=3)
    log_service(tenancy=tenancy, actor=host, kind="policy", given_on=date(2026, 3, 1), provider="演示")
    add_milestone(tenancy=tenancy, actor=firm, kind="income", title="首单")
    graduate_tenant(tenancy=tenancy, actor=host, grounds={"a": "证书"})
    answer = factories.sign_in(Client(), firm).get(reverse("tenants:data", args=[tenancy.pk]))
    archive = ZipFile(BytesIO(answer.content))
    sheets = load_workbook(BytesIO(archive.read(next(name for name in archive.namelist() if name.endswith(".xlsx")))))
    cells = {
        str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    }
    assert {"交接事项", "办结于", "核对结果", "填写时间", "预约", "会议室", "否"} <= cells | set(sheets.sheetnames)
    assert sorted(cell for cell in cells if UNSAID.fullmatch(cell)) == []
    assert all(sheet.max_row > 1 for sheet in sheets if sheet.title != "洽谈"), sheets.sheetnames


def to_bill(actor):
    """What the workbench says is to be billed."""
    return [row.title for _label, rows in todos_of(actor) for row in rows if "?month=" in row.url]


def test_a_month_that_is_over_waits_until_each_tenant_has_its_statement(host, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_given: date(2026, 7, 4))
    space = make_space(host, name="演示·收费空间")
    rows = [make_tenancy(host, space=space) for _n in range(2)]
    for row in rows:
        make_line(host, row)
    free = make_tenancy(host, space=space)
    make_line(host, free, "0.00")
    assert to_bill(host) == ["为演示·收费空间出2026-06的账单：2户"]
    assert to_bill(factories.member()) == []
    bill(host, rows[0])
    assert to_bill(host) == ["为演示·收费空间出2026-06的账单：1户"]
    made = bill(host, rows[1])
    assert to_bill(host) == []
    revoke_statement(statement=made, reason="写错了", actor=host)
    assert to_bill(host) == ["为演示·收费空间出2026-06的账单：1户"]


def test_the_last_month_of_who_left_waits_at_once(host, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_given: date(2026, 7, 4))
    row = make_tenancy(host, starts_on=date(2026, 7, 1), stage="left", ended_on=date(2026, 7, 2))
    stays = make_tenancy(host, space=row.space, starts_on=date(2026, 7, 1))
    for one in (row, stays):
        make_line(host, one, first=date(2026, 7, 1))
    assert to_bill(host) == ["为演示·收费空间出2026-07的账单：1户"]


def test_contracts_are_narrowed_sorted_and_taken_along(client, host):
    space, today = make_space(host), timezone.localdate()
    week, names = timedelta(days=7), {}
    spans = {"over": (-9, -1), "now": (-1, None), "ends": (-2, 1), "later": (2, None)}
    for name, (first, last) in spans.items():
        tenancy = make_tenancy(host, space=space)
        dates = {"first": today + first * week, "last": None if last is None else today + last * week}
        names[name] = make_contract(tenancy=tenancy, number=f"HT-{name}", actor=host, deposit=Decimal(500), **dates)
    factories.sign_in(client, host)
    found = {
        "": ["later", "now", "ends", "over"],
        "state=now": ["now", "ends"],
        "state=later": ["later"],
        "state=over": ["over"],
        "state=x&sort=y": ["later", "now", "ends", "over"],
        "sort=ends": ["over", "ends", "now", "later"],
        "q=HT-now": ["now"],
        f"tenancy={names['over'].tenancy_id}": ["over"],
        "q=HT&sort=tenant": sorted(names, key=lambda name: names[name].tenancy.name),
    }
    for query, expected in found.items():
        shown = client.get(f"{reverse('billing:contracts')}?{query}").content.decode()
        assert re.findall(r">HT-(\w+)</a>", shown) == expected, query
        answer = client.get(f"{reverse('billing:contract_workbook')}?{query}")
        rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(min_row=2, values_only=True))
        assert [row[0] for row in rows] == [f"HT-{name}" for name in expected], query
    assert "没有符合" in client.get(f"{reverse('billing:contracts')}?q=无").content.decode()
