"""Files are what their content says, lie where nobody serves them, and come back as downloads."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import factories
from chuangbao.core.exports.excel import workbook
from chuangbao.core.models import History
from chuangbao.core.storage.encryption import SealedError
from chuangbao.core.storage.files import LARGEST, clean_name, keep, read
from chuangbao.core.storage.filetypes import DOCUMENTS, SHEETS, recognise_type
from chuangbao.core.workflow.refusals import Refused

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40


def package(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in parts.items():
            box.writestr(name, content)
    return out.getvalue()


def docx(**parts: bytes) -> bytes:
    return package(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>", **parts})


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("营业执照.PDF", PDF, "application/pdf"),
        ("照片.png", PNG, "image/png"),
        ("说明.txt", "姓名,金额\n".encode("gb18030"), "text/plain"),
        ("表.csv", b"a,b\n1,2\n", "text/csv"),
        ("表.xlsx", workbook("t", ["a"], [["b"]]), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("文.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_file_is_what_its_content_says(name, content, media_type):
    assert recognise_type(name, content, DOCUMENTS).media_type == media_type


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.pdf", b"", "empty"),
        ("page.pdf", b"<html><script>alert(1)</script></html>", "kind"),
        ("picture.svg", b"<svg onload='x()'/>", "kind"),
        ("page.txt", b"<!DOCTYPE html><body onload=x()>", "kind"),
        ("script.csv", b"a,b\n<script>x()</script>", "kind"),
        ("binary.txt", b"a\x00b", "kind"),
        ("noise.txt", b"\xff\xfe\xfa\xff\xff", "kind"),
        ("photo.png", b"odd", "kind"),
        ("virus.exe", b"MZ\x90\x00", "kind"),
        ("sheet.xlsx", docx(), "kind"),
        ("broken.docx", b"PK\x03\x04broken", "kind"),
        ("both.pdf", PDF + package(a=b"hidden"), "disguised"),
        ("both.png", PNG + package(a=b"hidden"), "disguised"),
        ("active.pdf", PDF + b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", "active"),
        ("macro.docx", docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        ("program.docx", docx(**{"word/embeddings/tool.exe": b"x"}), "macros"),
        ("path.docx", docx(**{"../../etc/cron.d/x": b"x"}), "path"),
        ("path2.docx", docx(**{"/etc/passwd": b"x"}), "path"),
        ("bomb.docx", docx(**{"word/big.xml": b"\x00" * 40_000_000}), "bomb"),
    ],
)
def test_a_dangerous_file_is_refused_with_a_reason(name, content, code):
    with pytest.raises(Refused) as refused:
        recognise_type(name, content, DOCUMENTS)
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_only_kinds_that_are_asked_for_are_taken():
    with pytest.raises(Refused, match="xlsx"):
        recognise_type("a.pdf", PDF, SHEETS)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\营业执照.pdf", "营业执照.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("...", "file"),
        ("长" * 300 + ".pdf", "长" * 120 + ".pdf"),
        (".pdf", "pdf"),
    ],
)
def test_a_name_is_cleaned_of_tricks(given, kept):
    assert clean_name(given) == kept


def upload(content=PDF, name="营业执照.pdf"):
    return SimpleUploadedFile(name, content, "text/html")


def at_rest(row):
    with storages["kept"].open(row.place) as file:
        return file.read()


@pytest.fixture
def founder(regions):
    return factories.founder()


def test_a_kept_file_comes_back_as_a_download_in_a_sandbox(client, founder):
    row = keep(upload=upload(), actor=founder, purpose="licence")
    assert at_rest(row) == PDF
    assert str(row) == "营业执照.pdf"
    factories.sign_in(client, founder)
    answer = client.get(reverse("core:file", args=[row.key]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert History.objects.get(verb="file.keep").data["size"] == len(PDF)


def test_nobody_reads_the_file_of_another(client, founder):
    row = keep(upload=upload(), actor=founder, purpose="licence")
    factories.sign_in(client, factories.founder())
    assert client.get(reverse("core:file", args=[row.key])).status_code == 404


def test_a_sensitive_file_lies_sealed_and_its_reading_is_on_record(client, founder):
    row = keep(upload=upload(), actor=founder, purpose="identity", sensitive=True)
    kept = at_rest(row)
    assert b"%PDF" not in kept
    assert read(row) == PDF
    factories.sign_in(client, founder)
    assert client.get(reverse("core:file", args=[row.key])).status_code == 200
    assert History.objects.filter(verb="file.read").count() == 1
    other = keep(upload=upload(), actor=founder, purpose="identity", sensitive=True)
    storages["kept"].delete(other.place)
    storages["kept"].save(other.place, io.BytesIO(kept))
    with pytest.raises(SealedError):
        read(other)


def test_a_file_that_is_too_large_is_refused_unread(founder):
    big = upload()
    big.size = LARGEST + 1
    with pytest.raises(Refused, match="20 MB"):
        keep(upload=big, actor=founder, purpose="licence")
