"""The calculator on a measure's page: whose figures it shows, what it refuses, where it stays; what has ended is red."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pypdf
import pytest
from django.utils import timezone
from django.utils.html import strip_tags

import factories
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of

pytestmark = pytest.mark.usefixtures("library", "regions")
LOAN = "/policies/measures/2.6.1-loan-jl-int/"
PROFIT = "/policies/measures/2.6.3-small-profit/"


def calculator_of(page):
    return page.partition('id="calculator"')[2].partition("</aside>")[0]


def test_it_opens_empty_and_says_nothing_of_a_result(client):
    page = client.get(PROFIT).content.decode()
    shown = calculator_of(page)
    assert 'role="status"' not in shown.partition("<form")[0]
    assert not re.findall(r'<input type="text"[^>]* value="[^"]+"', shown)
    assert "还没有填写" in shown
    assert 'id="curve"' not in page


def test_an_example_is_called_one(client):
    page = client.get(PROFIT, {"example": "1"}).content.decode()
    before = calculator_of(page).partition("<form")[0]
    assert "示例" in before
    assert "这是示例的数字，不是您的" in before
    assert "¥" in strip_tags(before)
    assert 'id="curve"' in page
    typed = calculator_of(client.get(PROFIT, {"try": "1", "taxable_income": "600000"}).content.decode())
    assert "示例" not in strip_tags(typed)


def test_it_opens_with_what_is_known_of_who_is_signed_in(client):
    owner = factories.member()
    subject = subject_of(owner)
    state(subject=subject, name="taxable_income", value=Decimal(654321), actor=owner, as_of=timezone.localdate())
    shown = calculator_of(factories.sign_in(client, owner).get(PROFIT).content.decode())
    assert "已按您的信息填好" in shown
    assert 'value="654321"' in shown


def test_the_answer_is_where_the_form_leads_with_or_without_a_script(client):
    shown = calculator_of(client.get(PROFIT, {"try": "1", "taxable_income": "600000"}).content.decode())
    assert '<form method="get" action="#worked-out">' in shown
    assert shown.index('id="worked-out"') < shown.index("<form")
    assert 'tabindex="-1"' in shown


@pytest.mark.parametrize(("name", "typed", "most"), [("loan_years", "100", "30"), ("loan_years", "31年", "30")])
def test_the_impossible_is_refused_by_the_bounds_of_the_pack(client, name, typed, most):
    asked = {"version": "LOAN-JL-INT-2025", "try": "1", "loan_amount": "20万", "loan_rate": "3.45", name: typed}
    shown = calculator_of(client.get(LOAN, asked).content.decode())
    assert f"不大于{most}" in strip_tags(shown).replace(" ", "")
    assert f'value="{typed}"' in shown
    assert 'role="status"' not in shown.partition("<form")[0], "nothing is worked out of what cannot be"


def test_what_has_ended_is_marked_red_and_what_holds_is_not(client):
    old = client.get(PROFIT, {"version": "CIT-SLP-2015A"}).content.decode()
    head = old.partition("</h1>")[2].partition('class="cb-two"')[0]
    assert 'class="cb-badge is-ended"' in head
    assert "已失效" in head
    assert 'class="cb-notice is-error"' in head
    now = client.get(PROFIT).content.decode()
    head = now.partition("</h1>")[2].partition('class="cb-two"')[0]
    assert 'class="cb-badge is-ended"' not in head
    assert head.count('<span class="cb-ended">已失效</span>') >= 3, "older versions are marked in the list too"


def test_a_document_calls_itself_this_one_and_not_now(client):
    page = client.get("/policies/documents/jilin-2015-31/").content.decode()
    assert "本文件" in page
    assert ">现在<" not in page


def test_facets_are_in_order_and_without_doubles(client):
    page = client.get("/policies/").content.decode()
    facets = dict(re.findall(r"<summary>([^<]+)</summary>\s*<ul>(.*?)</ul>", page, re.DOTALL))
    named = {
        title: [tuple(strip_tags(item).split()) for item in re.findall(r"<li>(.*?)</li>", items, re.DOTALL)]
        for title, items in facets.items()
    }
    for values in named.values():
        labels = ["".join(value[:-1]) for value in values]
        assert len(set(labels)) == len(labels)
    for title in ("主题", "主管部门"):
        counts = [int(value[-1]) for value in named[title]]
        assert counts == sorted(counts, reverse=True)
    assert not {"众创空间建设", "登记注册", "资金支持"} & {value[0] for value in named["主题"]}


def test_one_box_to_search_is_seen_on_the_page_of_the_library(client):
    page = client.get("/policies/").content.decode()
    assert '<body class="cb-searching"' in page
    assert '<body class=""' in client.get("/").content.decode()


def test_a_handout_is_one_page_with_sum_telephone_and_code(client):
    for ref in ("2.3.5-jl-grad-50k", "2.3.1-guaranteed-loan-jilin", "2.6.4-venture-deduction"):
        content = client.get(f"/policies/measures/{ref}/handout.pdf").content
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        said = "".join(page.extract_text() for page in pages).replace(" ", "").replace("\n", "")
        assert len(pages) == 1
        for words in ("谁可以享受", "下一步", "需要带的材料", "咨询电话", "扫码看全文"):
            assert words in said, (ref, words)
