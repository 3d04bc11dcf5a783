"""What seldom comes in a document, and must still be read as it is meant."""

from __future__ import annotations

import pytest

from chuangbao.gongwen import DocumentError, ReadingWarning, parse_text
from chuangbao.gongwen.parse import parse_data
from chuangbao.gongwen.readers import read_data
from chuangbao.gongwen.readers.pdf import read_pdf

NOTICE = "关于某事的通知\n各单位：\n请办理。\n"


def test_the_content_of_a_file_is_parsed_as_the_file_is():
    warnings = parse_data(f"<html><body><p>{NOTICE}</p><img></body></html>".encode(), "a.html").warnings
    assert all(isinstance(warning, ReadingWarning) for warning in warnings)
    assert parse_data(NOTICE.encode(), "a.txt").kind == "通知"


def test_a_title_inside_a_title_and_a_number_inside_one():
    document = parse_text(f"{NOTICE}根据《关于转发《某法》（某发〔2019〕1号）的通知》（某发〔2020〕2号），办理。")
    assert [(cite.title, cite.number) for cite in document.cites] == [
        ("关于转发《某法》（某发〔2019〕1号）的通知", "某发〔2020〕2号")
    ]


def test_the_day_of_another_document_is_not_its_own():
    assert parse_text(f"{NOTICE}《某办法》自2025年1月1日起施行。").effective is None


def test_any_one_of_them_is_no_figure():
    document = parse_text(f"{NOTICE}一、任一家企业均可。")
    assert not [quantity for section in document.walk() for s in section.sentences for quantity in s.quantities]


def test_remarks_of_a_page_are_no_text():
    assert (
        read_data(
            "<html><body><p>甲<!-- 不是正文 -->乙<?p i?>丙</p><!-- 末 --></body></html>".encode(), "a.html"
        ).strip()
        == "甲乙丙"
    )


def test_attachments_that_go_on_below_and_that_have_their_name_in_their_head():
    text = f"{NOTICE}\n附件：1.某某申请书及\n          填报说明\n某局\n2024年1月2日\n附件1：某某申请书及填报说明\n一、填报要求\n如实填报。"
    document = parse_text(text)
    assert document.attachments == ("某某申请书及填报说明",)
    text = (
        f"{NOTICE}附件：1.某某申请书\n某局\n2024年1月2日\n附件1：某某申请书\n一、填报要求\n如实填写。\n"
        "附件2：某某回执\n一、回执\n如实填写。"
    )
    assert "某某回执" in [section.heading for section in parse_text(text).walk()]


def test_a_carried_title_that_only_begins_alike():
    text = "关于印发《某市某某管理办法》的通知\n各单位：\n现印发给你们。\n某局\n2024年1月2日\n某市某某\n第一条 为某事，制定本办法。"
    assert "第一条" in [section.mark for section in parse_text(text).walk()]


@pytest.mark.parametrize("data", [b"%PDF-1.7 broken", b"%PDF-1.4\n%%EOF"])
def test_a_pdf_that_is_none_says_so(data):
    with pytest.raises(DocumentError, match=r"damaged|no text layer"):
        read_pdf(data, "a.pdf")
