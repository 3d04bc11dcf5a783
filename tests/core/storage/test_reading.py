"""Foreign files are read apart: within limits, few at a time, by a process that web pages never load."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangbao.core.storage import reading, zygote
from chuangbao.core.storage.errors import UnfitError
from chuangbao.core.storage.filekinds import LONGEST_OBJECTS, inflate, recognise
from chuangbao.core.storage.kinds import KINDS, plain, read_document, read_table, read_text
from chuangbao.core.storage.reading import IN_PAGE, read_apart
from chuangbao.core.workflow.refusals import Refused
from chuangbao.gongwen import DocumentError
from fuzz import files

NOTICE = "吉林省科学技术厅关于甲的通知\n\n一、每年不少于100万元。\n"
TABLE = {
    "allowed": ["xlsx", "csv"],
    "heads": {"信息项": "name", "取值": "value"},
    "needed": ["name", "value"],
    "most": 50,
}
QUICK = replace(IN_PAGE, cpu=1, wall=8.0, patience=30.0)


def test_a_web_process_loads_none_of_the_parsers():
    code = (
        "import django, sys; django.setup(); import chuangbao.config.urls;"
        "print([name for name in ('pdfplumber', 'pdfminer', 'pypdf', 'docx', 'lxml.html') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_documents_texts_and_tables_are_read_as_they_are_here():
    word = files.docx(files.paragraph("关于甲的通知"))
    assert read_apart("document", word, name="a.docx") == read_document(word, name="a.docx")
    assert read_apart("text", NOTICE.encode()) == read_text(NOTICE.encode())
    book = files.xlsx_rows(3)
    assert read_apart("table", book, name="a.xlsx", **TABLE) == json.loads(
        json.dumps(read_table(book, name="a.xlsx", **TABLE))
    )
    assert read_apart("recognise", book, name="a.xlsx", allowed=["xlsx"]) == "xlsx"


def test_what_a_reader_refuses_is_refused_here_with_its_words():
    with pytest.raises(DocumentError) as caught:
        read_apart("document", b"\xd0\xcf\x11\xe0", name="a.doc")
    assert caught.value.remedy == "Save it without a password as .docx"
    with pytest.raises(UnfitError) as caught:
        read_apart("recognise", b"x", name="a.pdf", allowed=["pdf"])
    assert caught.value.code == "kind"


@pytest.mark.parametrize(
    "limits",
    [
        QUICK,
        replace(QUICK, cpu=60, wall=1.0),
        replace(QUICK, cpu=60, memory=100 << 20),
        replace(QUICK, cpu=60, output=1000),
    ],
    ids=["processor", "clock", "memory", "output"],
)
def test_what_runs_over_is_an_answer_in_words_and_the_next_file_is_read(limits):
    began = time.monotonic()
    slow = files.text_long(390_000) if limits.output > 1000 else files.text_long(5000)
    with pytest.raises(Refused) as caught:
        read_apart("text", slow, limits=limits)
    assert caught.value.code == "costly"
    assert caught.value.field == "file"
    assert time.monotonic() - began < 40
    assert read_apart("text", NOTICE.encode(), limits=replace(IN_PAGE, patience=60.0))["parsed"]["kind"] == "通知"


def test_a_reader_that_fails_is_a_damaged_file_and_no_fault_of_the_page():
    with pytest.raises(Refused) as caught:
        read_apart("text", b"\xff", limits=QUICK)
    assert caught.value.code == "broken"


def test_the_process_is_started_again_where_it_was_ended():
    reading.start()
    first = reading.helper.process
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert read_apart("text", NOTICE.encode())["text"] == NOTICE
    assert reading.helper.process.pid != first.pid
    reading.helper.line.close()
    assert read_apart("text", NOTICE.encode())["text"] == NOTICE
    reading.close()
    reading.close()
    assert reading.helper.process is None
    reading.helper.owner = -1  # as after a fork
    assert read_apart("text", NOTICE.encode())["text"] == NOTICE


def all_places():
    """Every place to read in, taken."""
    stack = ExitStack()
    for _place in range(reading.SLOTS):
        stack.enter_context(reading.slot(30))
    return stack


def test_few_are_read_at_a_time_and_the_others_are_told_when_to_come_back(client, library, monkeypatch):
    slot = reading.slot
    with all_places():
        began = time.monotonic()
        with pytest.raises(Refused) as caught:
            read_apart("text", NOTICE.encode(), limits=replace(IN_PAGE, patience=0.2))
        assert caught.value.code == "busy"
        assert 0.2 <= time.monotonic() - began < 2
        monkeypatch.setattr(reading, "slot", lambda patience: slot(patience / 10))
        answer = client.post("/policies/import/", {"text": NOTICE})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "10"
        assert "100万元" in answer.content.decode(), "what was typed is gone"
        answer = client.post("/policies/import/", {"text": "", "file": SimpleUploadedFile("a.txt", NOTICE.encode())})
        assert answer.status_code == 503
        assert client.get("/policies/import/").status_code == 200
    answer = client.post("/policies/import/", {"text": NOTICE})
    assert answer.status_code == 200
    assert not answer.has_header("Retry-After")


def test_the_helper_refuses_the_network_programs_and_files_that_are_written():
    for event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.fork", "os.exec"):
        with pytest.raises(PermissionError):
            zygote.watch_events(event, ())
    for flags in (os.O_WRONLY, os.O_RDWR | os.O_CREAT):
        with pytest.raises(PermissionError):
            zygote.watch_events("open", ("a", "w", flags))
    zygote.watch_events("open", ("a", "r", os.O_RDONLY))
    zygote.watch_events("import", ("a",))


def test_every_way_to_fail_is_an_answer(monkeypatch):
    def give(data, *, fault):
        if fault:
            raise fault
        return len(data)

    monkeypatch.setitem(KINDS, "test", give)
    answers = [
        zygote.answer_to({"kind": "test", "given": {"fault": fault}}, b"ab")
        for fault in (None, DocumentError("a", "b", "c"), UnfitError("kind"), MemoryError(), KeyError("x"))
    ]
    assert answers == [
        {"ok": 2}, {"document": ["a", "b", "c"]}, {"unfit": "kind"}, {"over": "memory"}, {"fault": "KeyError: 'x'"},
    ]  # fmt: skip
    assert zygote.written_out({"ok": "长" * 100}, 50) == b'{"over":"output"}'
    assert json.loads(zygote.written_out({"ok": "长\ud800"}, 500)) == {"ok": "长\ud800"}

    def full(*_given, **_more):
        raise MemoryError

    monkeypatch.setattr(json, "dumps", full)
    assert zygote.written_out({}, 50) == b'{"over":"memory"}'


def test_a_table_in_all_its_shapes():
    assert read_table("信息项,取值\n甲,1\n,\n乙,\n".encode("gb18030"), name="a.csv", **TABLE)["lines"] == [
        [2, {"name": ["甲", False], "value": ["1", False]}]
    ]
    assert read_table("信息项\n甲\n".encode(), name="a.csv", **TABLE) == {
        "lines": [],
        "lacking": ["value"],
        "long": False,
    }
    assert read_table(b"", name="a.csv", **TABLE)["lacking"] == ["name", "value"]
    assert read_table(("信息项,取值\n" + "甲,1\n" * 51).encode(), name="a.csv", **TABLE)["long"]
    assert read_table(("信息项,取值\n" + ",\n" * 300).encode(), name="a.csv", **TABLE)["long"]
    assert len(read_table(files.xlsx_rows(40, "A1:B2"), name="a.xlsx", **TABLE)["lines"]) == 40, (
        "the dimension is wrong"
    )
    for broken in (("信息项,取值\n甲," + "9" * 200_000).encode(), files.xlsx("<sheetData><row")):
        with pytest.raises(UnfitError) as caught:
            read_table(broken, name="a.csv" if broken[:2] != b"PK" else "a.xlsx", **TABLE)
        assert caught.value.code == "broken"


def test_a_cell_is_what_a_person_would_have_typed():
    cells = (True, False, 1.5, 1e22, None, " 甲 ", 12, datetime(2026, 1, 5, 8), Decimal(3), "长" * 999)  # noqa: DTZ001 - as in a cell
    assert [plain(cell) for cell in cells] == [
        "true", "false", "1.5", "1" + "0" * 22, "", "甲", "12", "2026-01-05", "3", "长" * 401,
    ]  # fmt: skip


HOSTILE = {
    "objects of a PDF": ("a.pdf", lambda: files.pdf_objects(60, 16 << 20), "bomb"),
    "marks of a PDF": ("a.pdf", lambda: files.pdf_marks(2 << 20), "bomb"),
    "entities of a workbook": ("a.xlsx", lambda: files.xlsx_entities(1_000_000), "bomb"),
    "renamed strings of a workbook": ("a.xlsx", lambda: files.xlsx_renamed(120 << 20), "bomb"),
    "a directory of tomorrow": ("a.xlsx", lambda: files.with_version(files.xlsx_rows(1)), "kind"),
    "broken content": (
        "a.xlsx",
        lambda: files.xlsx_rows(9).replace(b"PK\x03\x04", b"PK\x03\x05", 2)[:-1] + b"\0",
        "kind",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_take_gigabytes_is_refused_within_600_megabytes(name):
    where, made, code = HOSTILE[name]
    with pytest.raises(UnfitError) as caught:
        read_apart(
            "recognise", made(), name=where, allowed=["pdf", "xlsx"], limits=replace(reading.IN_JOB, memory=600 << 20)
        )
    assert caught.value.code == code


def test_a_part_that_cannot_be_unpacked_is_a_damaged_file():
    whole = files.xlsx_rows(200)
    at = whole.index(b"xl/worksheets/sheet1.xml") + 40
    with pytest.raises(UnfitError) as caught:
        recognise("a.xlsx", whole[:at] + bytes(60) + whole[at + 60 :], ["xlsx"])
    assert caught.value.code == "broken"


def test_a_stream_is_unpacked_as_far_as_it_goes():
    import zlib

    assert inflate(memoryview(b"no stream")) == b""
    assert inflate(memoryview(zlib.compress(b"abc") + b"rest")) == b"abc"
    assert inflate(memoryview(b"")) == b""
    assert len(inflate(memoryview(zlib.compress(bytes(20 << 20))))) == LONGEST_OBJECTS
    noise = os.urandom(200_000)
    assert inflate(memoryview(zlib.compress(noise))) == noise


def test_only_the_readers_open_workbooks():
    """``import-linter`` knows packages, not their functions; ``core.exports.excel`` writes with the same one."""
    source = Path(reading.__file__).parents[2]
    opening = {
        str(path.relative_to(source)) for path in source.rglob("*.py") if "load_workbook" in path.read_text("utf-8")
    }
    assert opening == {"core/storage/kinds.py"}
