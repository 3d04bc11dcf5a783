"""The line of sense counts what is in its sums, promises nothing that rests on a wish, and drops nothing."""

from __future__ import annotations

import re
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils.html import strip_tags
from django.utils.translation import override

from chuangbao.checkup import sense
from chuangbao.checkup.domain.result import list_loan_sums, result_of
from chuangbao.checkup.models import CheckUp
from chuangbao.core.access.tokens import hash_token
from chuangbao.rules.bundle import Sum
from chuangbao.rules.model import Text

pytestmark = pytest.mark.usefixtures("library", "regions")


def live(client, who, person, plans="none", want="start"):
    address = client.post("/checkup/", {"who": who, "want": want, "region": "220100"}).url
    client.post(f"{address}answer/", {"page": "person", "registered": "idea"} | person)
    client.post(f"{address}answer/", {"page": "plans", "plans": plans})
    return address, result_of(CheckUp.objects.get(token_hash=hash_token(address.strip("/").split("/")[-1])))


SEEKER = ("job_seeker", {"age": "below_46", "groups": ["unemployed", "hard_to_place"]})
STUDENT = ("student", {"graduation_on": "2027-07-01", "groups": "none"})


@pytest.mark.parametrize(("who", "person"), [SEEKER, STUDENT])
def test_as_many_are_counted_as_are_in_the_sum(client, who, person):
    _address, result = live(client, who, person)
    money = [found for found in result.later if found.brings_money]
    counted = [found for found in money if found.measure.id in result.ahead_taken]
    assert len(counted) == len(result.ahead_taken)
    with override("zh-hans"):
        line = sense.sense_of(result)
    said = re.search(r"其中(\d+)项约", line)
    assert said is None or int(said[1]) == len(counted)


def list_wishes(result):
    """The measures whose sum rests on a loan that nobody asked for."""
    rows = [*result.rows, *result.later]
    sums = list_loan_sums(rows)
    return {found.measure.id for found in rows if not sums.isdisjoint(found.assumptions)}


@pytest.mark.parametrize(("who", "person"), [SEEKER, STUDENT])
def test_no_sum_of_the_line_rests_on_a_loan_that_nobody_asked_for(client, who, person):
    address, result = live(client, who, person)
    wishes = list_wishes(result)
    assert "2.6.1-loan-jl-int" in wishes
    assert result.ahead_taken.isdisjoint(wishes)
    client.post(f"{address}answer/", {"fact": "loan_amount", "loan_amount": "10万"})
    again = result_of(CheckUp.objects.get(token_hash=hash_token(address.strip("/").split("/")[-1])))
    assert "2.6.1-loan-jl-int" in {found.measure.id for found in (*again.rows, *again.later)} - list_wishes(again)


def stub(**more):
    row = SimpleNamespace(measure=SimpleNamespace(title=Text("众创空间备案", "Record of a makerspace")))
    lists = {name: [] for name in ("due", "open_to", "after_first", "eligible", "later", "by_office", "open", "sums")}
    sums = dict.fromkeys(("at_once", "after", "ahead"), ())
    return SimpleNamespace(**(lists | sums | {"asked": 3, "closes_next": None} | more)), row


def test_tax_that_is_less_by_itself_is_no_money_to_be_claimed():
    sums = (Sum("tax", "year", Decimal(40000), sure=True), Sum("subsidy", "once", Decimal(5000), sure=True))
    result, _row = stub(at_once=sums)
    with override("zh-hans"):
        assert sense.sense_of(result) == "现在可拿补贴5,000元左右；报税时约每年少缴税4万元。"


def test_what_a_department_decides_is_said_beside_the_rest_and_a_row_is_named_where_no_sum_is():
    result, row = stub()
    result.by_office = [row, row]
    with override("zh-hans"):
        assert sense.sense_of(result) == "有2项由主管部门决定；先看“众创空间备案”；其余的还没有定下来。"
        result.due = [row]
        assert sense.sense_of(result) == "现在有1项可以办；先看“众创空间备案”；有2项由主管部门决定。"


def test_nothing_is_said_of_departments_before_any_answer(client):
    address = client.post("/checkup/", {"who": "researcher", "want": "none", "region": ""}).url
    page = re.sub(r"\s+", "", strip_tags(client.get(address).content.decode()))
    assert "由主管部门决定；" not in page
    assert "还没有定下来的事项，每答一题都会更清楚" in page
