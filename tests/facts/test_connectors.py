"""Registers: one contract for every way in, taken in once, told line by line, tried again when they are away."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
import typer
from django.db import OperationalError
from typer.testing import CliRunner

import factories
from chuangbao.core.models import History
from chuangbao.core.storage.encryption import SealedError
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.connectors import Connector, Delivery, UnreachableError
from chuangbao.facts.connectors import folder as folder_module
from chuangbao.facts.connectors.folder import DropFolder, drop_folders, open_settled
from chuangbao.facts.domain.intake import take, take_all
from chuangbao.facts.domain.sheets import lines_of
from chuangbao.facts.models import Fact, Intake
from chuangbao.facts.tasks import forget_registers

pytestmark = pytest.mark.usefixtures("regions")
HEAD = "统一社会信用代码,信息项,取值,截至日期或所属期\n"


@pytest.fixture
def firm():
    return factories.organisation()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "社保"
    made.mkdir()
    return made


def drop(folder: Path, name: str, *lines: str, encoding="utf-8-sig") -> None:
    (folder / name).write_text(HEAD + "\n".join(lines) + "\n", encoding=encoding)


class Contract:
    """What any connector must do; a new one only says how a delivery gets to it and how it goes away."""

    def connector(self) -> Connector: ...
    def bring(self, name: str, content: bytes) -> None: ...
    def break_down(self) -> None: ...

    @pytest.fixture(autouse=True)
    def begin(self, tmp_path):
        self.tmp_path = tmp_path

    def test_its_register_has_a_name(self):
        assert self.connector().register

    def test_nothing_waits_at_first(self):
        assert list(self.connector().list_deliveries()) == []

    def test_what_was_brought_waits_unchanged_and_in_order_until_it_is_settled(self):
        self.bring("b.csv", b"2")
        self.bring("a.csv", b"1")
        found = list(self.connector().list_deliveries())
        assert [(d.name, d.content) for d in found] == [("a.csv", b"1"), ("b.csv", b"2")]
        self.connector().settle(found[0], taken=True, report="ok\n")
        assert list(self.connector().list_deliveries()) == [Delivery("b.csv", b"2")]
        self.connector().settle(found[1], taken=False, report="no\n")
        assert list(self.connector().list_deliveries()) == []

    def test_the_same_name_again_waits_again(self):
        for content in (b"1", b"2", b"1"):
            self.bring("a.csv", content)
            (found,) = self.connector().list_deliveries()
            assert found.content == content
            self.connector().settle(found, taken=True, report="")

    def test_the_same_content_is_known_again(self):
        assert Delivery("a.csv", b"1").digest == Delivery("b.csv", b"1").digest != Delivery("a.csv", b"2").digest

    def test_while_it_is_away_it_says_so(self):
        self.bring("a.csv", b"1")
        (found,) = self.connector().list_deliveries()
        self.break_down()
        with pytest.raises(UnreachableError):
            list(self.connector().list_deliveries())
        with pytest.raises(UnreachableError):
            self.connector().settle(found, taken=True, report="")


class TestDropFolder(Contract):
    def connector(self):
        (self.tmp_path / "社保").mkdir(exist_ok=True)
        return DropFolder(self.tmp_path / "社保") if not hasattr(self, "gone") else DropFolder(self.gone)

    def bring(self, name, content):
        self.connector()
        (self.tmp_path / "社保" / name).write_bytes(content)

    def break_down(self):
        self.gone = self.tmp_path / "away" / "社保"


def test_a_file_becomes_facts_once_and_its_faults_are_told(folder, firm):
    drop(
        folder,
        "a.csv",
        f"{firm.code},expand_hires,12,2026-01-05",
        f"{firm.code},expand_hires,viele,",
        "91220101MA0000000X,expand_hires,1,",
        f"{firm.code},hirez,1,",
        f"{firm.code},expand_hires,1,bald",
    )
    (outcome,) = take(DropFolder(folder))
    assert (outcome.taken, outcome.wrong, outcome.problem) == (1, 4, "")
    fact = Fact.objects.get()
    assert (fact.number, fact.source, fact.register, fact.recorded_by, str(fact.as_of)) == (
        12,
        "register",
        "社保",
        None,
        "2026-01-05",
    )
    report = next((folder / "done").glob("*.csv.txt")).read_text("utf-8")
    assert [line.partition("：")[0] for line in report.splitlines()] == [
        "已导入 1 行。",
        "第 3 行",
        "第 4 行",
        "第 5 行",
        "第 6 行",
    ]
    drop(
        folder,
        "again.csv",
        f"{firm.code},expand_hires,12,2026-01-05",
        f"{firm.code},expand_hires,viele,",
        "91220101MA0000000X,expand_hires,1,",
        f"{firm.code},hirez,1,",
        f"{firm.code},expand_hires,1,bald",
    )
    take(DropFolder(folder))
    assert (Fact.objects.count(), Intake.objects.count()) == (1, 1)
    assert len(list((folder / "done").glob("*.csv.sealed"))) == 2
    assert History.objects.filter(verb="register_taken").count() == 1


def test_the_old_chinese_encoding_is_read(folder, firm):
    drop(folder, "a.csv", f"{firm.code},招用青年人数,12,2026年1月5日", encoding="gb18030")
    assert take(DropFolder(folder))[0].taken == 1


def test_a_file_that_is_no_table_fails_with_its_reason_and_the_next_is_taken(folder, firm):
    (folder / "a.csv").write_text("x,y\n1,2\n", "utf-8")
    (folder / "b.xlsx").write_bytes(b"PK\x03\x04broken")
    drop(folder, "c.csv", f"{firm.code},expand_hires,12,")
    outcomes = take(DropFolder(folder))
    assert [bool(o.problem) for o in outcomes] == [True, True, False]
    assert len(list((folder / "failed").glob("*.txt"))) == 2
    assert Fact.objects.count() == 1


def test_a_register_that_is_away_is_told_and_tried_again(folder, firm, monkeypatch):
    drop(folder, "a.csv", f"{firm.code},expand_hires,12,")

    def away(_path):
        raise OSError(5, "input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "iterdir", away)
        (outcome,) = take(DropFolder(folder))
        assert outcome.problem == "input/output error"
    assert not Fact.objects.exists()
    assert take(DropFolder(folder))[0].taken == 1


def test_what_was_taken_in_and_not_moved_away_is_not_taken_in_again(folder, firm, monkeypatch):
    drop(folder, "a.csv", f"{firm.code},expand_hires,12,")

    def full(*_args, **_more):
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "mkdir", full)
        assert take(DropFolder(folder))[-1].problem == "no space left on device"
    assert Fact.objects.count() == 1
    assert take(DropFolder(folder))[0].taken == 1
    assert (Fact.objects.count(), list(folder.glob("*.csv"))) == (1, [])


def test_what_was_delivered_lies_sealed_and_opens_with_the_keys_in_its_place_alone(folder, firm, capsysbinary):
    from chuangbao.cli.registers import open_file

    drop(folder, "a.csv", f"{firm.code},equity_spread,7766554,")
    (folder / "b.csv").write_text("x,7766554\n", "utf-8")
    os.umask(0o022)
    take(DropFolder(folder))
    for path in folder.rglob("*"):
        assert not path.is_file() or b"7766554" not in path.read_bytes(), path
    assert {p.stat().st_mode & 0o777 for p in (folder / "done", folder / "failed")} == {0o700}
    (kept,) = (folder / "done").glob("*.sealed")
    assert open_settled(kept).decode("utf-8-sig").startswith(HEAD)
    open_file(kept)
    assert b"7766554" in capsysbinary.readouterr().out
    moved = kept.rename(kept.with_name(f"x{kept.name}"))
    with pytest.raises(SealedError):
        open_settled(moved)
    with pytest.raises(typer.Exit):
        open_file(moved)


def test_a_file_that_was_replaced_meanwhile_is_taken_in_by_itself(folder, firm):
    drop(folder, "a.csv", f"{firm.code},expand_hires,1,2026-01-05")
    (first,) = DropFolder(folder).list_deliveries()
    drop(folder, "a.csv", f"{firm.code},expand_hires,2,2026-01-06")
    DropFolder(folder).settle(first, taken=True, report="")
    (second,) = DropFolder(folder).list_deliveries()
    assert second.content != first.content


def test_what_was_delivered_a_month_ago_is_forgotten(folder, firm, settings):
    settings.REGISTERS = folder.parent
    drop(folder, "a.csv", f"{firm.code},expand_hires,1,")
    take(DropFolder(folder))
    drop(folder, "b.csv", f"{firm.code},expand_hires,2,")
    assert forget_registers() == 0
    for path in (folder / "done").iterdir():
        os.utime(path, (0, 0))
    assert forget_registers() == 2
    assert list((folder / "done").iterdir()) == []
    assert (folder / "b.csv").exists()


def test_one_bad_file_stops_no_other(folder, firm, tmp_path, monkeypatch):
    monkeypatch.setattr(folder_module, "LARGEST", 10_000)
    (folder / "0.csv").mkdir()
    os.mkfifo(folder / "1.csv")
    (folder / "a.xlsx").write_bytes(newer_package())
    (folder / "b.csv").write_bytes(b"x" * 10_001)
    (folder / "c.xlsx").write_bytes(b"PK\x05\x06" + b"\xff" * 18)
    drop(folder, "d.csv", f"{firm.code},expand_hires,12,")
    other = tmp_path / "税务"
    other.mkdir()
    drop(other, "y.csv", f"{firm.code},expand_hires,13,2026-01-05")
    found = [(o.filename, bool(o.problem)) for o in take_all(drop_folders(tmp_path))]
    assert found == [("a.xlsx", True), ("b.csv", True), ("c.xlsx", True), ("d.csv", False), ("y.csv", False)]
    assert not [o for o in take_all(drop_folders(tmp_path)) if o.problem], "they are not asked again"
    assert "MB" in next((folder / "failed").glob("*b.csv.txt")).read_text("utf-8")


def test_what_nobody_foresaw_fails_one_file_and_not_the_register(folder, firm, monkeypatch):
    drop(folder, "a.csv", f"{firm.code},expand_hires,12,")
    drop(folder, "b.csv", f"{firm.code},expand_hires,13,2026-01-05")

    def broken(name, content, **more):
        if name == "a.csv":
            raise RecursionError
        return lines_of(name, content, **more)

    monkeypatch.setattr("chuangbao.facts.domain.intake.lines_of", broken)
    assert [bool(o.problem) for o in take(DropFolder(folder))] == [True, False]
    assert Intake.objects.filter(stage="failed").count() == 1
    assert History.objects.filter(verb="register_failed").count() == 1


def test_a_file_waits_where_too_many_are_being_read(folder, firm, monkeypatch):
    drop(folder, "a.csv", f"{firm.code},expand_hires,12,")

    def full(*_given, **_more):
        raise Refused("busy", "others are being read")

    with monkeypatch.context() as busy:
        busy.setattr("chuangbao.facts.domain.intake.lines_of", full)
        assert [o.problem for o in take(DropFolder(folder))] == ["others are being read"]
    assert not Intake.objects.exists()
    assert [o.taken for o in take(DropFolder(folder))] == [1]


def test_a_file_that_cannot_be_read_now_waits_and_the_others_are_taken(folder, firm, monkeypatch):
    drop(folder, "a.csv", f"{firm.code},expand_hires,12,")
    drop(folder, "b.csv", f"{firm.code},expand_hires,13,2026-01-05")
    read = Path.read_bytes

    def shut(path):
        if path.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", shut)
    outcomes = take(DropFolder(folder))
    assert [(o.filename, o.problem) for o in outcomes] == [("b.csv", ""), ("", "a.csv: Permission denied")]
    assert (folder / "a.csv").exists()


class Broken(DropFolder):
    """A way in that fails in its own way."""

    fault: Exception = ZeroDivisionError("x")

    def list_deliveries(self):
        raise self.fault
        yield


def test_a_connector_that_breaks_leaves_the_others_served_and_a_database_that_is_away_is_waited_for(folder, firm):
    drop(folder, "a.csv", f"{firm.code},expand_hires,12,")
    outcomes = take_all([Broken(folder), DropFolder(folder)])
    assert [(o.problem, o.taken) for o in outcomes] == [("ZeroDivisionError", 0), ("", 1)]
    Broken.fault = OperationalError("away")
    with pytest.raises(OperationalError):
        take_all([Broken(folder)])


def test_a_database_that_is_away_fails_no_file(folder, firm, monkeypatch):
    drop(folder, "a.csv", f"{firm.code},expand_hires,12,")

    def away(*_args):
        raise OperationalError("away")

    with monkeypatch.context() as broken:
        broken.setattr("chuangbao.facts.domain.intake.keep_rows", away)
        with pytest.raises(OperationalError):
            take(DropFolder(folder))
    assert take(DropFolder(folder))[0].taken == 1


def newer_package():
    """A workbook that says it needs a version of the format that nobody has."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
    content = bytearray(made.getvalue())
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 6 : directory + 8] = (99).to_bytes(2, "little")
    return bytes(content)


def test_half_written_files_links_and_other_things_wait(folder, tmp_path):
    (folder / "a.csv.part").write_bytes(b"half")
    (tmp_path / "secret.csv").write_bytes(b"not ours")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    assert list(DropFolder(folder).list_deliveries()) == []
    assert [c.register for c in drop_folders(tmp_path)] == ["社保"]
    assert drop_folders(tmp_path / "nothing") == []


def test_the_command_takes_in_what_waits_and_says_what_became_of_it(folder, firm, settings, monkeypatch):
    from chuangbao.cli import app, database

    settings.REGISTERS = folder.parent
    monkeypatch.setenv("DATABASE_URL", os.environ["DATABASE_URL"])
    monkeypatch.setattr(database, "with_django", lambda: None)
    drop(folder, "a.csv", f"{firm.code},expand_hires,12,")
    done = CliRunner().invoke(app, ["registers", "take"])
    assert (done.exit_code, done.output) == (0, "社保 a.csv: 1 ✓ 0 ✗\n")
    (folder / "b.csv").write_text("x,y\n1,2\n", "utf-8")
    assert CliRunner().invoke(app, ["registers", "take"]).exit_code == 1
