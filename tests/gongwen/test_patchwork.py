"""Documents patched together by chance from the lines that offices write: nothing is lost, nothing breaks."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from pypdf import PdfReader

from chuangbao.core.exports.pdf import typeset
from chuangbao.gongwen import DocumentError, parse_text
from chuangbao.gongwen.readers import docx as docx_reader
from chuangbao.gongwen.readers import pdf as pdf_reader
from chuangbao.gongwen.readers.docx import read_docx
from chuangbao.gongwen.readers.html import read_html
from chuangbao.gongwen.readers.pdf import join_lines, read_pdf
from chuangbao.gongwen.readers.text import decode
from chuangbao.gongwen.sentences import trim
from officelines import patchwork


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
