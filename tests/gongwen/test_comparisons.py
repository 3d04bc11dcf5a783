"""Numbers that must not say their opposite: every comparison, turned round by every negation."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangbao.gongwen.bounds import ADVERBS, COMPARISONS, NEGATIONS
from chuangbao.gongwen.fold import fold
from chuangbao.gongwen.quantities import quantities_of

TURNED: Final = {"<": ">=", ">": "<=", ">=": "<"}
ALONE: Final = {"足", "到", "超"}  # without a negation these words compare nothing
COMPARED: Final = [(word, sign) for sign, words in COMPARISONS.items() for word in words]
LEADS: Final = ["", "，", "补贴", "从业人数", "第一条　", "研发费用占比"]


def bound(text: str) -> str | None:
    folded = fold(text)
    return quantities_of(folded, text, 0, len(text))[-1].bound


@given(st.sampled_from(COMPARED), st.sampled_from(NEGATIONS), st.lists(st.sampled_from(ADVERBS), max_size=2))
def test_a_negation_turns_the_bound_round(compared, negation, adverbs):
    word, sign = compared
    assert bound(f"，{negation}{''.join(adverbs)}{word}30人的") == TURNED[sign]
    assert bound(f"，{word}30人的") == (None if word in ALONE else sign)


@given(st.sampled_from(LEADS), st.sampled_from(["5万元", "30人", "3年", "20%", "6个月", "500平方米"]))
def test_the_words_before_change_nothing(lead, figure):
    assert bound(f"{lead}不满{figure}的") == "<"
    assert bound(f"{lead}不得再高于{figure}") == "<="
    assert bound(f"{lead}未少于{figure}") == ">="


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("不满3年的", "<"),
        ("未超过30人", "<="),
        ("没有超过3次", "<="),
        ("不得不低于5人", "<"),
        ("不超过实际租金的50%", "<="),
        ("超过缴费基数的60%", ">"),
        ("最高限额为20万元", "<="),
        ("每人最多可领取3次", "<="),
        ("补贴封顶5万元", "<="),
        ("5万元封顶", "<="),
        ("以5万元为限", "<="),
        ("最低工资标准的60%", None),
        ("不低于最低工资标准的60%", ">="),
        ("至少吸纳3人", ">="),
        ("占比≥3%", ">="),
        ("占比<3%", "<"),
        ("购买2个或以上", ">="),
        ("2个自然日（自领取起）内", "<="),
        ("3（含）年以上", ">="),
        ("低于20万元（不含20万元）", "<"),
        ("超过20万元（含20万元）", ">="),
        ("控制在5%以内", "<="),
        ("达到国家标准的企业奖励5万元", None),
        ("超过30万元的部分按50%", None),
        ("截至2024年6月30日", "<="),
        ("不早于2024年6月30日", ">="),
        ("早于2024年6月30日", "<"),
        ("晚于2024年6月30日", ">"),
        ("2024年6月30日17:00前", "<="),
        ("9月30日（星期一）前", "<="),
        ("2024年6月30日24时止", "<="),
    ],
)
def test_bound(text, sign):
    found = [q.bound for q in quantities_of(fold(text), text, 0, len(text))]
    assert sign in found if "部分" not in text else found[-1] == sign


@pytest.mark.parametrize(
    "text",
    [
        "20万元",
        "200000元",
        "20 万元",
        "２０万元",
        "200,000元",
        "二十万元",
        "贰拾万元",
        "20.0万元",
        "0.2百万元",
        "200千元",
        "￥200,000",
        "人民币20万元",
        "20万人民币",
    ],
)
def test_one_number_written_in_many_ways(text):
    found = quantities_of(fold(text), text, 0, len(text))
    assert [(q.value, q.unit) for q in found] == [("200000", "CNY")]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("奖励10万、20万、30万元", ["100000", "200000", "300000"]),
        ("分10、20、30万元三档", ["100000", "200000", "300000", "3"]),
        ("365天-104天", ["365", "104"]),
        ("261天÷12月", ["261"]),
        ("20元-100元", [["20", "100"]]),
        ("1万2千元", ["12000"]),
        ("一亿三千万元", ["130000000"]),
        ("16-24岁", [["16", "24"]]),
        ("三分之二", ["2/3"]),
        ("按1:1的比例配套", ["1/1"]),
        ("50个基点", ["50"]),
        ("2023—2024学年", [["2023", "2024"]]),
        ("2024学年", []),
        ("7月19日10:00-7月27日23:59", [["--07-19", "--07-27"]]),
        ("2024年3月1日至15日", [["2024-03-01", "2024-03-15"]]),
        ("单位：万元", []),
        ("队伍建设", []),
        ("3000元(含)至4000元", [["3000", "4000"]]),
        ("10、20元", ["10", "20"]),
        ("5元-3元", ["5", "3"]),
        ("5-3元", ["3"]),
    ],
)
def test_values(text, values):
    text = f"为{text}。"
    assert [q.value for q in quantities_of(fold(text), text, 0, len(text))] == values


@given(
    st.integers(1, 99999), st.sampled_from(["元", "万元", "%", "人", "平方米", "个月"]), st.text("，。的和", max_size=3)
)
def test_every_figure_can_be_traced_to_its_characters(number, unit, behind):
    text = f"补贴{number}{unit}{behind}"
    (found,) = quantities_of(fold(text), text, 0, len(text))
    assert text[found.start : found.end] == found.text == f"{number}{unit}"
