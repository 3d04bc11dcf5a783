"""Sums and reasons that are true of a person: what is really spared, over the months there are, and to whom it is given."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from checkup.expected import LIVES
from checkup.test_expected import play, tenses
from chuangbao.checkup.domain.result import result_of
from chuangbao.core.engine.current import current_engine

pytestmark = pytest.mark.usefixtures("library", "regions")
RESTAURANT = LIVES["restaurant as an individual business"]
RESEARCHER = LIVES["researcher who puts a result in for shares"]


def result_with(client, life, page, **said):
    """The result of a life with one page answered otherwise, and its address."""
    checkup, address = play(client, replace(life, pages=life.pages | {page: life.pages[page] | said}))
    return result_of(checkup), address


def row_of(result, measure):
    """The row of one measure, wherever it stands."""
    lists = (result.rows, result.later, result.open, result.near, result.unfit)
    return next(row for rows in lists for row in rows if row.measure.id == measure)


def figure(result, name):
    """A fact as the result reckons with it."""
    return result.profile.values[current_engine().slots[name]]


@pytest.mark.parametrize(("registered_on", "months"), [("2026-03-09", 10), ("2026-11-01", 2), ("2025-12-31", 12)])
def test_the_year_of_who_registered_this_year_begins_with_the_registration(client, registered_on, months):
    result, _ = result_with(client, RESTAURANT, "business", registered_on=registered_on)
    assert figure(result, "months_total") == months
    assert figure(result, "quarter_sales") * months == 720_000 * 3
    assert (row_of(result, "vat-small-scale").answer.status == "eligible") is (300_000 * months > 720_000 * 3)


def test_what_is_exempt_spares_what_would_have_been_due_and_the_lower_rate_is_for_what_is_taxed(client):
    told = tenses(result_of(play(client, RESTAURANT)[0]))
    assert told["vat-small-scale"] == [("now", Decimal(7200))]
    assert told["vat-reduced-rate"][0][0] in {"unfit", "near"}
    result, _ = result_with(client, RESTAURANT, "money", revenue="150万")
    told = tenses(result)
    assert told["vat-reduced-rate"] == [("now", Decimal(30000))]
    assert told["vat-small-scale"][0][0] in {"unfit", "near"}


def test_relief_for_hiring_says_to_an_individual_business_that_it_is_for_companies_alone(client):
    life = replace(RESTAURANT, pages=RESTAURANT.pages | {"hires": {"hires": ["veterans"]}})
    result, address = result_with(client, life, "dealings", dealings=["staff_insured", "insured_year", "hire"])
    assert "kg-hire-2019" in {row.measure.id for row in result.unfit}
    assert "只给企业，个体工商户不能享受" in client.get(f"{address}?all=1").content.decode()


def test_shares_for_a_result_come_later_or_are_one_answer_away_while_nothing_is_done_about_them(client):
    told = tenses(result_with(client, RESEARCHER, "equity", equity_terms="none")[0])
    assert told["2.2.6-tech-equity-defer"][0][0] == "one"
    assert told["sci-equity-award"][0][0] == "later"
    result, _ = result_with(client, RESEARCHER, "equity", equity_terms=["listed_kind"])
    assert tenses(result)["2.2.6-tech-equity-defer"] == [("later", Decimal(400_000))]
    deeds = {deed.fact for deed in row_of(result, "2.2.6-tech-equity-defer").answer.not_yet.deeds}
    assert deeds == {"owns_tech", "investee_resident", "all_for_shares", "filed_in_time"}


def test_who_cooks_for_others_is_told_of_the_food_licence_and_a_software_firm_is_not(client):
    checkup, address = play(client, RESTAURANT)
    errand = next(row for row in result_of(checkup).errands if row.measure.id == "proc-food-licence")
    assert errand.answer.amount is None
    page = client.get(address).content.decode()
    assert "要先取得食品经营许可才能开业；只卖预包装食品的不用许可，但要备案" in page
    software = result_of(play(client, LIVES["owner of an eight-person software firm"])[0])
    assert "proc-food-licence" not in {row.measure.id for row in software.errands}


def test_the_tax_of_an_owner_is_worked_out_after_what_the_owner_may_deduct_and_the_deduction_can_be_changed(client):
    result, address = result_with(client, RESTAURANT, "money", business_profit="15万")
    assert tenses(result)["2.4.2-iit-sole-2023"] == [("now", Decimal(3750))]
    assert "business_deductions" in row_of(result, "2.4.2-iit-sole-2023").assumptions
    page = client.get(address).content.decode()
    row = page.partition("/policies/measures/2.4.2-iit-sole-2023/?")[2].partition("</li>")[0]
    assert f'href="{address}?fact=business_deductions"' in row
    client.post(f"{address}answer/", {"fact": "business_deductions", "business_deductions": "0"})
    page = client.get(address).content.decode()
    assert "9,750" in page, "who has wages elsewhere has had the deduction there"


@pytest.mark.parametrize(("said", "tense"), [("true", "now"), ("false", "later"), ("", "unsure")])
def test_the_refund_of_insurance_is_an_individual_business_s_where_it_insures_its_staff_as_an_employer(
    client, said, tense
):
    life = replace(RESTAURANT, pages=RESTAURANT.pages | {"unit_insured": {"insured_as_unit": said}}, knows={})
    result = result_of(play(client, life)[0])
    lists = {"now": result.due, "later": result.later, "unsure": (*result.one_away, *result.unsure)}
    assert "ui-stable-post" in {row.measure.id for row in lists[tense]}


def test_who_leaves_one_of_the_staff_out_has_not_paid_in_full(client):
    result, address = result_with(client, RESTAURANT, "dealings", dealings=["staff_insured"])
    assert "ui-stable-post" not in {row.measure.id for row in result.rows}
    page = client.get(f"{address}?page=dealings").content.decode()
    assert "失业保险给每个员工都足额交、满12个月（有人没交的不选）" in page


def with_share(share, **knows):
    """The life of the researcher whose institution has a rule, or who has agreed on a share."""
    pages = RESEARCHER.pages | {"reward": {"share": share, "leave": "stay"}}
    return replace(RESEARCHER, pages=pages, knows=knows)


@pytest.mark.parametrize("share", ["rule", "agreed", "both"])
def test_a_reward_whose_share_is_not_known_is_at_least_what_the_law_sets_for_a_state_body(client, share):
    checkup, address = play(client, with_share(share))
    result = result_of(checkup)
    assert tenses(result)["2.2.4-share-law-50"] == [("now", Decimal(1_000_000))]
    assert "reward_share" in row_of(result, "2.2.4-share-law-50").assumptions
    assert f'href="{address}?fact=reward_share"' in client.get(address).content.decode()


def test_a_share_that_is_known_is_the_one_that_counts(client):
    result = result_of(play(client, with_share("rule", unit_rule_share="80%"))[0])
    assert tenses(result)["2.2.4-share-law-50"] == [("now", Decimal(1_600_000))]


@pytest.mark.parametrize("owner", ["unit", "firm"])
def test_tax_is_put_off_for_who_owns_the_result_and_for_nobody_else(client, owner):
    result, _ = result_with(client, RESEARCHER, "equity", owner=owner)
    told = tenses(result)
    assert "2.2.6-tech-equity-defer" not in {row.measure.id for row in (*result.rows, *result.later, *result.open)}
    assert told["2.2.4-share-law-50"] == [("now", Decimal(1_400_000))]


def test_who_starts_up_beside_the_post_is_sent_to_the_personnel_office_and_who_leaves_it_is_told_of_the_way_back(
    client,
):
    result, address = result_with(client, RESEARCHER, "reward", leave="part_time")
    assert "2.2.7-part-time-start-up" in {row.measure.id for row in result.by_office}
    assert "2.2.7-leave-to-start-up" not in {row.measure.id for row in result.later}
    assert "问单位人事部门" in client.get(address).content.decode()
    result, address = result_with(client, RESEARCHER, "reward", leave="leave")
    assert "2.2.7-part-time-start-up" not in {row.measure.id for row in result.by_office}
    assert "3年，可延长一次3年，保留人事关系，期满返回原单位安排岗位" in client.get(address).content.decode()
