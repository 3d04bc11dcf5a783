"""What a firm is told: its largest reliefs, what it hired for, and nothing about what it said it does not do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils.html import strip_tags

from checkup.expected import LIVES
from checkup.test_expected import play, tenses
from checkup.test_relevance import FIGURES, result_by
from checkup.test_true_sums import result_with, row_of
from chuangbao.checkup.domain.checkups import find_checkup
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.sense import sense_of

pytestmark = pytest.mark.usefixtures("library", "regions")
FIRM = LIVES["owner of an eight-person software firm"]


def test_a_small_firm_that_leaves_its_assets_open_has_its_relief_on_an_assumption_that_can_be_changed(client):
    result, address = result_with(client, FIRM, "money", assets_avg="")
    assert tenses(result)["2.6.3-small-profit"] == [("now", Decimal(120_000))]
    assert "assets_small" in row_of(result, "2.6.3-small-profit").assumptions
    assert "13.96万" in sense_of(result)
    assert f'href="{address}?fact=assets_small"' in client.get(address).content.decode()
    client.post(f"{address}answer/", {"fact": "assets_small", "assets_small": "false"})
    assert "2.6.3-small-profit" not in {row.measure.id for row in result_at(address).rows}


def result_at(address):
    """The result at an address."""
    return result_of(find_checkup(address.strip("/").rsplit("/", 1)[-1]))


@pytest.mark.parametrize(("staff", "revenue"), [("80", "96万"), ("8", "2000万")])
def test_of_a_larger_firm_nothing_is_assumed_about_its_assets(client, staff, revenue):
    pages = FIRM.pages | {"business": FIRM.pages["business"] | {"staff_total": staff}}
    result, _ = result_with(client, replace(FIRM, pages=pages), "money", assets_avg="", revenue=revenue)
    assert "2.6.3-small-profit" not in {row.measure.id for row in result.rows}


def test_a_firm_of_up_to_thirty_is_free_of_the_disability_levy_without_saying_what_would_be_due(client):
    checkup, address = play(client, FIRM)
    assert tenses(result_of(checkup))["disabled-fund"] == [("now", None)]
    row = client.get(address).content.decode().partition("/policies/measures/disabled-fund/?")[2]
    assert "30人以下企业免缴" in strip_tags(row.partition("</li>")[0])


def hiring(want, **doings):
    """The life of a firm that hired graduates, with what else it says of them."""
    pages = FIRM.pages | {
        "doings": {"doings": ["hire", "staff_insured", "insured_year"]},
        "hires": {"hires": ["graduates"]},
    }
    return replace(FIRM, want=want, pages=pages | {"hire_terms": doings}, knows={})


def test_a_firm_that_hired_a_graduate_is_told_what_it_brings_before_the_list_is_ready(client):
    life = hiring("hire", expand_hires="1", hire_contract_year="true", hires_insured_months="4")
    result = result_of(play(client, life)[0])
    assert tenses(result)["ui-expand-hire"] == [("now", Decimal(1500))]
    assert "补贴1,500元" in sense_of(result)
    assert result.profile.raw["hires_recent_graduates"] == 1


def test_a_firm_whose_graduate_is_not_insured_for_three_months_yet_is_told_from_when(client):
    life = hiring("hire", expand_hires="2", hire_contract_year="true", hires_insured_months="2")
    result = result_of(play(client, life)[0])
    assert tenses(result)["ui-expand-hire"] == [("later", Decimal(3000))]


@pytest.mark.parametrize("want", ["save_tax", "hire"])
def test_a_firm_is_asked_nothing_about_what_it_did_not_tick(client, want):
    checkup, address = play(client, hiring(want, expand_hires="1", hire_contract_year="true", hires_insured_months="4"))
    asked = set()
    while question := result_of(checkup).question:
        asked.add(question.fact)
        client.post(f"{address}answer/", {"fact": question.fact, "unknown": "1"})
    assert asked
    loans = {"guaranteed_loan_times", "holds_other_guaranteed_loan", "loan_years", "loan_amount"}
    assert asked.isdisjoint(loans | {"intern_months", "intern_kind", "interns"})


def test_a_firm_that_looks_for_money_is_asked_about_the_loan_it_may_have(client):
    result = result_of(play(client, replace(FIRM, want="find_money", pages=FIRM.pages, knows={}))[0])
    assert "2.3.1-guaranteed-loan-jilin" not in {row.measure.id for row in result.aside}


HIGH_TECH = {
    "in_key_tech_field": True, "tech_staff_share": 0.5, "rd_ratio3": 0.2, "sales_last": 900000, "rd_cn_share": 1,
    "hi_income_share": 0.9, "hnte_score": 75, "no_major_incident": True,
}  # fmt: skip


def test_a_firm_without_rights_of_its_own_is_shown_the_road_to_the_certificate_of_high_technology():
    life = {"trade": "software", "doings": "research"}
    (row,) = (row for row in result_by("company", life, FIGURES).open if row.measure.id == "1.3.7-rec-hnte")
    assert [condition.id for condition in row.failing] == ["ip"]
    (row,) = (
        row for row in result_by("company", life, FIGURES | HIGH_TECH).later if row.measure.id == "1.3.7-rec-hnte"
    )
    assert [deed.fact for deed in row.not_yet.deeds] == ["owns_core_ip"]
