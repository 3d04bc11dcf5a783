"""Documents patched together by chance from the lines that offices write: nothing is lost, nothing breaks."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from chuangbao.core.papers import typeset
from chuangbao.gongwen import DocumentError, parse_text
from chuangbao.gongwen.readers import docx as docx_reader
from chuangbao.gongwen.readers import pdf as pdf_reader
from chuangbao.gongwen.readers.docx import read_docx
from chuangbao.gongwen.readers.html import read_html
from chuangbao.gongwen.readers.pdf import join_lines, read_pdf
from chuangbao.gongwen.readers.text import decode
from chuangbao.gongwen.sentences import trim

LINES = [
    "", " ", "　　", "索 引 号：11220000/2015-00001　发文日期：", "2015年06月08日", "标 题：关于某事的通知", "文号：",
    "成文日期：2015/6/8", "吉林省人民政府办公厅文件", "吉政办发〔2015〕31号", "吉政办发[2015]31 号", "第18号", "（第18号）",
    "吉林省人民政府办公厅关于", "发展众创空间推进大众创新创业的", "实施意见", "通知", "吉林省人民政府令", "第 256 号",
    "财政部 税务总局 科技部", "财政部", "国家税务总局", "关于小微企业的公告", "财政部 税务总局公告2023年第12号", "2015年6月8日",
    "各市（州）人民政府，各有关单位：", "各设区市财政局：", "目录", "第一章 总则 ………… 1", "第二章　附则", "第一章　总则",
    "第一条　为了规范管理，根据《中华人民共和国立法法》和国办发〔2015〕9号，制定本办法。", "第一条例外的说明。", "第二条 本办法自2016年1月1日起施行。",
    "第三条", "第三条规定的条件。", "第二章　附则　", "（一）建立机制；", "（二）每年不少于100万元，且不超过200万元。", "(三) 支持两类、三批、五家以上企业", "1.鼓励高校设立基金。", "1、培训1万名以上创业者",
    "（1）不得收费。", "1）可以减免", "①完成时限为3个工作日。", "1.1 目标 到2020年，达到50%以上", "一、总体要求", "一、总体要求　以市场为导向，全面推进。" * 3,
    "二、主要任务。各部门要按照职责分工抓好落实，确保完成目标。", "三、保障措施", "（一）加强领导。各地要高度重视。责任单位：科技厅、财政厅。", "加强领导。省科技厅牵头，省财政厅配合。",
    "一是加强领导；二是完善机制；三是落实责任。", "首先是准备，其次是实施，最后是总结。", "主要包括：（一）场地；（二）设备；（三）人员。", "1.甲；2.乙；3.丙。",
    "本通知自发布之日起施行，有效期5年，《旧办法》（吉政发〔2010〕3号）同时废止。", "《甲办法》《乙办法》（以下简称《办法》）予以废止。", "附件：1.任务分工表 2.申报书", "附件", "2.指标体系", "附件1", "附件1：",
    "任务分工表", "吉林省众创空间管理办法（试行）", "（盖章）", "吉林省科学技术厅　　吉林省财政厅", "二〇一五年六月八日", "二○一五年六月八日印发", "（此件公开发布）", "抄送：省委办公厅。", "联系人：张某 0431-12345678",
    "主任：某某", "分享到：", "Page 1 of 3", "ABC Tech Park关于建设的函", "（2015年5月1日省政府常务会议通过　根据2018年决定修正）", "是否合格？合格！", "三百二十万元、1.5亿元、百分之七十、2－3年、２０％以上",
]  # fmt: skip
patchwork = st.lists(st.sampled_from(LINES), min_size=1, max_size=25).map("\n".join).filter(str.strip)


@settings(max_examples=1200, deadline=None, suppress_health_check=list(HealthCheck))
@given(patchwork)
def test_whatever_is_patched_together_can_be_read_and_given_back(text):
    document = parse_text(text)
    assert "".join(leaf.text for leaf in document.leaves()) == text
    found = document.to_dict()
    assert found["date"] is None or re.fullmatch(r"\d{4}-\d\d-\d\d", found["date"])
    assert all(0 <= c["start"] < c["end"] <= len(text) for c in found["cites"])
    waiting = list(found["sections"])
    while waiting:
        section = waiting.pop()
        assert 0 <= section["start"] <= section["end"] <= len(text)
        for sentence in section["sentences"]:
            for quantity in sentence["quantities"]:
                assert text[quantity["start"] : quantity["end"]] == quantity["text"]
        waiting += section["children"]


def refused(read, data, why):
    with pytest.raises(DocumentError) as caught:
        read(data, "a")
    assert why in str(caught.value)


def packed(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, data in files.items():
            box.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


def test_word_files_that_are_none(monkeypatch):
    refused(read_docx, b"PK\x03\x04 damaged", "archive is damaged")
    refused(read_docx, packed(a_xml="x"), "no Word document")
    refused(read_docx, packed(word__document_xml="x"), "do not fit together")
    monkeypatch.setattr(docx_reader, "_MAX_UNPACKED", 1)
    refused(read_docx, packed(word__document_xml="xxx"), "unpacks to 3 bytes")


def test_a_word_file_with_a_table_between_paragraphs():
    made = docx.Document()
    made.add_paragraph("前")
    made.add_table(1, 2).rows[0].cells[1].text = "乙"
    made.add_paragraph("后")
    out = io.BytesIO()
    made.save(out)
    assert read_docx(out.getvalue(), "a") == "前\n\t乙\n后\n"


def test_pages_with_a_wrong_charset_a_comment_and_a_heading_outside():
    page = "<html><head><meta charset='utf-8'></head><body><h1>关于甲的通知</h1><div><!-- 注 --><p>乙。</p></div></body></html>"
    assert "关于甲的通知" in read_html(page.encode("gb18030"))
    assert "乙。" in read_html(b"<p>\xe4\xb9\x99\xe3\x80\x82<!-- x -->y</p>")
    assert "关于甲的通知" in read_html(
        f"<h1>关于甲的通知</h1><div class=x>{'<p>正文内容很长，一直往下写。</p>' * 20}</div>".encode()
    )
    assert read_html(b"<p>y</p>").strip() == "y"


def test_portable_documents_at_their_edges(monkeypatch):
    assert join_lines([]) == []
    made = typeset('#set text(font: "Noto Sans SC")\n#set page(numbering: "1", header: [- 1 -])\n= 甲\n正文内容。')
    assert "正文内容。" in read_pdf(made, "a")
    assert len(PdfReader(io.BytesIO(made)).pages) == 1
    monkeypatch.setattr(pdf_reader, "_MAX_PAGES", 0)
    refused(read_pdf, made, "more than 0")


def test_text_that_is_none():
    refused(decode, b"\x00\x01\x00\x02", "not text")
    assert decode("甲".encode("utf-16"), "a") == "甲"
    assert trim("  甲 ", 0, 4) == (2, 3)
    assert trim("   ", 0, 3) == (3, 3)
