"""The whole program under writers, killed in mid-flight: PostgreSQL with its disk, web server and worker as `up` starts them."""

from __future__ import annotations

import http.client
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from chuangbao.cli import up
from chuangbao.core.postgres import EmbeddedPostgres

TESTS = Path(__file__).parents[1]
ADDRESS = "127.0.0.1"
PARTS = ("web", "worker", "database")
BROKEN = (OSError, http.client.HTTPException)
TOKEN = re.compile(r"/checkup/([\w-]{20,})/")
SILENT = "3"
AGAIN = "import django; django.setup(); from chuangbao.core.tasks import take_up_again as t; t.defer(timestamp=0)"


@dataclass
class Acknowledged:
    """What a writer was told is saved."""

    numbers: set[int] = field(default_factory=set)
    repeated: int = 0
    checkups: dict[str, str] = field(default_factory=dict)


class Stack:
    """Start it, kill parts of it, and let it stand up again as a supervisor would."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.closing = folder, ExitStack()
        self.postgres = EmbeddedPostgres(folder / "postgres")
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.port = any_port()

    def __enter__(self) -> Self:
        self.closing.callback(self.stop)
        self.postgres.__enter__()
        self.postgres.create()
        os.environ.update(
            DATABASE_URL=self.postgres.url(),
            CHUANGBAO_DATA=str(self.folder),
            DJANGO_SETTINGS_MODULE="killing.settings",
            PYTHONPATH=os.pathsep.join([str(TESTS), str(TESTS.parent / "src")]),
            PYTHONWARNINGS="ignore",
            CHUANGBAO_LOG="json",
        )
        subprocess.run([sys.executable, "-m", "chuangbao", "upgrade"], check=True, stdout=subprocess.DEVNULL)
        self.start("web")
        self.start("worker")
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.close()

    def stop(self) -> None:
        """Stop all of it."""
        for process in self.running.values():
            up.stop(process)
        self.postgres.__exit__(None, None, None)

    def start(self, part: str) -> None:
        """Start a part and wait until it serves."""
        with (self.folder / f"{part}.log").open("ab") as log:
            if part == "database":
                self.postgres.__enter__()
            elif part == "worker":
                command = [sys.executable, "-m", "chuangbao", "worker", "--silent", SILENT]
                self.running[part] = subprocess.Popen(command, start_new_session=True, stderr=log)
            else:
                self.running[part] = up.serve(ADDRESS, self.port, stderr=log)
                up.wait_for(ADDRESS, self.port, self.running[part])

    def kill(self, part: str) -> None:
        """kill -9, with everything the part has started."""
        process = self.postgres.process if part == "database" else self.running[part]
        assert process is not None
        family = [process.pid, *children(process.pid)]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        wait_gone(family)

    def stand_up(self) -> None:
        """Start whatever does not run."""
        if self.postgres.process is not None and self.postgres.process.poll() is not None:
            self.start("database")
        for part, process in list(self.running.items()):
            if process.poll() is not None:
                self.start(part)

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """One request; the status and where it led."""
        connection = http.client.HTTPConnection(ADDRESS, self.port, timeout=20)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "csrftoken=" + "a" * 32}
            body = urlencode({**(fields or {}), "csrfmiddlewaretoken": "a" * 32})
            connection.request(method, path, body if method == "POST" else None, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        finally:
            connection.close()


def any_port() -> int:
    """A port nobody else was given: the web server shares a port with whoever else listens on it."""
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port: int = probe.getsockname()[1]
        return port


def children(pid: int) -> list[int]:
    """All processes below one."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [each for child in map(int, found) for each in (child, *children(child))]


def wait_gone(pids: list[int]) -> None:
    """PostgreSQL's processes share memory: a new server must not meet an old one."""
    end = time.monotonic() + 20
    while time.monotonic() < end and any(Path(f"/proc/{pid}").exists() for pid in pids):
        time.sleep(0.02)


class Writers:
    """Visitors who save, and save again with the same token until they are told that it is saved."""

    def __init__(self, stack: Stack, threads: int = 3) -> None:
        self.stack, self.told, self.ending = stack, Acknowledged(), threading.Event()
        self.numbers, self.lock = iter(range(1, 10**9)), threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(way,)) for way in (self.save, self.check_up) * threads]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join()

    def work(self, way) -> None:
        """Until it is over."""
        while not self.ending.is_set():
            way()

    def save(self) -> None:
        """A number, under one token until it is acknowledged; what is never acknowledged may be there or not, once."""
        with self.lock:
            number = next(self.numbers)
        fields = {"number": str(number), "once": str(uuid4())}
        for attempt in range(60):
            with suppress(*BROKEN):
                status, place = self.stack.ask("POST", "/killing/save", fields)
                if status == 302 and place == f"/saved/{number}":
                    with self.lock:
                        self.told.numbers.add(number)
                        self.told.repeated += attempt > 0
                    return
            time.sleep(0.3)

    def check_up(self) -> None:
        """A check-up of the portal itself and an answer in it."""
        with suppress(*BROKEN):
            status, place = self.stack.ask("POST", "/checkup/", {"who": "", "want": ""})
            found = TOKEN.search(place)
            if status == 302 and found:
                value = str(1 + secrets.randbelow(400))
                fields = {"fact": "employees_avg", "employees_avg": value}
                status, _place = self.stack.ask("POST", f"/checkup/{found[1]}/answer/", fields)
                with self.lock:
                    self.told.checkups[found[1]] = value if status == 302 else ""


@dataclass
class Count:
    """What was found afterwards."""

    acknowledged: int
    lost: list[str]
    doubled: list[str]
    unworked: list[int]
    unsent: list[int]


def counted(stack: Stack, told: Acknowledged) -> Count:
    """Compare what was acknowledged with what is there."""
    with psycopg.connect(stack.postgres.url()) as connection:
        ask = "SELECT (data->>'number')::int, count(*) FROM core_history WHERE kind = %s GROUP BY 1"
        saved = dict(connection.execute(ask, ["killing.saved"]).fetchall())
        done = dict(connection.execute(ask, ["killing.worked"]).fetchall())
        answers = (
            "SELECT c.token, a.value FROM portal_checkup c LEFT JOIN portal_checkupanswer a ON a.checkup_id = c.id"
        )
        kept: dict[str, list[str | None]] = {}
        for token, value in connection.execute(answers).fetchall():
            kept.setdefault(token, []).append(value)
    lost = [f"number {n}" for n in told.numbers if n not in saved]
    lost += [f"check-up {t}" for t, value in told.checkups.items() if t not in kept or (value and kept[t] != [value])]
    doubled = [f"number {n}" for n, times in (*saved.items(), *done.items()) if times > 1]
    letters = b"\n".join(path.read_bytes() for path in (stack.folder / "mail").glob("*"))
    sent = {int(n) for n in re.findall(rb"letter (\d+)", letters)}
    return Count(
        acknowledged=len(told.numbers) + len(told.checkups),
        lost=lost,
        doubled=doubled,
        unworked=sorted(set(saved) - set(done)),
        unsent=sorted(set(saved) - sent),
    )


def rounds(folder: Path, parts: list[str], *, seed: int, settle: float = 60) -> tuple[Count, Acknowledged]:
    """Kill one part after another in mid-flight; then let the work that waits be done, and count."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    with Stack(folder) as stack:
        with Writers(stack) as writers:
            for part in parts:
                time.sleep(chance.uniform(0.3, 1.5))
                stack.kill(part)
                time.sleep(chance.uniform(0, 0.3))
                stack.stand_up()
            time.sleep(1)
        end = time.monotonic() + settle
        found = counted(stack, writers.told)
        while time.monotonic() < end and (found.unworked or found.unsent):
            time.sleep(1)
            stack.stand_up()
            subprocess.run([sys.executable, "-c", AGAIN], check=True)  # the minute is not waited for
            found = counted(stack, writers.told)
        return found, writers.told
