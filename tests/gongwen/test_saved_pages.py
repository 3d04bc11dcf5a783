"""What browsers make of a page: printed to PDF, saved as one file, saved in an encoding that does not fit."""

from __future__ import annotations

import pytest

from chuangbao.core.exports.pdf import typeset
from chuangbao.gongwen import DocumentError, ReadingWarning
from chuangbao.gongwen.fold import fold, name_radicals
from chuangbao.gongwen.readers import read_data
from chuangbao.gongwen.readers.pdf import read_pdf
from chuangbao.gongwen.readers.webarchive import unpack_web_archive

ARCHIVE = (
    "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/html{charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{page}\r\n--b--\r\n"
)
PAGE = "<html><head><meta charset={charset}></head><body><p>关于甲的通知</p></body></html>"


def test_radicals_of_a_printed_page_are_the_characters_they_are_printed_for():
    assert name_radicals("⼀、⽀持⻓⻚⻄⺠") == "一、支持长页西民"
    assert fold("⼀") == "一"
    assert len(fold("⼀⻓")) == 2


def test_what_a_browser_prints_at_the_edges_is_no_text():
    page = "11/26/26, 11:45 PM #h(2cm) 某页\n\n关于甲的通知\n\n某局办理。\n\nhttps:\\//a.example/b #h(5cm) 1/2"
    assert read_pdf(typeset(f'#set text(font: "Noto Sans SC")\n{page}'), "a.pdf").split() == [
        "关于甲的通知",
        "某局办理。",
    ]


def test_figures_that_are_set_higher_stay_in_their_line():
    text = '#set text(font: "Noto Sans SC", size: 24pt)\n#text(baseline: -4pt)[2025]年度指南'
    assert read_pdf(typeset(text), "a.pdf") == "2025年度指南\n"
    text = '#set text(font: "Noto Sans SC", size: 24pt)\n某市#text(baseline: 5pt)[“]十四五#text(baseline: 5pt)[”]规划'
    assert read_pdf(typeset(text), "a.pdf") == "某市“十四五”规划\n"


@pytest.mark.parametrize(("header", "own"), [("", "utf-8"), ("; charset=gbk", "gbk"), ("; charset=nonsense", "utf-8")])
def test_a_saved_page_whose_header_names_no_charset(header, own):
    data = ARCHIVE.format(charset=header, page=PAGE.format(charset=own)).encode("gb18030" if own == "gbk" else own)
    assert read_data(data, "a.mhtml").strip() == "关于甲的通知"
    assert "关于甲" in unpack_web_archive(data, "a.mhtml").decode()


def test_letters_that_the_encoding_lacks_are_named():
    warnings: list[ReadingWarning] = []
    text = "<html><head><meta charset=utf-8></head><body><p>关于甲的通知，各单位办理。\ufffd</p></body></html>"
    assert "关于甲的通知" in read_data(text.encode(), "a.html", warnings)
    assert [str(warning) for warning in warnings] == ["1 letters could not be read because they have no names"]
    assert "\ufffd" in read_data(text.encode(), "a.html")
    with pytest.raises(DocumentError, match="not text in UTF-8"):
        read_data("<html><p>������</p></html>".encode(), "a.html")


def test_cells_between_drawn_lines_stay_cells():
    table = "#table(columns: 3, [指标], [单位], [数值], [收入], [亿元], [100], [占比], [%], [])"
    text = read_pdf(typeset(f'#set text(font: "Noto Sans SC")\n上文。\n\n{table}\n下文。'), "a.pdf")
    assert text.split("\n") == ["上文。", "指标\t单位\t数值", "收入\t亿元\t100", "占比\t%\t", "下文。", ""]


def test_a_frame_round_a_text_is_no_table():
    text = read_pdf(typeset('#set text(font: "Noto Sans SC")\n#table(columns: 1, [甲], [乙])'), "a.pdf")
    assert text == "甲\n乙\n"
