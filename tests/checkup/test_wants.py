"""What one came for opens what is not done yet: who wants to hire sees what hiring would bring, and what to do for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checkup.expected import DUNHUA, LIVES
from checkup.test_expected import play, tenses
from checkup.test_takeaway import words_of
from chuangbao.checkup.domain import checkups
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.sheet import sheet_of

pytestmark = pytest.mark.usefixtures("library", "regions")
RESTAURANT = LIVES["restaurant as an individual business"]
FIRM = LIVES["owner of an eight-person software firm"]
HARD, GRADUATE, KEY, YOUNG = "si-firm-hard", "si-firm-graduate", "kg-hire-2019", "ui-expand-hire"


def deeds_of(result, measure):
    """What has to be done for a measure that comes later."""
    return {deed.fact for row in result.later if row.measure.id == measure for deed in row.not_yet.deeds}


def test_an_individual_business_that_wants_to_hire_sees_what_it_would_bring(client):
    checkup, address = play(client, replace(RESTAURANT, want="hire"))
    result = result_of(checkup)
    assert tenses(result)[HARD] == [("later", None)]
    assert deeds_of(result, HARD) == {"hires_hard", "hire_contract_year", "insurance_paid_employer"}
    assert tenses(result)[KEY][0][0] == "unfit"
    page = words_of(client.get(f"{address}?all=1").content.decode())
    assert "补单位实缴的养老、医疗、失业保险费" in page
    assert "只给企业，个体工商户不能享受" in page
    road = {step.title: step for step in sheet_of(checkup, result).road}
    assert any("就业困难人员" in title and "劳动合同" in step.deeds for title, step in road.items())


def test_a_firm_that_wants_to_hire_sees_what_each_kind_of_person_would_bring(client):
    checkup, address = play(client, replace(FIRM, want="hire"))
    told = tenses(result_of(checkup))
    assert {told[name][0] for name in (HARD, GRADUATE, KEY)} == {("later", None)}
    assert told[YOUNG][0][0] in {"unfit", "near"}, "three months of insurance are not paid before it ends"
    checkups.set_day(checkup=checkup, day=date(2026, 6, 1), region=DUNHUA)
    checkup.refresh_from_db()
    (row,) = (row for row in result_of(checkup).later if row.measure.id == YOUNG)
    assert (row.not_yet.day, row.amount_then) == (date(2026, 9, 1), 1500)
    assert "吉林每招一人每年最高7,800元" in client.get(f"{address}?all=1").content.decode()


def test_who_came_for_something_else_is_not_told_of_hiring(client):
    told = tenses(result_of(play(client, FIRM)[0]))
    assert {told.get(name, [("unfit", None)])[0][0] for name in (HARD, GRADUATE, KEY, YOUNG)} == {"unfit"}
