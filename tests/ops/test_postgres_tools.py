"""PostgreSQL's own programs: found by their version, told of a database without a password on the command line."""

from __future__ import annotations

import subprocess

import pytest

from chuangbao.ops import postgres_tools
from chuangbao.ops.embedded_postgres import PostgresError


def script(folder, words):
    """A program that says something of itself."""
    path = folder / "pg_dump"
    path.write_text(f"#!/bin/sh\necho '{words}'\n")
    path.chmod(0o755)
    return str(path)


def test_the_program_of_the_wheel_is_taken_while_it_can_speak_with_the_server(tmp_path, monkeypatch):
    assert postgres_tools.find_program("pg_dump", server=15).startswith(str(postgres_tools.find_wheel()))
    newer = script(tmp_path, "pg_dump (PostgreSQL) 99.1")
    monkeypatch.setattr(postgres_tools.shutil, "which", lambda _name: newer)
    assert postgres_tools.find_program("pg_dump", server=99) == newer


@pytest.mark.parametrize("words", ["something else", None])
def test_a_server_that_no_program_can_speak_with_is_told(tmp_path, monkeypatch, words):
    monkeypatch.setattr(
        postgres_tools.shutil, "which", lambda _name: script(tmp_path, words) if words else str(tmp_path / "no")
    )
    with pytest.raises(PostgresError, match="The server is PostgreSQL 99; install"):
        postgres_tools.find_program("pg_dump", server=99)
    monkeypatch.setattr(postgres_tools.shutil, "which", lambda _name: None)
    with pytest.raises(PostgresError, match="install its client programs"):
        postgres_tools.find_program("pg_dump", server=99)


def test_a_password_goes_by_the_environment():
    given = postgres_tools.environment("postgresql://user:secret@host:5433/name?sslmode=verify-full&application_name=x")
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSSLMODE")
    assert [given[name] for name in names] == ["host", "5433", "user", "secret", "name", "verify-full"]


def test_a_program_that_fails_says_the_end_of_what_it_said():
    running = subprocess.Popen(["sh", "-c", "echo broken >&2; exit 3"], stderr=subprocess.PIPE)
    with pytest.raises(PostgresError, match="pg_dump failed: broken"):
        postgres_tools.wait_for_program("pg_dump", running)
