"""What is known to make a reader work for hours is refused before it is read; what only looks like it is read."""

from __future__ import annotations

import io
import time
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangbao.gongwen import DocumentError, parse_text
from chuangbao.gongwen.readers import read_file
from chuangbao.gongwen.readers.docx import read_docx
from chuangbao.gongwen.readers.html import read_html
from chuangbao.gongwen.readers.package import BrokenPackageError, HostilePackageError, check_parts, parts_of
from chuangbao.gongwen.readers.pdf import read_pdf
from fuzz import files

SECONDS = 10.0  # of processor time; each of these took minutes to years
REFUSED = {
    "a.pdf": (lambda: files.pdf_forms(6, 10), "far too often"),
    "b.pdf": (lambda: files.pdf_forms(12, 10), "far too often"),
    "c.pdf": (files.pdf_of_itself, "far too often"),
    "d.pdf": (lambda: files.pdf_shared(1900, 2000), "far too often"),
    "a.docx": (lambda: files.docx_span(60_000), "spans 60000 columns"),
    "b.docx": (lambda: files.docx_span(10**9, "gridBefore"), "spans 1000000000 columns"),
    "c.docx": (lambda: files.docx_entities(9), "document type"),
    "d.docx": (lambda: files.docx_renamed(30_000_000), "its texts unpack to"),
    "e.docx": (lambda: files.docx(files.paragraph("甲" * 1000) * 500), "more than 400000 characters"),
    "f.docx": (lambda: files.with_version(files.docx(files.paragraph("甲"))), "archive is damaged"),
    "a.html": (lambda: files.html_deep(250, 1_000_000), "nested more than 100"),
    "b.html": (lambda: files.html_deep(200, 1_000_000, "h1"), "nested more than 100"),
    "c.html": (lambda: b"  ", "no page is found"),
    "a.txt": (lambda: files.text_long(2_000_000), "more than 400000 characters"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_take_hours_is_refused_in_words_at_once(name, tmp_path):
    made, why = REFUSED[name]
    (tmp_path / name).write_bytes(made())
    began = time.process_time()
    with pytest.raises(DocumentError) as caught:
        read_file(tmp_path / name)
    assert time.process_time() - began < SECONDS
    assert why in caught.value.why
    assert caught.value.remedy


def test_a_pasted_text_is_bounded_as_well():
    with pytest.raises(DocumentError, match="more than 400000"):
        parse_text("一" * 400_001)


def test_what_only_looks_like_it_is_read():
    assert "aaaabbbb" in read_pdf(files.pdf_forms(3, 2), "a.pdf")
    assert read_pdf(files.pdf_shared(3, 2), "a.pdf").count("aabbccdd") == 3
    assert read_docx(files.docx_span(63), "a.docx") == "甲\n"
    assert read_docx(files.docx_label(200_000, 3), "a.docx").startswith("x" * 100 + "甲\n")
    assert read_html(files.html_deep(90, 100)).strip() == "中" * 100
    assert "文号" in read_html(files.html_blanks(1_000_000))


def test_a_page_in_a_charset_that_no_page_has_is_read_all_the_same():
    for charset in ("undefined", "idna", "punycode", "unicode_escape", "hex", "nonsense"):
        page = f"<html><head><meta charset={charset}></head><body><p>关于甲的通知</p></body></html>"
        assert "关于甲的通知" in read_html(page.encode("gb18030"))
    assert "甲乙" in read_html("<html><head><meta charset=big5></head><body><p>甲乙</p></body></html>".encode("big5"))


def test_a_pdf_without_pages_contents_or_forms_is_no_error_of_ours():
    objects = files.pdf_of_pages([b"/X1 Do /Nothing Do\n"], resources=b"/XObject << /X1 6 0 R >>")
    picture = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /Length 0 >>\nstream\n\nendstream"
    with pytest.raises(DocumentError, match="no text layer"):
        read_pdf(files.pdf([*objects, picture]), "a.pdf")
    bare = [o.replace(b"/Contents 5 0 R", b"") for o in files.pdf_of_pages([b""])]
    with pytest.raises(DocumentError, match="no text layer"):
        read_pdf(files.pdf(bare), "a.pdf")
    listed = [
        o.replace(b"/Contents 5 0 R", b"/Contents [5 0 R 3 0 R]") for o in files.pdf_of_pages([files.LETTERS % 9])
    ]
    assert "abcdefghij" in read_pdf(files.pdf(listed), "a.pdf")


def test_packages_that_hold_too_many_parts_or_pictures():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for n in range(3001):
            box.writestr(str(n), b"")
    with pytest.raises(HostilePackageError, match="3001 parts"):
        check_parts(out.getvalue(), most=1, most_text=1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("a", b"\x89PNG" + bytes(100))
    assert check_parts(out.getvalue(), most=1000, most_text=1) == ["a"]
    with pytest.raises(HostilePackageError, match="unpacks to 104"):
        check_parts(out.getvalue(), most=10, most_text=1)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_no_change_of_a_package_raises_anything_else(place, bytes_):
    whole = files.docx(files.paragraph("甲"))
    at = place % len(whole)
    data = whole[:at] + bytes_ + whole[at + len(bytes_) :]
    for check in (parts_of, lambda found: check_parts(found, most=10**6, most_text=10**6)):
        try:
            check(data)
        except (BrokenPackageError, HostilePackageError):
            continue
    with suppress(DocumentError):
        read_docx(data, "a.docx")
