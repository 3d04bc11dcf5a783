"""Heads, tails, trees and duties as they are printed in notices, replies, guides, explanations and copies of them."""

from __future__ import annotations

import pytest

from chuangbao.gongwen import Document, parse_text

MEASURES = "某市奖励办法\n{note}\n第一条 根据《中华人民共和国某某法》，制定本办法。\n第二条 本办法自公布之日起施行。"


def list_duties(document: Document) -> list[tuple[str, str]]:
    sentences = [*document.preamble, *(found for section in document.walk() for found in section.sentences)]
    return [(duty.name, duty.role) for found in sentences for duty in found.duty_holders]


def test_a_note_below_the_title_tells_number_and_day():
    document = parse_text(MEASURES.format(note="2022年6月6日 某某部令第2号公布"))
    assert (document.title, document.number, document.date) == ("某市奖励办法", "某某部令第2号", "2022-06-06")
    assert document.effective == "2022-06-06"


def test_notes_of_adoption_are_neither_title_nor_addressees():
    text = "关于某事的解答\n2020年5月8日 某委员会\n第18次会议通过，自2021年1月1日起施行）\n省某某院：\n你院请示收悉，现答复如下。"
    document = parse_text(text)
    assert document.title == "关于某事的解答"
    assert document.addressees == ("省某某院",)


def test_the_day_on_which_it_takes_effect_in_a_note():
    document = parse_text(
        "某事处理规程\n2015年1月5日 某某局令第73号公布\n2015年3月15日 施行\n第一条 为某事，制定本规程。"
    )
    assert (document.date, document.effective) == ("2015-01-05", "2015-03-15")


def test_a_number_before_the_title_and_the_name_of_the_page():
    text = "某政发〔2014〕20号《某省关于某事的意见》\n浏览量:  时间:2016-01-17\n某省关于某事的意见\n某政发〔2014〕20号\n各市：\n一、加强管理"
    document = parse_text(text)
    assert (document.title, document.number) == ("某省关于某事的意见", "某政发〔2014〕20号")
    document = parse_text("某政规〔2020〕4号 某市人民政府关于某事的通知\n各县：\n一、加强管理")
    assert (document.title, document.issuers) == ("某市人民政府关于某事的通知", ("某市人民政府",))


def test_the_day_of_a_page_and_a_time_that_is_no_label():
    assert parse_text("某办法解读\n2021/12/25 规划司\n一、背景\n甲。").date == "2021-12-25"
    assert parse_text("某办法解读\n来源：某局　　发布时间：2024-05-20 09:12\n一、背景\n甲。").date == "2024-05-20"


def test_notices_of_names_and_explanations_are_official():
    document = parse_text("关于某年某某名单的公示\n现将名单公示，公示期5个工作日。")
    assert (document.kind, document.is_official) == ("公示", True)
    assert parse_text("《某办法》政策解读\n一、背景\n甲。").kind == "解读"


def test_a_document_does_not_rest_on_itself():
    document = parse_text("关于印发某细则的通知\n各单位：\n根据《某法》，按照本《细则》要求执行。")
    assert document.basis == ("《某法》",)


def test_attachments_named_by_one_sign_and_links_behind_them():
    text = "关于某事的通知\n各单位：\n请办理。\n附：1．申报书\n    2．承诺书\n某局\n2024年1月2日"
    assert parse_text(text).attachments == ("申报书", "承诺书")
    text = "关于某事的通知\n各单位：\n请办理。\n附件:1.甲名单 附件1.docx\n2.乙名单 附件2.docx"
    assert parse_text(text).attachments == ("甲名单", "乙名单")


def test_a_polite_end_belongs_to_no_clause():
    document = parse_text("关于某事的函\n某局：\n一、请提供资料。\n盼予支持为荷。\n某中心\n2024年7月2日")
    assert "盼予" not in document.text[document.sections[0].start : document.sections[0].end]


def test_questions_head_their_answers():
    document = parse_text("《某办法》解读\n一、标准是多少？\n每月200元。\n二、问：谁可以申请？\n答：毕业生可以申请。")
    assert [section.heading for section in document.sections] == ["标准是多少？", "问：谁可以申请？"]


def test_a_line_goes_on_counting_where_the_line_above_ended():
    document = parse_text(
        "关于某事的意见\n一、甲\n1．子（第1条）\n2．丑（第2条）\n3．寅（第3条） 4．卯（第4条） 5．辰（第5条）"
    )
    assert [child.mark for child in document.sections[0].children] == ["1．", "2．", "3．", "4．", "5．"]


@pytest.mark.parametrize(
    ("sentence", "duties"),
    [
        (
            "给予补助。（市文旅局牵头，市财政局，各县（市、区）人民政府配合）",
            [("市文旅局", "lead"), ("市财政局", "support"), ("各县(市、区)人民政府", "support")],
        ),
        ("每户企业不得超过800元。", []),
        ("以单位名义提出的，应经所在单位负责人签名。", []),
        ("具体办法由国家税务总局另行制定。", [("国家税务总局", "subject")]),
        ("基金由政府指定的公共服务机构负责管理。", [("政府指定的公共服务机构", "subject")]),
        ("省科技厅应当公布名单。", [("省科技厅", "subject")]),
    ],
)
def test_who_acts(sentence, duties):
    assert list_duties(parse_text(f"关于某事的通知\n一、{sentence}")) == duties


def test_work_shared_out_in_a_heading():
    document = parse_text("关于某事的通知\n一、强化创新（区科技局牵头）\n（一）加强平台。加快建设。")
    assert document.sections[0].heading == "强化创新"
    assert list_duties(document)[0] == ("区科技局", "lead")


def test_what_a_site_prints_below_belongs_to_no_clause():
    document = parse_text("某区申报指南\n一、条件\n注册满1年。\n版权所有：某区人民政府 ICP备00000000号\n主办：某局")
    assert (document.account.tree, document.account.tail) == (10, 29)
    assert document.sections[-1].end == document.text.index("。") + 1


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["某市人民政府关于全面推行", "行政执法公示制度执法全过程记录制度", "法制审核制度的指导意见"], None),
        (["某省关于暂时调整实施《某市药品管理法", "实施条例》有关规定的决定"], None),
        (
            ["某市关于印发《某市创业补贴管理办法》的通知", "某市创业补贴管理办法"],
            "某市关于印发《某市创业补贴管理办法》的通知",
        ),
        (["某市关于某事的通知", "某市关于另一事的意见"], "某市关于某事的通知"),
    ],
)
def test_a_title_goes_on_where_a_line_ends_with_the_name_of_a_kind(lines, title):
    head = "\n".join(lines)
    document = parse_text(f"{head}\n某发〔2024〕1号\n各区人民政府：\n一、要求\n各区要报送。")
    assert document.title == (title or "".join(lines))
    assert document.number == "某发〔2024〕1号"
    assert document.addressees == ("各区人民政府",)


def test_who_passes_a_text_on_issues_it_alone():
    document = parse_text("某省人民政府办公厅转发省地震局关于防震工作意见的通知\n各市：\n请认真执行。")
    assert document.issuers == ("某省人民政府办公厅",)


@pytest.mark.parametrize("person", ["某某委员：", "甲某、乙某代表：", "某某副主席：", "某某等代表："])
def test_an_answer_is_addressed_to_persons(person):
    document = parse_text(
        f"某部对某次会议第12号建议的答复\n某函〔2024〕7号\n{person}\n您提出的建议收悉，现答复如下：\n已经办理。"
    )
    assert document.addressees == (person.rstrip("："),)
