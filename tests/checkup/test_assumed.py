"""What a result assumes is what its rows hang on, can be changed where it is read, and a wished loan is asked for."""

from __future__ import annotations

import re

import pytest
from django.utils.html import strip_tags

from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.models import CheckUp
from chuangbao.core.access.tokens import hash_token

pytestmark = pytest.mark.usefixtures("library", "regions")
PERSON = {"page": "person", "age": "below_46", "registered": "idea", "groups": "unemployed"}


def begin(client, who, want, **person):
    address = client.post("/checkup/", {"who": who, "want": want, "region": ""})["Location"]
    client.post(f"{address}answer/", PERSON | person)
    client.post(f"{address}answer/", {"page": "plans", "plans": "none"})
    return address


def result_at(address):
    return result_of(CheckUp.objects.get(token_hash=hash_token(address.strip("/").split("/")[-1])))


def words_of(response):
    return re.sub(r"\s+", "", strip_tags(response.content.decode()))


@pytest.mark.parametrize("who", ["veteran", "job_seeker"])
def test_who_came_for_a_loan_is_asked_how_large_a_one(client, who):
    address = begin(client, who, "loan")
    page = client.get(address)
    assert 'name="loan_amount"' in page.content.decode()
    assert "想贷款多少？" in words_of(page)
    client.post(f"{address}answer/", {"fact": "loan_amount", "loan_amount": "20万"})
    page = client.get(address)
    assert "可申请最高20万元贷款" in words_of(page)
    assert 'name="loan_amount"' not in page.content.decode()
    assert "loan_amount" not in result_at(address).assumptions


def test_a_loan_of_unknown_size_is_asked_for_once(client):
    address = begin(client, "veteran", "loan")
    client.post(f"{address}answer/", {"fact": "loan_amount", "unknown": "1"})
    assert 'name="loan_amount"' not in client.get(address).content.decode()
    assert "可申请最高30万元贷款" in words_of(client.get(address))


def test_who_came_for_something_else_is_not_asked_and_can_change_it(client):
    address = begin(client, "job_seeker", "start")
    page = client.get(address).content.decode()
    assert 'name="loan_amount"' not in page
    row = page.partition("先按这些数试算，可以改")[2].partition("</p>")[0]
    for name in ("loan_amount", "loan_years", "loan_rate"):
        assert f'href="{address}?fact={name}"' in row
    folded = page.partition("（不是您说的）")[2].partition("</details>")[0]
    assert folded.count("?fact=") == len(result_at(address).assumptions)


def test_a_figure_that_was_given_is_changed_at_the_row_that_uses_it(client):
    address = client.post("/checkup/", {"who": "company", "want": "none", "region": ""}).url
    client.post(f"{address}answer/", {"page": "business", "registered_on": "2023-09-01", "staff_total": "8"})
    money = {"revenue": "96万", "taxable_income": "60万", "assets_avg": "80万", "is_small_scale": "true"}
    client.post(f"{address}answer/", {"page": "money", **money})
    client.post(f"{address}answer/", {"page": "trade", "trade": "software"})
    page = client.get(address).content.decode()
    row = page.partition("/policies/measures/2.6.3-small-profit/?")[2].partition("</li>")[0]
    line = row.partition("按您填的")[2].partition("</p>")[0]
    assert f'href="{address}?fact=taxable_income"' in line
    assert "600,000" in line or "60万" in line
    assert f'href="{address}?fact=revenue"' not in line, "a figure that this row does not use"
    shared = client.post(f"{address}share/").url
    assert "按您填的" not in client.get(shared).content.decode(), "a reader of a copy changes nothing"


def test_what_no_row_hangs_on_is_no_assumption(client):
    address = begin(client, "job_seeker", "start", age="retired", groups="none")
    result = result_at(address)
    assert "loan_amount" in result.lived.assumed
    assert not any(found.answer.kind == "loan" for found in (*result.eligible, *result.later))
    assert "loan_amount" not in result.assumptions
    assert "申请贷款金额" not in words_of(client.get(address)).partition("（不是您说的）")[2][:200]


def test_what_follows_from_what_was_said_is_no_assumption(client):
    address = client.post("/checkup/", {"who": "company", "want": "none", "region": ""}).url
    client.post(f"{address}answer/", {"page": "business", "registered_on": "2023-09-01", "staff_total": "8"})
    money = {"revenue": "72万", "taxable_income": "60万", "assets_avg": "300万", "is_small_scale": "true"}
    client.post(f"{address}answer/", {"page": "money", **money})
    client.post(f"{address}answer/", {"page": "trade", "trade": "software"})
    result = result_at(address)
    assert {"assets", "month_sales", "quarter_sales", "rate3_sales"} <= result.lived.assumed.keys()
    assert {"assets", "month_sales", "quarter_sales", "rate3_sales"}.isdisjoint(result.assumptions)
    assert "vat_quarterly" in result.assumptions, "nobody said how often it is declared"
    page = words_of(client.get(address))
    assert "（按您说的全年推算）" in page
    folded = client.get(address).content.decode().partition("（不是您说的）")[2].partition("</details>")[0]
    assert "增值税" in folded
    assert "资产总额" not in folded


def test_what_one_would_be_by_registering_is_assumed_and_said_to_be(client):
    address = begin(client, "job_seeker", "find_money", groups="hard_to_place")
    result = result_at(address)
    (row,) = (found for found in result.later if found.measure.id == "2.3.5-jl-init")
    assert {"founder_role", "registered_on"} <= set(row.assumptions)
    page = words_of(client.get(address))
    assert "按此试算：企业法定代表人" in page
    assert "您的情况：企业法定代表人" not in page


def test_what_decides_what_a_makerspace_ticked_is_asked_before_the_list_is_ready(client):
    address = client.post("/checkup/", {"who": "makerspace", "want": "recognition", "region": ""}).url
    space = {"org_kind": "makerspace", "org_level": "other", "services": "software"}
    client.post(f"{address}answer/", {"page": "space", **space})
    assert result_at(address).pending.id == "software"
    client.post(f"{address}answer/", {"page": "software", "soft_cost": "5万"})
    (row,) = (found for found in result_at(address).by_office if found.measure.id == "2.5.5-seed-soft")
    assert not row.open_facts
