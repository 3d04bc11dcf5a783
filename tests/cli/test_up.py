"""Starting and stopping everything, as `make run` does."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from functools import partial
from urllib.parse import quote

import pytest

from chuangbao.cli import up
from chuangbao.core.postgres import EmbeddedPostgres, PostgresError

OPERATORS = """
CREATE ROLE holder LOGIN; CREATE DATABASE theirs OWNER holder; CREATE ROLE worker LOGIN;
"""


@contextmanager
def started(folder, **settings):
    """`chuangbao up` with a data folder of its own, and the address it prints; it is stopped whatever happens."""
    room = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    room |= {"CHUANGBAO_DATA": str(folder), **settings}
    command = [sys.executable, "-W", "ignore", "-m", "chuangbao", "up", "--port", "8640"]
    with subprocess.Popen(command, env=room, stdout=subprocess.PIPE, text=True, restore_signals=True) as running:
        try:
            line = next((line for line in running.stdout if "http" in line), "")
            yield running, re.search(r"http://\S+", line)[0] if line else None
        finally:
            running.terminate()


def opened(address):
    """The text of a page."""
    with urllib.request.urlopen(address, timeout=10) as page:
        return page.read().decode()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_opens_and_leaves_no_process(tmp_path, sign):
    tmp_path.chmod(0o755)
    with started(tmp_path / "数据 1") as (running, address):
        assert "创宝网" in opened(address)
        running.send_signal(sign)
        assert running.wait(30) == 0
    for _ in range(50):
        left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True, check=False).stdout
        if not left:
            return
        time.sleep(0.1)
    assert left == ""


def test_the_figures_are_those_of_all_processes(tmp_path):
    tmp_path.chmod(0o755)
    with started(tmp_path / "data", CHUANGBAO_PROCESSES="2") as (_running, address):
        for _ in range(12):
            opened(f"{address}policies/")
        for _ in range(6):  # whichever process answers
            assert 'chuangbao_requests_total{method="GET",status="200",view="policies:library"} 12.0' in opened(
                f"{address}metrics"
            )


@pytest.mark.parametrize("application", ["holder", "worker"])
def test_the_operators_own_database_serves_under_one_role_or_two(tmp_path, application):
    tmp_path.chmod(0o755)
    with EmbeddedPostgres(tmp_path / "theirs", fast=True) as server:
        for statement in OPERATORS.strip().split("; "):
            server.run("psql", "-h", str(server.socket), "-U", "postgres", "-c", statement)
        theirs = {
            "DATABASE_URL": server.url("theirs", application),
            "CHUANGBAO_OWNER_DATABASE_URL": server.url("theirs", "holder"),
        }
        with started(tmp_path / "ours", **theirs) as (running, address):
            assert address is not None
            assert "/policies/measures/2.3.1-guaranteed-loan-jilin/" in opened(
                f"{address}policies/?q={quote('创业担保贷款')}"
            )
            running.send_signal(signal.SIGTERM)
            assert running.wait(30) == 0
        deleted = partial(server.run, "psql", "-h", str(server.socket), "-U", application, "theirs", "-c")
        with pytest.raises(PostgresError, match=r"append-only|permission denied"):
            deleted("INSERT INTO core_history (at, acting, verb, kind, region, before, after, reason, data)"
                    " VALUES (now(), 'system', 'v', 'k', '', '', '', '', '{}'); DELETE FROM core_history")  # fmt: skip


@pytest.mark.parametrize("part", ["chuangbao worker", "granian"])
def test_where_a_part_ends_by_itself_all_of_it_ends_for_a_supervisor_to_start_anew(tmp_path, part):
    tmp_path.chmod(0o755)
    with started(tmp_path / "data") as (running, address):
        assert "创宝网" in opened(address)
        below = subprocess.run(
            ["pgrep", "-P", str(running.pid), "-f", part], capture_output=True, text=True, check=True
        )
        os.kill(int(below.stdout), signal.SIGKILL)
        assert running.wait(30) == 1
    with pytest.raises(OSError, match="refused"):
        opened(address)  # no process of the web server has outlived the one that started it


def test_a_port_in_use_is_stepped_over():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert up.free_port("127.0.0.1", port) > port
