"""What an operator of a makerspace is told: what falls short, what waits for a notice, and nothing that cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkup.expected import DAY, LIVES
from checkup.test_expected import play
from checkup.test_true_sums import result_with, row_of
from chuangbao.checkup.domain import checkups
from chuangbao.checkup.domain.result import result_of
from chuangbao.core.engine.current import current_pack

pytestmark = pytest.mark.usefixtures("library", "regions")
OPERATOR = LIVES["operator of a makerspace"]
NATIONAL = "rec-makerspace-national"


def test_what_known_figures_stop_is_near_by_how_much_and_not_waiting_for_answers(client):
    result, address = result_with(
        client, OPERATOR, "space_service", new_firms_year="5", financed_year="0", events_year="8", torch_filed=""
    )
    assert NATIONAL in {row.measure.id for row in result.near}
    assert NATIONAL not in {row.measure.id for row in result.open}
    row = client.get(address).content.decode().partition(f"/policies/measures/{NATIONAL}/?")[2].partition("</li>")[0]
    assert "待定" not in row
    assert "还差" in row


def test_who_meets_everything_waits_for_the_notice_of_a_new_round(client):
    checkup, address = play(client, OPERATOR)
    assert row_of(result_of(checkup), NATIONAL).first == "先等到新一轮备案通知，再申报"
    page = client.get(address).content.decode()
    assert "先等到新一轮备案通知，再申报" in page
    assert "/checkup/?who=company" in page
    assert "再做一次企业体检" in page


def test_of_twenty_five_tenants_it_is_not_asked_whether_eighty_are_small_firms(client):
    pages = OPERATOR.pages | {"space_figures": OPERATOR.pages["space_figures"] | {"tenants": "25家"}}
    checkup, address = play(client, replace(OPERATOR, pages=pages))
    asked = set()
    while question := result_of(checkup).question:
        asked.add(question.fact)
        client.post(f"{address}answer/", {"fact": question.fact, "unknown": "1"})
    assert asked.isdisjoint({"sme_tenants", "base_staff", "outside_providers", "service_functions", "tenants_low3"})


@pytest.mark.parametrize(("region", "inside"), [("220173", True), ("220171", None), ("220104", None)])
def test_a_firm_of_the_high_tech_zone_is_in_the_new_area(region, inside):
    begun = checkups.begin_checkup(pack=current_pack(), who="company", want="none", day=DAY, region=region)
    (answer,) = (one for one in result_of(begun).answers if one.measure == "voucher-cc-new-area")
    assert {one.id: one.verdict for one in answer.conditions}["area"] is inside


@pytest.mark.parametrize("figures", [{"tenants": "15家"}, {"months_run": "一年"}, {"is_legal_person": "false"}])
def test_who_cannot_be_filed_yet_is_not_asked_for_the_figures_of_the_filing(client, figures):
    pages = OPERATOR.pages | {"space_figures": OPERATOR.pages["space_figures"] | figures}
    result = result_of(play(client, replace(OPERATOR, pages=pages))[0])
    assert "space_service" not in {page.id for page in result.lived.pages}
    assert result.enough <= 12
    told = {row.measure.id: row for row in (*result.near, *result.later, *result.open, *result.unfit)}
    assert told[NATIONAL].failing
