"""What a file is by its content, and what is dangerous in it: each kind, each code."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest

from chuangbao.core.storage.errors import UnfitError
from chuangbao.core.storage.filekinds import recognise
from chuangbao.core.storage.kinds import read_table
from fuzz import files

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 60
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 60
ALL = ["pdf", "docx", "xlsx", "png", "jpg", "txt", "csv"]
PAGE = files.pdf(files.pdf_of_pages([b"BT /F1 12 Tf 72 700 Td (abcdefghijklmnop) Tj ET"]))


def workbook(**more):
    """A package of a workbook with parts under further names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in {"xl/workbook.xml": b"<x/>", **more}.items():
            box.writestr(name, content)
    return out.getvalue()


def packed_pdf(content):
    """A PDF with an object in a packed stream."""
    data = zlib.compress(content)
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length "
    return head + str(len(data)).encode() + b" >> stream\n" + data + b"\nendstream\nendobj\n"


@pytest.mark.parametrize(
    ("name", "content", "ending"),
    [
        ("a.pdf", PAGE, "pdf"),
        ("a.PNG", PNG, "png"),
        ("a.jpeg", JPG, "jpg"),
        ("a.docx", files.docx(files.paragraph("文")), "docx"),
        ("a.xlsx", files.xlsx_rows(2), "xlsx"),
        ("a.txt", "通知".encode("gb18030"), "txt"),
        ("a.csv", b"a,b", "csv"),
        ("a.pdf", packed_pdf(b"1 0 << /Type /Page >>"), "pdf"),
        ("a.xlsx", workbook(**{"xl/printerSettings1.bin": b"x"}), "xlsx"),
    ],
)
def test_a_file_is_what_its_content_says(name, content, ending):
    assert recognise(name, content, ALL) == ending


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"MZ", "kind"),
        ("a.png", JPG, "kind"),
        ("a.png", b"x", "kind"),
        ("a.txt", b"a\x00b", "kind"),
        ("a.txt", b"<!DOCTYPE html>", "kind"),
        ("a.csv", b"a,<script>", "kind"),
        ("a.txt", b"\xff\xff\x80\xff", "kind"),
        ("a.xlsx", b"PK\x03\x04 nothing", "kind"),
        ("a.png", PNG + workbook(), "disguised"),
        ("a.xlsx", workbook(**{"../a.xml": b"x"}), "path"),
        ("a.xlsx", workbook(**{"/a.xml": b"x"}), "path"),
        ("a.xlsx", workbook(**{"xl/vbaProject.bin": b"x"}), "macros"),
        ("a.xlsx", workbook(**{"a.xml": b"0" * 2_000_000}), "bomb"),
        ("a.xlsx", workbook(**{"a.xml": b"<!DOCTYPE x>"}), "bomb"),
        ("a.pdf", b"%PDF-1.4\n<< /J#53 (x) >>", "active"),
        ("a.pdf", packed_pdf(b"1 0 << /JavaScript (x) >>"), "active"),
        ("a.pdf", b"%PDF-1.4" + packed_pdf(b"1") * 2002, "bomb"),
    ],
)
def test_what_is_dangerous_has_its_code(name, content, code):
    with pytest.raises(UnfitError) as error:
        recognise(name, content, ALL)
    assert error.value.code == code


def test_a_table_in_gb18030_is_read_and_a_broken_one_refused():
    given = {"allowed": ["csv", "xlsx"], "heads": {"名称": "name"}, "needed": ["name"], "most": 5}
    assert read_table("名称\n甲\n".encode("gb18030"), name="a.csv", **given)["lines"] == [[2, {"name": ["甲", False]}]]
    with pytest.raises(UnfitError) as error:
        read_table(workbook(), name="a.xlsx", **given)
    assert error.value.code == "broken"
