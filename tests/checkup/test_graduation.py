"""A student becomes a graduate on a day: what comes then is told before it, and on that day it is judged so."""

from __future__ import annotations

from datetime import date

import pytest

from checkup.expected import DUNHUA, LIVES
from checkup.test_expected import play, tenses
from chuangbao.checkup.domain import checkups
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.sheet import events_of, sheet_of

pytestmark = pytest.mark.usefixtures("library", "regions")
LIFE = LIVES["student of 22"]
LOAN, FIRST, RELIEF, GRANT = "2.3.1-guaranteed-loan-jilin", "2.3.5-jl-init", "2.3.1-key-groups", "2.3.5-jl-grad-50k"


def test_what_comes_with_graduation_is_told_with_its_day(client):
    checkup, address = play(client, LIFE)
    result = result_of(checkup)
    rows = {row.measure.id: row for row in result.later}
    assert {LOAN, FIRST, RELIEF, GRANT} <= rows.keys()
    assert rows[LOAN].not_yet.day == date(2027, 7, 1)
    assert rows[LOAN].turn_words == "毕业以后（2027年7月1日）"
    assert rows[LOAN].first == "先办个体工商户或企业的营业执照，再申报"
    assert rows[GRANT].turn_words == "毕业以后（2027年7月1日）", "claimed with the diploma"
    assert rows[GRANT].not_yet.day == rows[FIRST].not_yet.day == date(2028, 7, 1), "both a year after the registration"
    assert rows[RELIEF].turn_words == "进入毕业年度以后（2027年1月1日）", "the relief is for the year of graduation"
    order = [rows[name] for name in (LOAN, GRANT, "vat-small-scale", "2.5.1-reg-one-address")]
    assert [row for row in result.later if row in order] == order, "sums come first, then money without a sum"
    page = client.get(address).content.decode()
    assert "毕业以后（2027年7月1日）" in page
    one = next(step for step in sheet_of(checkup, result).road if step.title.startswith("吉林省创业担保贷款"))
    assert one.deeds.startswith("毕业以后（2027年7月1日）；先办")
    days = [event.day for event in events_of(checkup, result, host="https://here") if "创业担保贷款" in event.title]
    assert date(2027, 7, 1) in days


def test_of_the_two_subsidies_that_exclude_each_other_both_say_so_and_one_is_counted(client):
    result = result_of(play(client, LIFE)[0])
    rows = {row.measure.id: row for row in result.later}
    assert "初次创业补贴" in rows[GRANT].beside
    assert "毕业生创业补贴" in rows[FIRST].beside
    once = {one.kind: one.amount for one in result.ahead if one.per == "once"}
    assert rows["2.6.1-loan-jl-int"].amount_then, "of a loan that nobody asked for: it is in no sum of the line"
    assert once["subsidy"] == rows[GRANT].amount_then == 50_000
    assert [other.measure.id for other in rows[LOAN].instead] == ["2.3.1-loan-nat-2020"]


def test_within_the_year_of_graduation_its_relief_holds_on_any_day(client):
    checkup, address = play(client, LIFE)
    checkups.set_day(checkup=checkup, day=date(2027, 3, 1), region=DUNHUA)
    checkup.refresh_from_db()
    rows = {row.measure.id: row for row in result_of(checkup).later}
    assert rows[RELIEF].not_yet.day == date(2027, 3, 1)
    assert rows[GRANT].turn_words == "毕业以后（2027年7月1日）"
    assert "按进入毕业年度以后判断" in client.get(address).content.decode()


@pytest.mark.parametrize("day", [date(2027, 7, 1), date(2027, 7, 2), date(2028, 3, 1)])
def test_on_a_day_after_graduation_a_student_is_a_graduate(client, day):
    checkup, address = play(client, LIFE)
    checkups.set_day(checkup=checkup, day=day, region=DUNHUA)
    checkup.refresh_from_db()
    result = result_of(checkup)
    assert result.pending is None, "no page is asked again"
    told = tenses(result)
    assert told[LOAN][0][0] == "first"
    assert told["train-startup"][0][0] == "first"
    assert told[FIRST][0][0] == "later"
    assert (told.get(RELIEF, [("unfit", None)])[0][0] == "later") is (day.year == 2027)
    assert "按毕业以后判断" in client.get(address).content.decode()


def test_before_graduation_nothing_of_it_is_had(client):
    result = result_of(play(client, LIFE)[0])
    assert LOAN not in {row.measure.id for row in result.eligible}
    assert not result.lived.turn
