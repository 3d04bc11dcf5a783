"""The pages of the money of spaces: from a contract to a paid statement, and what each side sees."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from openpyxl import load_workbook
from pypdf import PdfReader

import factories
from billing.scene import HALF, WHY, bill, make_line, make_tenancy, pay, slip
from chuangbao.billing.domain.contracts import Waiver
from chuangbao.billing.models import Contract, ContractLine, DepositEntry, Payment, Statement
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.workbench import mine_of, todos_of
from chuangbao.tenants.models import Tenancy
from spaces.samples import make_space
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")
LINE = {"kind": "desk", "name": "工位A01", "unit": "month", "price": "1000", "quantity": "1", "waived": "0"}


@pytest.fixture
def host(client):
    actor = factories.member()
    factories.sign_in(client, actor)
    return actor


@pytest.fixture
def firm():
    return factories.member()


def read(answer):
    return answer.content.decode()


def test_from_a_price_list_to_a_paid_statement(client, host, firm):
    assert "尚未登记众创空间" in read(client.get(reverse("billing:overview")))
    tenancy = make_tenancy(host, firm)
    space = tenancy.space.pk
    prices = reverse("billing:prices", args=[space])
    assert "还没有价目" in read(client.get(prices))
    item = {
        "kind": "desk",
        "name": "开放工位",
        "unit": "month",
        "price": "300",
        "first": "2026-01-01",
        "is_public": "on",
    }
    assert client.post(prices, item | {"price": "-1"}).status_code == 422
    assert client.post(prices, item).url == prices
    assert "开放工位" in read(client.get(reverse("billing:price_list", args=[space])))
    assert tenancy.name in read(client.get(reverse("billing:contracts")))
    new = reverse("billing:contract_new", args=[tenancy.pk])
    form = {"number": "HT-2026-01", "first": "2026-01-01", "last": "2025-01-01", "days_to_pay": "10", "deposit": "500"}
    wrong = client.post(new, form)
    assert wrong.status_code == 422
    assert "截止日期早于起始日期" in read(wrong)
    contract = client.post(new, form | {"last": ""}).url
    row = unscoped(Contract, because=WHY).get()
    add = reverse("billing:line_add", args=[row.pk])
    chosen = str(tenancy.space.price_items.get().pk)
    odd = client.post(add, {"quantity": "-2", "waived": "150", "first": "2026-01-01"})
    assert {"quantity", "waived", "kind"} <= set(odd.context["form"].errors), "all at once"
    half = {"waived": "50", "reason": "start", "bearer": "space"}
    assert client.post(add, {"item": chosen, "quantity": "2", "first": "2026-06-16", **half}).url == contract
    assert "减免 50%" in read(client.get(contract))
    month = reverse("billing:bill", args=[space])
    preview = read(client.get(month, {"month": "2026-06"}))
    assert "2026-06-16 至 2026-06-30：¥300.00 × 2 × 15/30 天 = ¥300.00；" in preview
    issue = reverse("billing:issue", args=[space])
    assert client.post(issue, {"month": "2026-06"}).status_code == 422
    client.post(issue, {"month": "2026-06", "tenancies": [str(tenancy.pk)]})
    statement = unscoped(Statement, because=WHY).get()
    assert (statement.total, statement.waived) == (Decimal(150), Decimal(150))
    assert "没有待出账的费用" in read(client.get(month, {"month": "2026-06"}))
    page = reverse("billing:statement", args=[statement.pk])
    assert "所获支持" in read(client.get(page))
    words = PdfReader(BytesIO(client.get(reverse("billing:statement_pdf", args=[statement.pk])).content))
    paper = words.pages[0].extract_text()
    assert statement.number in paper
    assert "150.00" in paper
    paid = {"amount": "200", "paid_on": "2026-07-01", "way": "transfer", "note": ""}
    payment = reverse("billing:pay", args=[statement.pk])
    bad = client.post(payment, paid | {"file": factories.upload(b"no picture", "回单.pdf")})
    assert bad.status_code == 422
    assert "不是" in read(bad)
    done = client.post(payment, paid | {"keeps_rest": "on", "file": slip()}, follow=True)
    assert "¥50.00 作为预存余额保留" in read(done)
    book = load_workbook(BytesIO(client.get(reverse("billing:workbook"), {"state": "paid"}).content))
    assert [cell.value for cell in list(book.active.rows)[1]][:2] == [statement.number, tenancy.name]
    assert "没有符合的账单" in read(client.get(reverse("billing:overview"), {"state": "late"}))


def test_the_paper_of_a_statement_says_its_state_as_its_page_does(client, host):
    tenancy = make_tenancy(host)
    make_line(host, tenancy)
    factories.sign_in(client, host)
    made = bill(host, tenancy)
    before = paper_text(client, made)
    assert [words in before for words in ("待缴", "前缴", "怎样缴费", "已出账")] == [True, True, True, False]
    pay(host, made, "1000")
    assert "已缴" in strip_tags(read(client.get(reverse("billing:statement", args=[made.pk]))))
    paper = paper_text(client, made)
    assert ("已缴" in paper, "无须再缴" in paper) == (True, True)
    assert all(words not in paper for words in ("前缴", "已出账", "怎样缴费"))


def paper_text(client, statement):
    """What the PDF of a statement says."""
    answer = client.get(reverse("billing:statement_pdf", args=[statement.pk]))
    return PdfReader(BytesIO(answer.content)).pages[0].extract_text()


def test_a_payment_of_more_than_is_owed_asks_first(client, host):
    tenancy = make_tenancy(host)
    make_line(host, tenancy, waiver=HALF)
    factories.sign_in(client, host)
    payment = reverse("billing:pay", args=[bill(host, tenancy).pk])
    paid = {"amount": "550", "paid_on": "2026-07-01", "way": "transfer", "note": ""}
    asked = client.post(payment, paid | {"file": slip()})
    assert asked.status_code == 422
    assert "比应收的 ¥500.00 多 ¥50.00" in read(asked)
    assert "多出的记为预存余额" in read(asked)
    assert not unscoped(Payment, because=WHY).exists()
    assert client.post(payment, paid | {"keeps_rest": "on", "file": slip()}).status_code == 302


def test_a_contract_whose_tenancy_ended_says_until_when_it_is_charged(client, host):
    tenancy = make_tenancy(host)
    contract = make_line(host, tenancy).contract
    factories.sign_in(client, host)
    pages = [reverse("billing:contract", args=[contract.pk]), reverse("billing:contracts")]
    bill(host, tenancy)
    pages.append(reverse("billing:overview"))
    assert all("已于" not in read(client.get(page)) for page in pages)
    Tenancy._base_manager.filter(pk=tenancy.pk).update(stage="left", ended_on=date(2026, 6, 10))
    for page in pages:
        assert "入驻已于2026年6月10日结束" in strip_tags(read(client.get(page))), page
    for page in pages[:2]:
        assert "计费至2026年6月10日" in strip_tags(read(client.get(page))), page
    assert contract.number in read(client.get(pages[1], {"state": "over"}))
    assert contract.number not in read(client.get(pages[1], {"state": "now"}))


def test_the_tenant_reads_its_own_and_a_stranger_nothing(client, host, firm):
    tenancy = make_tenancy(host, firm)
    make_line(host, tenancy, waiver=HALF)
    statement = bill(host, tenancy)
    payment = pay(host, statement, "100")
    way = reverse("billing:price_list", args=[tenancy.space_id])
    assert way in read(client.get(reverse("spaces:space", args=[tenancy.space_id])))
    factories.sign_in(client, firm)
    mine = read(client.get(reverse("billing:mine")))
    assert "¥400.00" in mine
    assert statement.number in mine
    assert client.get(reverse("billing:statement", args=[statement.pk])).status_code == 200
    assert client.get(reverse("billing:contract", args=[tenancy.contracts.get().pk])).status_code == 200
    assert client.get(reverse("billing:proof", args=[payment.pk])).status_code == 200
    assert client.get(reverse("billing:pay", args=[statement.pk])).status_code == 403
    assert [todo.title for _label, rows in todos_of(firm) for todo in rows] == [f"应缴 ¥400.00：{statement.space.name}"]
    assert "我的空间账单" in [way.title for _heading, ways in mine_of(firm) for way in ways]
    assert "我们空间的收费" in [way.title for _heading, ways in mine_of(host) for way in ways]
    factories.sign_in(client, factories.member())
    assert client.get(reverse("billing:statement", args=[statement.pk])).status_code == 404
    assert client.get(reverse("billing:proof", args=[payment.pk])).status_code == 404
    assert client.get(reverse("billing:income", args=[tenancy.space_id])).status_code == 403
    assert statement.number not in read(client.get(reverse("billing:mine")))


def test_prices_change_and_what_is_wrong_is_put_right_from_the_pages(client, host):
    tenancy = make_tenancy(host)
    line = make_line(host, tenancy)
    contract = reverse("billing:contract", args=[line.contract_id])
    change = reverse("billing:line", args=[line.pk])
    assert client.post(change, {"price": "1200", "first": "2026-07-01", "waived": "10"}).status_code == 422
    assert client.post(change, {"price": "1200", "first": "2026-07-01", "waived": "0"}).url == contract
    deposit = reverse("billing:deposit", args=[line.contract_id])
    taken = {"act": "taken", "amount": "500", "on": "2026-01-02", "reason": ""}
    assert client.post(deposit, taken | {"file": slip()}).url == contract
    assert client.post(deposit, taken | {"act": "kept", "amount": "100"}).status_code == 422
    assert client.post(deposit, taken | {"act": "kept", "amount": "100", "reason": "门锁损坏"}).url == contract
    assert "门锁损坏" in read(client.get(contract))
    statement = bill(host, tenancy)
    payment = pay(host, statement, "300")
    reverse_it = reverse("billing:payment_reverse", args=[payment.pk])
    assert client.post(reverse_it, {"reason": ""}).status_code == 422
    assert client.post(reverse_it, {"reason": "登记错了"}).url == reverse("billing:statement", args=[statement.pk])
    again = client.post(reverse("billing:statement_replace", args=[statement.pk]), {"reason": "重算"}).url
    text = read(client.get(reverse("billing:statement", args=[statement.pk])))
    assert "已作废" in text
    assert "登记错了" in text
    newer = int(again.split("/")[-2])
    assert client.post(reverse("billing:statement_revoke", args=[newer]), {"reason": ""}).status_code == 422
    assert client.post(reverse("billing:statement_revoke", args=[newer]), {"reason": "不收了"}).url == again
    ended = client.post(reverse("billing:line_end", args=[line.pk]), {"last": "2026-08-31"})
    assert ended.url == contract
    assert client.post(reverse("billing:line_end", args=[line.pk]), {"last": "2020-08-31"}).status_code == 422
    assert (
        client.post(reverse("billing:contract_end", args=[line.contract_id]), {"last": "2020-01-01"}).status_code == 422
    )
    assert client.post(reverse("billing:contract_end", args=[line.contract_id]), {"last": "2026-12-31"}).url == contract
    assert unscoped(DepositEntry, because=WHY).count() == 2


def test_income_falls_out_by_kind_with_the_charges_behind_it(client, host):
    tenancy = make_tenancy(host)
    make_line(host, tenancy)
    make_line(host, tenancy, "200", kind="service", name="代账")
    make_line(host, tenancy, "300", kind="other", name="其他")
    bill(host, tenancy)
    income = reverse("billing:income", args=[tenancy.space_id])
    assert "这一年还没有收费" in read(client.get(income, {"year": "2020"}))
    text = read(client.get(income, {"year": "2026"}))
    for figure in ("¥1,000.00", "¥200.00", "¥300.00", "¥1,500.00", "33.3%"):
        assert figure in text
    behind = read(client.get(reverse("billing:charges", args=[tenancy.space_id]), {"month": "2026-06", "kind": "I71"}))
    assert "代账" in behind
    assert "工位A01" not in behind
    book = load_workbook(
        BytesIO(client.get(reverse("billing:income_workbook", args=[tenancy.space_id]), {"year": 2026}).content)
    )
    last = [cell.value for cell in list(book.active.rows)[-1]]
    assert last[1:6] == [0.2, 1, 0, 0.3, 1.5]


def test_the_lists_ask_a_fixed_number_of_questions(client, host):
    space = make_space(host)
    for _ in range(3):
        tenancy = make_tenancy(host, space=space)
        make_line(host, tenancy, waiver=HALF)
        pay(host, bill(host, tenancy), "10")
    statement = unscoped(Statement, because=WHY).first()
    client.get(reverse("billing:overview"))
    pages = {
        "overview": reverse("billing:overview"),
        "contracts": reverse("billing:contracts"),
        "bill": reverse("billing:bill", args=[space.pk]) + "?month=2026-07",
        "statement": reverse("billing:statement", args=[statement.pk]),
        "mine": reverse("billing:mine"),
    }
    asked = {}
    for name, page in pages.items():
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        asked[name] = len(queries)
    assert asked == {"overview": 11, "contracts": 8, "bill": 22, "statement": 14, "mine": 9}


@pytest.mark.django_db(transaction=True)
def test_a_payment_that_is_pressed_twice_is_on_record_once(regions, client):
    from uuid import uuid4

    from django.test import Client

    host = factories.member()
    tenancy = make_tenancy(host)
    make_line(host, tenancy)
    page = reverse("billing:pay", args=[bill(host, tenancy).pk])
    sent = {"amount": "100", "paid_on": "2026-07-01", "way": "cash", "note": "", "once": str(uuid4())}
    content = slip().read()
    windows = [factories.sign_in(Client(), host) for _ in range(2)]

    def press(window):
        return window.post(page, sent | {"file": factories.upload(content, "回单.pdf")}).status_code

    assert at_once(*[lambda w=w: press(w) for w in windows]) == [302, 302]
    assert unscoped(Payment, because=WHY).count() == 1
    # the control: without the token the same slip is refused the second time, with other words two are on record
    other = {name: value for name, value in sent.items() if name != "once"}
    again = windows[0].post(page, other | {"file": factories.upload(content, "回单.pdf")})
    assert again.status_code == 422
    assert "已经登记过" in read(again)
    assert windows[0].post(page, other | {"file": slip()}).status_code == 302
    assert unscoped(Payment, because=WHY).count() == 2
    assert unscoped(ContractLine, because=WHY).count() == 1
    assert date(2026, 7, 1) in unscoped(Payment, because=WHY).values_list("paid_on", flat=True)


def test_what_is_overdue_is_marked_and_who_bears_a_waiver_is_said_once(client, host, monkeypatch):
    tenancy = make_tenancy(host)
    make_line(host, tenancy, waiver=Waiver(Decimal("0.5"), "start", "space"))
    statement = bill(host, tenancy)
    page = read(client.get(reverse("billing:statement", args=[statement.pk])))
    assert "起步期优惠，空间自己承担）" in page
    assert "承担承担" not in page
    today = timezone.localdate()
    monkeypatch.setattr(timezone, "localdate", lambda *_: today + timedelta(days=30))
    page = read(client.get(reverse("billing:overview")))
    mark = page[page.index("is-overdue") : page.index("逾期", page.index("is-overdue"))]
    assert "<svg" in mark


def test_a_contract_shows_its_charges_first_and_folds_its_forms(client, host):
    tenancy = make_tenancy(host, desks=3, area=Decimal(12))
    contract = make_line(host, tenancy).contract
    address = reverse("billing:contract", args=[contract.pk])
    page = read(client.get(address))
    assert page.count("<details") == page.count("</details>")
    assert page.count("<details") >= 3
    assert '<details class="cb-card" open>' not in page
    assert "该入驻方有3个工位、12平方米。" in page
    assert reverse("billing:bill", args=[tenancy.space_id]) in page
    refused = client.post(reverse("billing:line_add", args=[contract.pk]), {"name": ""})
    assert '<details class="cb-card" open>' in read(refused), "what was refused is in sight"
