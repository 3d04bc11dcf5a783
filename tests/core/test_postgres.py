"""Our own starter of PostgreSQL: a cluster is made once, starts again with its data, and leaves no process."""

from __future__ import annotations

import psycopg
import pytest

from chuangbao.core.postgres import EmbeddedPostgres, PostgresError


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
