"""Small parts, each at its edges."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import parse_xml

from chuangbao.gongwen import DocumentError, parse_file, parse_text
from chuangbao.gongwen.effect import effective_of
from chuangbao.gongwen.fold import fold
from chuangbao.gongwen.modality import modality_of
from chuangbao.gongwen.numbers import find_numbers, line_number
from chuangbao.gongwen.numerals import to_decimal, to_int
from chuangbao.gongwen.quantities import quantities_of
from chuangbao.gongwen.readers.numbering import chinese

if TYPE_CHECKING:
    from pathlib import Path

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十二", 12),
        ("二〇一五", 2015),
        ("三百二十", 320),
        ("一万二千", 12000),
        ("⑤", 5),
        ("一百零五", 105),
        ("万", 10000),
        ("", 0),
    ],
)
def test_numerals(text: str, number: int) -> None:
    assert to_int(text) == number


def test_decimal_numerals() -> None:
    assert to_decimal("三点五") == Decimal("3.5")
    assert to_decimal("1,234.50") == Decimal("1234.50")


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("吉政办发（2015）031号", "吉政办发〔2015〕31号"),
        ("（财税【２０１５】３４ 号）", "财税〔2015〕34号"),
        ("中华人民共和国主席令第七十四号", "中华人民共和国主席令第七十四号"),
        ("国家税务总局公告２０１９年第２号", "国家税务总局公告2019年第2号"),
        ("第三章", None),
    ],
)
def test_number_lines(printed: str, number: str | None) -> None:
    assert line_number(fold(printed)) == number


def test_number_in_running_text_loses_the_words_before() -> None:
    assert [n for _, _, n in find_numbers("根据国发〔2015〕32号执行")] == ["国发〔2015〕32号"]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("企业应当按时报送", "MUST"),
        ("应用新技术，主要面向需要的响应对象", None),
        ("可持续的可再生能源", None),
        ("企业不得不停产", "MUST"),
        ("任何单位不得收费", "MUST_NOT"),
        ("免收登记费", "EXEMPT"),
        ("企业可以申请", "MAY"),
        ("倡导宽容失败", "ENC"),
        ("本办法所称创客，是指创业者", "DEF"),
        ("到2025年，建成一批园区", "TARGET"),
        ("加快推进建设", "ENC"),
        ("2020年的工作", None),
    ],
)
def test_modality(text: str, modality: str | None) -> None:
    assert modality_of(text, quantities_of(text, text, 0, len(text))) == modality


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("百分之五十以上", "50", "%", ">="),
        ("提高3个百分点", "3", "个百分点", None),
        ("10%—20%", ["10", "20"], "%", None),
        ("百分之十至百分之二十", ["10", "20"], "%", None),
        ("3至5年", ["3", "5"], "年", None),
        ("五百万元以下", "5000000", "CNY", "<="),
        ("1,200.50元", "1200.5", "CNY", None),
        ("低于20万元（不含20万元）", "200000", "CNY", "<"),
        ("20人以上（不含）", "20", "人", ">"),
        ("超过30人", "30", "人", ">"),
        ("十五个工作日内", "15", "工作日", "<="),
        ("８００元/人·月", "800", "CNY/人/月", None),
        ("2020年底前", "2020-12-31", "date", "<="),
        ("2024年2月底", "2024-02-29", "date", None),
        ("2021—2025年", ["2021", "2025"], "date", None),
        ("2023年1月1日至2027年12月31日", ["2023-01-01", "2027-12-31"], "date", None),
        ("6月30日前", "--06-30", "date", "<="),
        ("500亩左右", "500", "亩", "~"),
        ("2亿美元", "200000000", "USD", None),
    ],
)
def test_quantity(text: str, value: object, unit: str, bound: str | None) -> None:
    folded = fold(text)
    first = quantities_of(folded, text, 0, len(text))[0]
    assert (first.value, first.unit, first.bound) == (value, unit, bound)


@pytest.mark.parametrize("text", ["第三条", "一批企业", "统一标准", "13月", "万众创新", "2015"])
def test_no_quantity(text: str) -> None:
    assert quantities_of(text, text, 0, len(text)) == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自印发之日起施行。", "2020-01-31"),
        ("本办法自公布之日起30日后施行。", "2020-03-01"),
        ("本办法自发布之日起1个月后施行。", "2020-02-28"),
        ("本通知执行期限为2021年1月1日至2022年12月31日。", "2021-01-01"),
        ("自二〇二一年五月一日起执行。", "2021-05-01"),
        ("自2021年15月1日起执行。", None),
        ("没有。", None),
    ],
)
def test_effect(text: str, day: str | None) -> None:
    assert effective_of(text, 0, "2020-01-31") == day


def test_word_lists_have_their_printed_numbers(tmp_path: Path) -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    levels = level.format(0, "chineseCounting", "%1、") + level.format(1, "chineseCounting", "（%2）")
    levels += level.format(2, "decimalEnclosedCircle", "%3") + level.format(3, "bullet", "%4")
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for depth, text in [
        (0, "目标"),
        (1, "近期"),
        (1, "远期"),
        (0, "措施"),
        (1, "资金"),
        (2, "甲"),
        (3, "乙"),
        (7, "丙"),
    ]:
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>')
        )
    document.save(str(tmp_path / "list.docx"))
    found = parse_file(tmp_path / "list.docx")
    assert [(s.id, s.mark, s.heading) for s in found.walk()][:5] == [
        ("1", "一、", "目标"),
        ("1.1", "（一）", "近期"),
        ("1.2", "（二）", "远期"),
        ("2", "二、", "措施"),
        ("2.1", "（一）", "资金"),
    ]
    assert [chinese(n) for n in (10, 11, 20, 21)] == ["十", "十一", "二十", "二十一"]


def test_blank_text_is_refused() -> None:
    with pytest.raises(DocumentError, match="no characters"):
        parse_text("  \n ")
