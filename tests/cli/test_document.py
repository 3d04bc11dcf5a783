"""``chuangbao document parse``: what was left out is said, a folder is read whole."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from chuangbao.cli import app
from fuzz import files

if TYPE_CHECKING:
    from pathlib import Path

BODY = "某市关于补贴的通知\n某发〔2024〕1号\n各单位：\n一、标准\n补贴5万元。\n某市科技局\n2024年5月1日\n"
STRUCK = "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:t>一、新文</w:t></w:r></w:p>"


def run(*arguments: str):
    return CliRunner().invoke(app, ["document", "parse", *arguments])


def test_one_document_is_outlined(tmp_path: Path):
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    done = run(str(tmp_path / "a.txt"), "--strict")
    assert done.exit_code == 0
    assert "某发〔2024〕1号 2024-05-01\n一、标准\n" in done.output
    assert json.loads(run(str(tmp_path / "a.txt"), "--json").stdout)["account"]["characters"] == 47


def test_what_was_left_out_is_printed_and_strict_refuses_it(tmp_path: Path):
    (tmp_path / "a.docx").write_bytes(files.docx(STRUCK))
    done = run(str(tmp_path / "a.docx"))
    assert done.exit_code == 0
    assert "warning: 1 characters struck out by tracked changes were left out" in done.output
    assert run(str(tmp_path / "a.docx"), "--strict").exit_code == 1


def test_a_file_that_is_missing_or_cannot_be_read(tmp_path: Path):
    assert run(str(tmp_path / "none")).exit_code != 0
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 nothing")
    done = run(str(tmp_path / "a.pdf"))
    assert done.exit_code != 0
    assert "the PDF is damaged" in done.output


def test_a_folder_is_reported_a_line_a_file(tmp_path: Path):
    (tmp_path / "b").mkdir()
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    (tmp_path / "b" / "b.docx").write_bytes(files.docx(STRUCK))
    (tmp_path / ".hidden").write_text("x", encoding="utf-8")
    done = run(str(tmp_path))
    assert done.exit_code == 0
    assert "a.txt\t某发〔2024〕1号\t某市关于补贴的通知\t23+10+14" in done.output
    assert "2 of 2 read" in done.output
    assert run(str(tmp_path), "--strict").exit_code == 1
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert run(str(tmp_path)).exit_code == 1


def test_an_archive_is_reported_as_a_folder_is(tmp_path: Path):
    place = tmp_path / "a.zip"
    with zipfile.ZipFile(place, "w") as box:
        box.writestr("a.txt", BODY)
        box.writestr("b/b.docx", files.docx(STRUCK))
        box.writestr("c.pdf", b"%PDF-1.4 nothing")
    done = run(str(place))
    assert done.exit_code == 1
    assert "a.txt\t某发〔2024〕1号\t某市关于补贴的通知\t23+10+14" in done.output
    assert "b/b.docx\t" in done.output
    assert "c.pdf\tNOT READ\tc.pdf was not read: the PDF is damaged." in done.output
    assert "2 of 3 read" in done.output
    place.write_bytes(b"PK nothing")
    damaged = run(str(place))
    assert damaged.exit_code != 0
    assert "its archive is damaged. Pack it again." in damaged.output
