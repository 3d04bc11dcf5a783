"""One made-up document of each form (文种), in the layout of its kind."""

from __future__ import annotations

from pathlib import Path

from chuangbao.gongwen import Document, Section, parse_file

TEXTS = Path(__file__).parent / "texts"


def read(name: str) -> Document:
    return parse_file(TEXTS / f"{name}.txt")


def section(document: Document, path: str) -> Section:
    return next(s for s in document.walk() if s.id == path)


def test_notice_that_issues_measures_shows_their_chapters() -> None:
    document = read("measure")
    assert document.number == "吉科发〔2023〕12号"
    assert document.issuers == ("吉林省科学技术厅", "吉林省财政厅")
    assert document.attachments == ("众创园区管理办法（试行）", "申请表")
    assert document.effective == "2023-04-01"
    assert document.repeals == ("《众创园区暂行办法》（吉科发〔2018〕7号）",)
    assert (section(document, "2.3").mark, section(document, "2.3.2").mark) == ("第五条", "（二）")
    assert len(section(document, "2.1").children) == 2
    assert section(document, "1.2").sentences[0].modality == "DEF"


def test_announcement_of_three_ministries() -> None:
    document = read("notice")
    assert document.number == "财政部 税务总局 科技部公告2023年第12号"
    assert document.issuers == ("财政部", "税务总局", "科技部")
    assert document.effective == "2023-01-01"
    assert document.repeals == ("《某公告》（财政部 税务总局公告2022年第10号）",)
    assert section(document, "3").sentences[0].modality == "EXEMPT"


def test_order_carries_its_regulation() -> None:
    document = read("order")
    assert document.number == "中华人民共和国国务院令第746号"
    assert (document.kind, document.title) == ("条例", "测试主体登记条例")
    assert (document.date, document.effective) == ("2021-07-27", "2022-03-01")
    assert section(document, "2.3").mark == "第五条"
    assert section(document, "2.3").sentences[0].modality == "MUST_NOT"


def test_reply_to_a_province() -> None:
    document = read("reply")
    assert (document.kind, document.addressees) == ("批复", ("吉林省人民政府",))
    assert [s.modality for s in section(document, "2").sentences] == ["TARGET"]
    assert [(d.name, d.role) for d in section(document, "3").sentences[-1].duty_holders][1:] == [
        ("省发展改革委", "lead"),
        ("省财政厅", "support"),
        ("省税务局", "support"),
    ]


def test_forwarded_measures_keep_their_own_numbering() -> None:
    document = read("carried")
    assert document.date == "2019-06-08"
    assert [s.mark for s in section(document, "2.1").children] == ["一是", "二是", "三是"]
    assert section(document, "1.2").sentences[0].quantities[0].value == ["100000", "200000"]


def test_letter_without_marks_gives_its_paragraphs() -> None:
    document = read("letter")
    assert (document.kind, document.issuers) == ("函", ("某市科技局",))
    assert [s.mark for s in document.sections] == [""]


def test_attachment_stands_behind_the_body_as_its_own_section() -> None:
    document = read("attached")
    assert [s.mark for s in document.sections] == ["一、", "二、", "三、", ""]
    assert [s.mark for s in document.sections[3].children] == ["一、", "二、"]
