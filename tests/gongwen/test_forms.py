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


def test_regulation_with_contents_sections_and_items_in_the_line() -> None:
    document = read("regulation")
    assert (document.kind, document.title, document.date) == ("条例", "某省创新促进条例", "2019-05-30")
    assert document.basis == ("《中华人民共和国科学技术进步法》",)
    assert [s.mark for s in document.sections] == ["第一章", "第二章", "第三章"]
    assert [s.mark for s in section(document, "1.2").children] == ["（一）", "（二）"]
    assert section(document, "2.1.1").heading == "【研发投入】"


def test_page_of_a_site_with_metadata() -> None:
    document = read("site")
    assert (document.number, document.date) == ("国办发〔2021〕35号", "2021-10-10")
    assert document.issuers == ("国务院办公厅",)
    assert document.addressees == ("各省、自治区、直辖市人民政府", "国务院各部委、各直属机构")
    assert [(d.name, d.role) for d in section(document, "2.1").sentences[0].duty_holders] == [
        ("教育部", "lead"),
        ("人力资源社会保障部", "responsible"),
    ]


def test_plan_with_chapters_and_marks() -> None:
    document = read("plan")
    assert document.kind == "规划"
    assert (section(document, "1.2.2.1").mark, section(document, "1.2.2.1").heading) == ("（一）", "人才")


def test_short_names_are_no_basis_and_a_bare_number_is_repealed() -> None:
    document = read("loans")
    assert document.basis == ("《国务院关于某意见》（国发〔2019〕28号）", "《某办法》（财金〔2018〕22号）")
    assert document.repeals == ("财金〔2017〕5号",)
    assert document.effective == "2020-04-15"


def test_serial_under_the_title_of_an_announcement() -> None:
    document = read("list")
    assert document.number == "某省科学技术厅公告2021年第6号"
    assert document.attachments == ("备案名单", "异议申请表")


def test_rules_with_paragraphs_under_a_section() -> None:
    document = read("rules")
    assert (document.kind, document.effective) == ("细则", "2022-01-01")
    assert [s.mark for s in section(document, "1").children] == ["", ""]
    assert [s.mark for s in section(document, "2.1").children] == ["（1）", "（2）"]
