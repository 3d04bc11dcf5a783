"""Papers are real PDF files with the characters that stand in them."""

from __future__ import annotations

import io

import pdfplumber

from chuangbao.core.exports.pdf import Paper, to_pdf


def test_a_table_is_set_with_every_cell():
    paper = Paper("清单")
    paper.table([["事项", "金额"], ["初创企业补贴 #1", "5,000 元"]], "1fr, auto")
    with pdfplumber.open(io.BytesIO(to_pdf(paper))) as read:
        text = "".join(page.extract_text() for page in read.pages).replace(" ", "")
    assert "初创企业补贴#1" in text
    assert "5,000元" in text
