"""What a figure is counted in: of a fact, of a parameter, of an expression, of a judged condition."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
import world

from chuangbao.rules.check import check
from chuangbao.rules.diagnostics import RuleError
from chuangbao.rules.model import FactType, Line, Parameter, ParameterValue, Text
from chuangbao.rules.parse import parse
from chuangbao.rules.units import unit_in, unit_of

RATE = Parameter("rate", FactType.RATIO, "none", Text("比例"), (ParameterValue(date(2015, 1, 1), Fraction(3)),))
NAMED = {**world.FACTS, "rate": RATE, "part": "CNY/year"}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("share", "ratio"), ("rate", "ratio"), ("floor", "m2"), ("people", "person"), ("staff", ""), ("part", "CNY/year"),
        ("unheard_of", ""), ("3", ""), ("-share", "ratio"), ("share + 0.1", "ratio"), ("0.1 + share", "ratio"),
        ("share * 100", "%"), ("income / 3", "CNY"), ("income / income", "ratio"), ("income / people", ""),
        ("income / share", "CNY"), ("income * share", "CNY"), ("share * income", "CNY"), ("people * 2000", "person"),
        ("income * people", "CNY"), ("people * floor", ""), ("share * rate", "ratio"), ("2 * 3", ""),
        ("LEAST(100, income)", "CNY"), ("YEARS_SINCE(founded)", "year"), ("MONTHS_SINCE(founded)", "month"),
        ("CASE WHEN open THEN 0 ELSE share END", "ratio"), ("open", ""),
    ],
)  # fmt: skip
def test_what_an_expression_is_counted_in(text, unit):
    assert unit_of(parse(text), NAMED) == unit


def test_money_that_comes_again_keeps_its_period():
    assert unit_in(world.fact("rent", FactType.MONEY, unit="CNY/month")) == "CNY/month"


def judged(condition, **facts):
    engine = world.engine(world.version("v", condition))
    answer = engine.judge(engine.profile(facts, as_of=world.DAY, region=""), "v")
    return answer.conditions[0]


@pytest.mark.parametrize(
    ("condition", "facts", "unit"),
    [
        ("share >= 0.03", {"share": Decimal("0.02")}, "ratio"),
        ("0.03 <= share", {"share": Decimal("0.02")}, "ratio"),
        ("CASE WHEN income > 0 THEN 0.1 + share ELSE 0 END >= 0.3", {"income": 0, "share": Decimal("0.5")}, "ratio"),
        ("income >= 5", {"income": 3}, "CNY"),
        ("founded >= DATE '2015-01-01'", {"founded": date(2014, 1, 1)}, None),
        ("open", {"open": True}, None),
    ],
)
def test_both_sides_of_a_condition_have_a_unit(condition, facts, unit):
    assert judged(condition, **facts).unit == unit


def test_the_lines_of_a_working_have_a_unit_of_their_own():
    plain = world.version("v", amount="part * income")
    lines = (Line("part", Text("比例"), "share + 0.1"), Line("own", Text("数"), "5"))
    engine = world.engine(replace(plain, benefit=replace(plain.benefit, lines=lines)))
    answer = engine.judge(engine.profile({"share": 0, "income": 1}, as_of=world.DAY, region=""), "v")
    assert [line.unit for line in answer.lines][:2] == ["ratio", "CNY"]


def checked(text, **extra):
    return check(parse(text), world.SCOPE.with_names({n: world.kind_of_fact(f) for n, f in extra.items()}))


@pytest.mark.parametrize("text", ["share >= 3", "3 <= share", "share BETWEEN 0.1 AND 3", "share IN (3)", "share > -3"])
def test_a_share_above_one_is_a_finding(text):
    with pytest.raises(RuleError) as found:
        checked(text)
    assert [(f.code, f.hint) for f in found.value.findings] == [("percentage", "write 0.03")]


def test_so_is_a_parameter_above_one_but_not_what_the_fact_allows():
    with pytest.raises(RuleError) as found:
        checked("share >= rate", rate=RATE)
    assert "rate is above 1" in str(found.value.findings[0])
    growth = world.fact("growth", FactType.RATIO, maximum=Fraction(1000))
    checked("growth >= 3", growth=growth)
    with pytest.raises(RuleError, match="above 1000"):
        checked("growth >= 3000", growth=growth)
