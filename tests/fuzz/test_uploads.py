"""Files that mean harm at every field that takes a file: refused in words, or harmless; and exports that run nothing."""

from __future__ import annotations

import io
import time
import zipfile
import zlib
from functools import cache

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

import factories
from chuangbao.core.models import StoredFile
from chuangbao.core.storage.filetypes import DOCUMENTS, recognise_type
from chuangbao.core.storage.reading import IN_JOB, read_apart
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Fact, Intake
from chuangbao.policies.models import RegisteredDocument

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %s "%s">' % (bytes([98 + n]), b"&%s;" % bytes([97 + n]) * 10) for n in range(12))
    + b"]>"
)
SECRET = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CELLS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def package(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in parts.items():
            box.writestr(name, content)
    return out.getvalue()


def word(document, **more):
    return package({"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/document.xml": document, **more})


def paragraph(text, head=b""):
    return head + f"<w:document {WORD}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>".encode()


def sheet_with(part, content):
    """A sound workbook with one part put in another's place."""
    book = Workbook()
    book.active.append(["信息项", "取值"])
    book.active.append(["expand_hires", "3"])
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as box:
        return package({name: box.read(name) for name in box.namelist()} | {part: content})


def sheet_of(head, cell):
    return sheet_with(
        "xl/worksheets/sheet1.xml",
        head
        + f'<worksheet {CELLS}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{cell}</t></is></c></row></sheetData></worksheet>'.encode(),
    )


def pdf_with(stream, entries=b"/Filter /FlateDecode", catalogue=b""):
    """A PDF of one page whose content is a packed stream."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue, b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(stream), stream),
    ]  # fmt: skip
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 5\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    )


def bomb(size):
    return zlib.compress(b" " * size, 9)


def picture(width, height):
    head = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\r" + head + zlib.crc32(head).to_bytes(4, "big") + b"\x00\x00\x00\x00IEND"


ATTACKS = {
    "nothing": lambda: ("x.pdf", b""),
    "a page": lambda: ("x.html", b"<!doctype html><script>hostile()</script><p>x"),
    "a page as text": lambda: ("x.txt", b"\n\n<html><script>hostile()</script>"),
    "a page as a paper": lambda: ("x.pdf", b"<html><script>hostile()</script>"),
    "scripts in a drawing": lambda: ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="hostile()"/>'),
    "a drawing as a picture": lambda: ("x.png", b"<svg onload=hostile()>"),
    "a program": lambda: ("x.exe", b"MZ\x90\x00"),
    "a program as a paper": lambda: ("x.pdf", b"MZ\x90\x00" + PDF),
    "a paper and a package": lambda: ("x.pdf", PDF + package({"a": b"b"})),
    "a picture and a page": lambda: ("x.png", picture(1, 1) + b"<script>hostile()</script>"),
    "a picture of a city": lambda: ("x.png", picture(2**31 - 1, 2**31 - 1)),
    "a broken paper": lambda: ("x.pdf", b"%PDF-1.7\nxref\n0 99999999\n" + b"\xff" * 500),
    "a paper that never ends": lambda: ("x.pdf", pdf_with(b"x").replace(b"/Parent 2 0 R", b"/Parent 3 0 R").replace(b"[3 0 R]", b"[2 0 R]")),
    "a packed paper": lambda: ("x.pdf", pdf_with(bomb(400 * 2**20))),
    "a paper packed twice": lambda: ("x.pdf", pdf_with(zlib.compress(bomb(600 * 2**20), 9), b"/Filter[/FlateDecode/FlateDecode]")),
    "a script in a paper": lambda: ("x.pdf", pdf_with(b"x", b"", b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>")),
    "a hidden script in a paper": lambda: ("x.pdf", pdf_with(b"x", b"", b"/OpenAction<</S/J#61vaScript/J#53(app.alert(1))>>")),
    "a packed script in a paper": lambda: ("x.pdf", pdf_with(zlib.compress(b"9 0 <</S/JavaScript/JS(app.alert(1))>>"), b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode")),
    "laughs in a document": lambda: ("x.docx", word(paragraph("&m;", LAUGHS))),
    "a stranger in a document": lambda: ("x.docx", word(paragraph("&a;", SECRET))),
    "a packed document": lambda: ("x.docx", word(paragraph("x" * (290 * 2**20)))),
    "a document of many parts": lambda: ("x.docx", word(paragraph("x") + b"<!--" + b"<w:p/>" * 8_000_000 + b"-->")),
    "macros": lambda: ("x.docx", word(paragraph("x"), **{"word/vbaProject.bin": b"\xd0\xcf"})),
    "a program in a document": lambda: ("x.docx", word(paragraph("x"), **{"word/embeddings/a.EXE": b"MZ"})),
    "a way out": lambda: ("x.docx", word(paragraph("x"), **{"../../etc/cron.d/x": b"x"})),
    "a broken document": lambda: ("x.docx", word(b"<w:document")),
    "an old document": lambda: ("x.docx", b"\xd0\xcf\x11\xe0" + b"\x00" * 600),
    "laughs in a workbook": lambda: ("x.xlsx", sheet_of(LAUGHS, "&m;")),
    "a stranger in a workbook": lambda: ("x.xlsx", sheet_of(SECRET, "&a;")),
    "laughs in its texts": lambda: ("x.xlsx", sheet_with("xl/sharedStrings.xml", LAUGHS + f"<sst {CELLS}><si><t>&m;</t></si></sst>".encode())),
    "laughs in its plan": lambda: ("x.xlsx", sheet_with("xl/workbook.xml", LAUGHS + f"<workbook {CELLS}>&m;</workbook>".encode())),
    "a workbook of many texts": lambda: ("x.xlsx", sheet_with("xl/sharedStrings.xml", f"<sst {CELLS}>".encode() + b"<si><t>x</t></si>" * 12_000_000 + b"</sst>")),
    "a wide workbook": lambda: ("x.xlsx", sheet_with("xl/worksheets/sheet1.xml", f'<worksheet {CELLS}><dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'.encode())),
    "a broken workbook": lambda: ("x.xlsx", sheet_with("xl/worksheets/sheet1.xml", b"<worksheet")),
    "formulas": lambda: ("x.csv", "信息项,取值\nexpand_hires,\"=cmd|' /C calc'!A0\"\n+1,@x\n-1,=1\n".encode()),
    "null characters": lambda: ("x.csv", "信息项,取值\nexpand_hires,\x00\n".encode()),
    "a long field": lambda: ("x.csv", "信息项,取值\nexpand_hires,".encode() + b"9" * 200_000),
    "an open quote": lambda: ("x.csv", '信息项,取值\nexpand_hires,"9'.encode() + b"\n," * 100_000),
    "a name that leads out": lambda: ("../../../etc/passwd", b"x"),
    "a name with control characters": lambda: ("a\r\nSet-Cookie: x=1\r\n.pdf", PDF),
    "a name that reads backwards": lambda: ("\u202efdp.exe", PDF),
    "a long name": lambda: ("长" * 5000 + ".pdf", PDF),
    "half a character": lambda: ("x.txt", b"\xe4\xb8"),
    "other signs": lambda: ("x.txt", "第一条 \ud800".encode("utf-16-le", "surrogatepass")),
}  # fmt: skip
"""By its name: what makes the name and the bytes of a file, made where it is sent, since some take seconds."""


@cache
def file_of(attack):
    return ATTACKS[attack]()


FIELDS = ("public", "facts", "evidence", "desk")


@pytest.fixture
def takers(client, regions, library, settings):
    """For each field: how a file is sent there, and what may come of it."""
    settings.RATE_LIMITS = False
    read_apart("recognise", PDF, name="x.pdf", allowed=["pdf"], limits=IN_JOB)  # the first file starts the readers
    owner = factories.member()
    firm, editor = subject_of(owner), factories.officer("policy_editor")
    return {
        "public": (None, "/policies/import/", {"text": ""}),
        "facts": (owner, "/facts/import/", {}),
        "evidence": (owner, f"/facts/subjects/{firm.pk}/expand_hires/", {"expand_hires": "3", "as_of": "2026-01-05"}),
        "desk": (editor, "/policies/desk/documents/new/", {"ref": "x-1", "text": ""}),
    }


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_file_that_means_harm_is_refused_or_harmless(client, takers, field, attack):
    actor, address, data = takers[field]
    if actor:
        factories.sign_in(client, actor)
    file = SimpleUploadedFile(*file_of(attack))
    began = time.monotonic()
    answer = client.post(address, {**data, "file": file})
    assert answer.status_code in {200, 302, 422}
    assert time.monotonic() - began < 20, "it keeps a worker busy"
    content = answer.content.decode()
    for harm in ("<script>hostile", "onload=", "root:", "ha" * 50):
        assert harm not in content
    kept = StoredFile.objects.all()
    assert len(kept) == (1 if field in {"evidence", "desk"} and answer.status_code == 302 else 0)
    if answer.status_code == 422:
        assert not any(model.objects.exists() for model in (Fact, Intake, RegisteredDocument))
        for value in data.values():
            assert not value or f'value="{value}"' in content, "what was typed beside it is gone"
    for row in kept:
        if field == "evidence":
            assert row.media_type in {"application/pdf", "image/png", "image/jpeg"}
            back = client.get(f"/facts/statements/{Fact.objects.get().pk}/evidence/")
        else:
            back = client.get(f"/policies/desk/documents/{RegisteredDocument.objects.get().pk}/original/")
        assert back.headers["Content-Disposition"].startswith("attachment")
        assert back.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "\r" not in back.headers["Content-Disposition"]
        assert len(row.name) < 140


@pytest.mark.parametrize(
    "attack",
    ["a script in a paper", "a hidden script in a paper", "a packed script in a paper", "a paper and a package", "macros",
     "a program in a document", "a way out", "a packed document", "a workbook of many texts"],
)  # fmt: skip
def test_what_would_run_or_burst_is_not_even_kept(attack):
    with pytest.raises(Refused):
        recognise_type(*file_of(attack), DOCUMENTS)


def test_a_proof_of_a_statement_that_is_refused_leaves_nothing_behind(client, takers, settings):
    owner, address, data = takers["evidence"]
    factories.sign_in(client, owner)
    before = everything_kept()
    answer = client.post(address, {**data, "as_of": "2199-01-01", "file": SimpleUploadedFile("x.pdf", PDF)})
    assert answer.status_code == 422
    assert not StoredFile.objects.exists()
    assert everything_kept() == before


def everything_kept():
    """The names of all files in the store."""
    store, found, folders = storages["kept"], set(), [""]
    while folders:
        folder = folders.pop()
        if not store.exists(folder):
            continue
        inner, files = store.listdir(folder)
        folders += [f"{folder}/{name}".strip("/") for name in inner]
        found |= {f"{folder}/{name}" for name in files}
    return found


FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("https://elsewhere.example")')


def test_what_begins_like_a_formula_stays_text_in_every_export(client, takers, regions):
    for name in FORMULAS:
        factories.organisation(name)
    firm = factories.organisation("=1+1")
    owner = factories.member(firm)
    state(subject=subject_of(owner), name="expand_hires", value=3, actor=owner)
    exports = {
        "/organisations/area.xlsx": factories.officer("register"),
        "/facts/subjects.xlsx": factories.officer("register"),
        f"/facts/subjects/{subject_of(owner).pk}/facts.xlsx": owner,
        "/facts/import/template.xlsx": owner,
        "/policies/policies.xlsx": owner,
    }
    seen = set()
    for address, actor in exports.items():
        factories.sign_in(client, actor)
        answer = client.get(address)
        assert answer.status_code == 200, address
        book = load_workbook(io.BytesIO(answer.content))
        for row in book.active.iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{address} {cell.coordinate}: {cell.value}"
                seen.add(cell.value)
    assert {name for name in FORMULAS if not name.startswith("\t")} <= seen
