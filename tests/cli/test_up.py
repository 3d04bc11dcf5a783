"""Starting and stopping everything, as `make run` does."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
import pytest
import typer

from chuangbao.cli import database, ports
from chuangbao.cli.up import name_site
from chuangbao.ops.embedded_postgres import EmbeddedPostgres, PostgresError, home_of
from measuring import PROGRAMS

OPERATORS = """
CREATE ROLE holder LOGIN; CREATE DATABASE theirs OWNER holder; CREATE ROLE worker LOGIN;
"""


@contextmanager
def started(folder, **settings):
    """`chuangbao up` with a data folder of its own, and the address it prints; it is stopped whatever happens."""
    room = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    room |= {"CHUANGBAO_DATA": str(folder), "CHUANGBAO_PROCESSES": "1", **settings}
    command = [sys.executable, "-W", "ignore", "-m", "chuangbao", "up", "--port", free_port()]
    with subprocess.Popen(command, env=room, stdout=subprocess.PIPE, text=True, restore_signals=True) as running:
        try:
            line = next((line for line in running.stdout if "http" in line), "")
            yield running, re.search(r"http://\S+", line)[0] if line else None
        finally:
            running.terminate()


def free_port():
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def opened(address):
    """The text of a page."""
    with urllib.request.urlopen(address, timeout=10) as page:
        return page.read().decode()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder that the tests start again and again, as an operator does; the first start, here, makes it."""
    top = tmp_path_factory.mktemp("up")
    top.chmod(0o755)
    folder = top / "数据 1"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(PROGRAMS, raising=False)
        with started(folder) as (running, address):
            assert "创宝网" in opened(address)
            assert ended_whole(running, signal.SIGTERM, folder)
    return folder


def ended_whole(running, sign, folder):
    """Whether all of it ends by a signal, in order and without a process that stays."""
    running.send_signal(sign)
    if running.wait(30):
        return False
    for _ in range(50):
        if not subprocess.run(["pgrep", "-f", str(folder)], capture_output=True, check=False).stdout:
            return True
        time.sleep(0.1)
    return False


def test_it_opens_refuses_a_second_start_and_leaves_no_process(data):
    with started(data) as (running, address):
        assert "创宝网" in opened(address)
        status, words = refusal(data=data)  # and makes no second, empty database
        assert (status, f"process {running.pid} {address}" in words) == (1, True), words
        assert not (data / "postgres-2").exists()
        assert ended_whole(running, signal.SIGINT, data)


@pytest.mark.unmeasured
def test_the_figures_are_those_of_all_processes(data):
    with started(data, CHUANGBAO_PROCESSES="2") as (_running, address):
        for _ in range(12):
            opened(f"{address}policies/")
        for _ in range(6):  # whichever process answers
            assert 'chuangbao_requests_total{method="GET",status="200",view="policies:library"} 12.0' in opened(
                f"{address}metrics"
            )


@pytest.mark.unmeasured
def test_the_operators_own_database_serves_under_one_role_or_two(tmp_path):
    tmp_path.chmod(0o755)
    with EmbeddedPostgres(tmp_path / "theirs", fast=True) as server:
        for statement in OPERATORS.strip().split("; "):
            server.run("psql", "-h", str(server.socket), "-U", "postgres", "-c", statement)
        theirs = {
            "DATABASE_URL": server.url("theirs", "worker"),
            "CHUANGBAO_OWNER_DATABASE_URL": server.url("theirs", "holder"),
        }
        with started(tmp_path / "ours", **theirs) as (running, address):
            assert address is not None
            assert "/policies/measures/2.3.1-guaranteed-loan-jilin/" in opened(
                f"{address}policies/?q={quote('创业担保贷款')}"
            )
            below = subprocess.run(["pgrep", "-P", str(running.pid)], capture_output=True, text=True, check=True)
            assert len(below.stdout.split()) >= 2
            for process in below.stdout.split():  # what serves visitors does not know who could rewrite the record
                assert b"OWNER" not in Path(f"/proc/{process}/environ").read_bytes()
            running.send_signal(signal.SIGTERM)
            assert running.wait(30) == 0
        for role in ("worker", "holder"):
            with started(tmp_path / "ours", DATABASE_URL=server.url("theirs", role)) as (_running, address):
                assert address is not None, "once it is upgraded the server needs no owner"
            deleted = partial(server.run, "psql", "-h", str(server.socket), "-U", role, "theirs", "-c")
            with pytest.raises(PostgresError, match=r"append-only|permission denied"):
                deleted("INSERT INTO core_history (at, acting, verb, kind, region, before, after, reason, data)"
                    " VALUES (now(), 'system', 'v', 'k', '', '', '', '', '{}'); DELETE FROM core_history")  # fmt: skip


@pytest.mark.unmeasured
@pytest.mark.parametrize("part", ["chuangbao worker", "granian"])
def test_where_a_part_ends_by_itself_all_of_it_ends_for_a_supervisor_to_start_anew(data, part):
    with started(data) as (running, address):
        assert "创宝网" in opened(address)
        below = subprocess.run(
            ["pgrep", "-P", str(running.pid), "-f", part], capture_output=True, text=True, check=True
        )
        os.kill(int(below.stdout), signal.SIGKILL)
        assert running.wait(30) == 1
    with pytest.raises(OSError, match="refused"):
        opened(address)  # no process of the web server has outlived the one that started it


@contextmanager
def taken(host="127.0.0.1"):
    """A port on which this very process listens."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as held:
        held.bind((host, 0))
        held.listen()
        yield held.getsockname()[1]


def test_letters_name_the_address_that_was_started(monkeypatch):
    monkeypatch.delenv("CHUANGBAO_URL", raising=False)
    name_site("127.0.0.1", 8140)
    assert os.environ["CHUANGBAO_URL"] == "http://127.0.0.1:8140"
    name_site("0.0.0.0", 8141, anew=True)  # noqa: S104 - a name, nothing listens
    assert os.environ["CHUANGBAO_URL"] == "http://localhost:8141"
    monkeypatch.setenv("CHUANGBAO_URL", "https://chuangbao.example")
    name_site("127.0.0.1", 8140)
    assert os.environ["CHUANGBAO_URL"] == "https://chuangbao.example"


def test_a_port_that_nobody_named_is_stepped_over(monkeypatch):
    with taken() as port:
        monkeypatch.setattr(ports, "FIRST_PORT", port)
        assert ports.choose_port("127.0.0.1", None) > port
        monkeypatch.setattr(ports, "PORTS", 1)
        with pytest.raises(typer.Exit):
            ports.choose_port("127.0.0.1", None)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_named_port_that_is_taken_is_an_error_that_names_who_holds_it(host, tmp_path):
    with taken(host) as port:
        status, words = refusal("--port", port, "--host", host, data=tmp_path / "none")
    assert status == 1
    assert f"端口 {port} 已被占用" in words
    assert f"(process {os.getpid()})" in words
    assert not (tmp_path / "none" / "postgres").exists()  # nothing was made before it was said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--port", 80000), "65535"),
        (("--host", "256.1.1.1"), "地址 256.1.1.1 端口 8000 无法使用"),
        (("--host", "192.0.2.7"), "无法使用"),
    ],
)
def test_an_address_that_cannot_be_is_told_in_a_sentence(arguments, words, tmp_path):
    status, said = refusal(*arguments, data=tmp_path / "none")
    assert status in {1, 2}
    assert words in said


def refusal(*arguments, data, **settings):
    """The status of `up` that stops by itself, and its words, which are never a traceback."""
    room = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    room |= {"CHUANGBAO_DATA": str(data), **settings}
    command = [sys.executable, "-W", "ignore", "-m", "chuangbao", "up", *map(str, arguments)]
    done = subprocess.run(command, env=room, capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, " ".join(done.stderr.replace("│", " ").split())


def test_what_stops_a_start_is_told_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "pack.yaml").write_text("id: [")
    for words, settings in (
        ("数据库无法连接", {"DATABASE_URL": "postgresql://postgres@127.0.0.1:1/none"}),
        ("找不到政策包", {"CHUANGBAO_PACK": str(tmp_path)}),
        (
            "政策包无法读取",
            {"CHUANGBAO_PACK": str(tmp_path / "broken"), "DATABASE_URL": os.environ["DATABASE_URL"]},
        ),
    ):
        status, said = refusal(data=tmp_path / "data", **settings)
        assert status == 1
        assert words in said
        assert said.count("✗") == 1
    status, said = refusal(data=tmp_path / "file" / "data")
    assert (status, "无法创建数据目录" in said) == (1, True)


def test_the_database_that_a_killed_start_left_behind_is_ended_and_its_data_served(tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setattr(database, "DATA_DIR", tmp_path)
    monkeypatch.setattr(database, "LOCK", tmp_path / "postgres.lock")
    with EmbeddedPostgres(tmp_path / "postgres", fast=True) as left:  # nobody holds the lock
        left.create("theirs")
        with ExitStack() as stack:
            addresses = database.start_own_server(stack)
            assert left.process.wait(10) == 0
            assert addresses.process.pid != left.process.pid
            with psycopg.connect(addresses.owner) as owner:
                assert owner.execute("SELECT 1 FROM pg_database WHERE datname = 'theirs'").fetchone()
            with monkeypatch.context() as patched, pytest.raises(typer.Exit):
                patched.setattr(database, "PATIENCE", -1.0)
                patched.setattr(os, "kill", lambda *_words: None)
                database.end_left_over(tmp_path / "postgres")


def test_a_cluster_that_cannot_be_made_is_told_in_one_sentence(tmp_path):
    tmp_path.chmod(0o755)
    cluster = home_of(tmp_path / "data" / "postgres") / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "something").write_text("in the way")
    status, said = refusal(data=tmp_path / "data")
    assert status == 1
    assert "initdb failed" in said


class Visitor:
    """A browser without pictures: cookies, and the token of the form before."""

    def __init__(self, address):
        self.address = address.rstrip("/")
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def get(self, path):
        return self.opener.open(f"{self.address}{path}", timeout=20).read().decode()

    def post(self, path, form, **fields):
        """Send what stands on the page ``form`` to ``path``."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(form))[1]
        data = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        request = urllib.request.Request(f"{self.address}{path}", data, {"Referer": f"{self.address}{form}"})
        try:
            return self.opener.open(request, timeout=20).status
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code


@pytest.mark.unmeasured
def test_nothing_that_it_writes_is_open_to_others_and_its_log_names_nobody(data):
    before = os.umask(0o022)
    try:
        with started(data) as (running, address):
            owner = Visitor(address)
            assert owner.post("/demo/sign-in/", "/accounts/login/", who="owner") == 200
            place = re.search(r"/organisations/\d+/", owner.get("/organisations/"))[0]
            for _ in range(2):
                owner.post(f"{place}invite/", place, email="secret.person@private.example", role="clerk")
            end = time.monotonic() + 30
            while "secret.person" not in owner.get("/demo/mail/") and time.monotonic() < end:
                time.sleep(0.5)
            assert "secret.person" in owner.get("/demo/mail/")
            running.send_signal(signal.SIGTERM)
            assert running.wait(30) == 0
    finally:
        os.umask(before)
    home = home_of(data / "postgres")
    opened = [path for top in (data, home) for path in top.rglob("*") if path.lstat().st_mode & 0o077]
    assert [path for path in opened if not path.is_symlink()] == []
    log = (home / "log").read_text(encoding="utf-8")
    assert "duplicate key" in log
    assert "secret.person" not in log
    assert "INSERT INTO" not in log
