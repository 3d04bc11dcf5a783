"""Single sentences, as officers write them: which side a number counts, until when, and what the sentence orders."""

from __future__ import annotations

import pytest

from chuangbao.gongwen import Sentence, parse_text


def read_sentences(sentence: str) -> list[Sentence]:
    document = parse_text(f"某市关于某事的通知\n一、{sentence}")
    return [found for section in document.walk() for found in section.sentences]


def read_figures(sentence: str) -> list[tuple[str | list[str], str, str | None]]:
    return [(q.value, q.unit, q.bound) for found in read_sentences(sentence) for q in found.quantities]


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("单笔贷款须大于等于10万元。", [("100000", "CNY", ">=")]),
        ("负债率应小于或等于70%。", [("70", "%", "<=")]),
        ("负债率低于或者等于5%。", [("5", "%", "<=")]),
        ("补贴不高于（含）3万元。", [("30000", "CNY", "<=")]),
        ("利率不得高于基准利率加150个基点。", [("150", "基点", "<=")]),
        ("以不低于评估价70%的价格转让。", [("70", "%", ">=")]),
        ("增速高于全国2个百分点。", [("2", "个百分点", None)]),
        ("超过最大允许总质量百分之五十以上的；", [("50", "%", ">=")]),
        ("最低等级中80%以下的企业退出。", [("80", "%", "<=")]),
        ("并非低于10万元。", [("100000", "CNY", ">=")]),
        ("无须达到500万元。", [("5000000", "CNY", None)]),
        ("不再要求至少3名人员。", [("3", "名", None)]),
        ("不必最低达到3名。", [("3", "名", None)]),
        ("仅限1项。", [("1", "项", "<=")]),
        ("每家企业限报2项。", [("2", "项", "<=")]),
        ("约200余家企业参加。", [("200", "家", "~")]),
        ("近5000万元投入。", [("50000000", "CNY", "~")]),
        ("近三年无违规。", [("3", "年", None)]),
        ("最近3家企业。", [("3", "家", None)]),
        ("十余名人员。", [("10", "名", "~")]),
        ("折算后不足1整天的不计。", [("1", "日", "<")]),
        ("按1∶1比例配套。", [("1/1", "ratio", None)]),
        ("本地就业占比达七成以上。", [("70", "%", ">=")]),
        ("按不超过总投资三成给予补助。", [("30", "%", "<=")]),
        ("低于60分的为不合格，80分以上的为优秀。", [("60", "分", "<"), ("80", "分", ">=")]),
        ("得分60分（含）至80分的为合格。", [(["60", "80"], "分", None)]),
        ("十分重要，9时30分开始。", []),
        ("10万元至50万元（不含）的补助2万元。", [(["100000", "500000"], "CNY", "<"), ("20000", "CNY", None)]),
        ("每季度62.5天/季。", [("62.5", "日/季", None)]),
        ("坚持“三个优先”，办好三个中心。", [("3", "个", None)]),
    ],
)
def test_figures_count_on_the_right_side(sentence, figures):
    assert read_figures(sentence) == figures


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("自2024年3月1日起至2024年12月31日止受理。", [(["2024-03-01", "2024-12-31"], "date", None)]),
        ("申报截止时间为2024年9月30日17:30。", [("2024-09-30", "date", "<=")]),
        ("截止日期：2024年9月30日。", [("2024-09-30", "date", "<=")]),
        ("有效期至2027年12月31日。", [("2027-12-31", "date", "<=")]),
        ("政策延续执行至2027年12月31日。", [("2027-12-31", "date", "<=")]),
        ("于2024年8月15日（星期四）17时前反馈。", [("2024-08-15", "date", "<=")]),
        ("每年3月、9月集中受理。", [("--03", "date", None), ("--09", "date", None)]),
    ],
)
def test_days_and_until_when(sentence, figures):
    assert read_figures(sentence) == figures


@pytest.mark.parametrize(
    ("sentence", "force"),
    [
        ("是否应当补缴？", None),
        ("违反规定不得补贴的，收回资金。", None),
        ("因工作需要不能安排休假的，应征得本人同意。", "MUST"),
        ("不能按期完成的，应当书面说明。", "MUST"),
        ("各单位应当公开名单，涉及秘密的，从其规定。", "MUST"),
        ("应当提交的材料包括下列各项。", None),
        ("其他依法应当追究责任的情形。", None),
        ("多于应休假天数的不再扣回。", "EXEMPT"),
        ("不必重复提交材料。", "EXEMPT"),
        ("载物超过最大允许总质量的；", None),
        ("载客超过核定人数未达到百分之二十的；", None),
        ("占比未达到20%。", None),
        ("技术支持：0431-80000000", None),
        ("企业应当在规定的时间内报送。", "MUST"),
        ("企业应当提供真实的材料。", "MUST"),
        ("申报单位应退还资金。", "MUST"),
        ("符合条件的，应予以支持。", "MUST"),
    ],
)
def test_what_a_sentence_orders(sentence, force):
    assert read_sentences(sentence)[0].modality == force
