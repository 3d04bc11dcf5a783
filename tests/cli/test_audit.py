"""`chuangbao audit verify`: what was done to the record behind PostgreSQL's guards is found through the command."""

from __future__ import annotations

import json
import os

import pytest
from django.db import connection, transaction
from typer.testing import CliRunner

from chuangbao.cli import app, audit, database
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.audit.log import record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def tests_database(monkeypatch):
    """The command reads the database of the tests; the settings of the run are put back."""
    monkeypatch.setenv("DATABASE_URL", os.environ["DATABASE_URL"])
    monkeypatch.setattr(database, "with_django", lambda: None)


@pytest.fixture
def rows():
    """Six rows of history, each in a transaction of its own."""
    return [record(SYSTEM, f"verb-{n}", kind="test.row", reason="换\\行\t\n\\N", data={"n": n}) for n in range(6)]


def tampered(*statements):
    """Change the record as only somebody with its owner's rights could."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)


def verified(*arguments):
    """The exit status and what was printed."""
    done = CliRunner().invoke(app, ["audit", "verify", *arguments])
    return done.exit_code, done.output


def test_a_whole_record_is_told_with_its_anchor(rows):
    status, said = verified()
    assert status == 0
    assert "✓ 6 rows verified; anchor 6:" in said
    anchor = said.split("anchor ")[1].split()[0]
    assert verified("--anchor", anchor)[0] == 0


def test_an_empty_record_is_whole():
    assert json.loads(verified("--json")[1]) == {"whole": True, "rows": 0, "anchor": "0:", "broken": []}


FORGED = (
    "INSERT INTO core_history (at, acting, verb, kind, region, before, after, reason, data)"
    " VALUES (now(), 'system', 'forged', 'test.row', '', '', '', '', '{}')"
)


@pytest.mark.parametrize(
    ("statements", "what", "words"),
    [
        (["UPDATE core_history SET after = 'paid' WHERE id = {0}"], ["changed"], "changed since it was sealed"),
        (["DELETE FROM core_history WHERE id = {0}"], ["deleted"], "the row is gone"),
        (["DELETE FROM core_seal WHERE history_id = {0}", "DELETE FROM core_history WHERE id = {0}"],
         ["missing_seal", "changed"], "the seal is gone"),
        ([FORGED], ["inserted"], "was never sealed"),
        (["UPDATE core_seal SET history_id = -1 WHERE history_id = {0}",
          "UPDATE core_seal SET history_id = {0} WHERE history_id = {1}",
          "UPDATE core_seal SET history_id = {1} WHERE history_id = -1"], ["changed", "changed"], "or moved"),
    ],
    ids=["changed", "deleted", "deleted with its seal", "inserted", "reordered"],
)  # fmt: skip
def test_what_was_done_to_the_record_is_found(rows, statements, what, words):
    tampered(*(statement.replace("{0}", str(rows[2].pk)).replace("{1}", str(rows[3].pk)) for statement in statements))
    status, said = verified("--json")
    assert status == 1
    assert [fault["what"] for fault in json.loads(said)["broken"]] == what
    status, said = verified()
    assert status == 1
    assert words in said


def test_a_record_cut_off_at_its_end_is_found_by_its_anchor(rows):
    anchor = verified()[1].split("anchor ")[1].split()[0]
    tampered(
        "DELETE FROM core_seal WHERE seq = 6",
        "DELETE FROM core_history WHERE id = (SELECT max(id) FROM core_history)",
    )
    assert verified()[0] == 0
    status, said = verified("--anchor", anchor)
    assert status == 1
    assert "not as in the anchor" in said


def test_a_file_keeps_the_anchors_and_a_record_that_was_cut_off_adds_none(rows, tmp_path):
    kept = tmp_path / "anchors"
    for _ in range(2):
        assert verified("--since-file", str(kept))[0] == 0
    lines = kept.read_text().splitlines()
    assert len(lines) == 2
    assert lines[0].split()[0] == lines[1].split()[0]
    assert kept.stat().st_mode & 0o077 == 0
    tampered(
        "DELETE FROM core_seal WHERE seq = 6",
        "DELETE FROM core_history WHERE id = (SELECT max(id) FROM core_history)",
    )
    status, said = verified("--since-file", str(kept))
    assert status == 1
    assert "not as in the anchor" in said
    assert kept.read_text().splitlines() == lines
    tampered("DELETE FROM core_seal", "DELETE FROM core_history")
    assert "The record is empty" in verified()[1]
    assert verified("--since-file", str(kept))[0] == 1


def test_a_long_list_is_cut(rows, monkeypatch):
    monkeypatch.setattr("chuangbao.core.audit.verify.MOST", 2)
    tampered("UPDATE core_history SET after = 'paid'")
    assert "the first 2 faults" in verified()[1]


@pytest.mark.parametrize("anchor", ["5", "five:" + "a" * 64, "5:" + "a" * 63, "5:" + "z" * 64])
def test_an_anchor_that_cannot_be_read_is_refused(anchor):
    status, said = verified("--anchor", anchor)
    assert status == 2
    assert "SEQ:DIGEST" in said


def test_every_fault_has_its_words():
    from pathlib import Path

    source = (Path(audit.__file__).parents[1] / "core" / "audit" / "verify.py").read_text(encoding="utf-8")
    assert all(f'"{what}"' in source for what in audit.SAID)
