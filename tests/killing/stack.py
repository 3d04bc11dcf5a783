"""The whole program under writers, killed in mid-flight: PostgreSQL with its disk, web server and worker as `up` starts them."""

from __future__ import annotations

import http.client
import json
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
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from chuangbao.cli import up
from chuangbao.core.storage.encryption import CIPHERS, NONCE, keys, unpad
from chuangbao.ops.embedded_postgres import EmbeddedPostgres
from keptcluster import put_migrated
from measuretext import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

TESTS = Path(__file__).parents[1]
ADDRESS = "127.0.0.1"
PARTS = ("web", "worker", "database")
BROKEN = (OSError, http.client.HTTPException)
TOKEN = re.compile(r"/checkup/([\w-]{20,})/")
REVISION = re.compile(r'name="revision" value="(\d+)"')
FACT = "employees_avg"
FIGURE = re.compile(rf"{FACT} <= (\d+)")
ANSWERS = """
    SELECT c.token_hash, c.id, a.value FROM portal_checkup c LEFT JOIN portal_checkupanswer a ON a.checkup_id = c.id
"""
SILENT = "3"
AGAIN = "import django; django.setup(); from chuangbao.core.tasks import take_up_again as t; t.defer(timestamp=0)"


@dataclass
class Acknowledged:
    """What a writer was told is saved."""

    numbers: set[int] = field(default_factory=set)
    repeated: int = 0
    checkups: dict[str, str] = field(default_factory=dict)
    facts: set[tuple[int, int]] = field(default_factory=set)
    drafts: dict[int, int] = field(default_factory=dict)
    saves: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return {
            "numbers": len(self.numbers), "check-ups": len(self.checkups), "facts": len(self.facts),
            "drafts": self.saves,
        }  # fmt: skip


class Stack:
    """Start it, kill parts of it, and let it stand up again as a supervisor would."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.closing = folder, ExitStack()
        self.postgres = EmbeddedPostgres(folder / "postgres")
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.port = any_port()

    def __enter__(self) -> Self:
        self.closing.callback(self.stop)
        put_migrated(self.folder)
        self.postgres.__enter__()
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
                self.running[part] = up.serve(ADDRESS, self.port, stderr=log, data=self.folder)
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

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None, session: str = "") -> tuple[int, str]:
        """One request; the status, and where it led or what it showed."""
        connection = http.client.HTTPConnection(ADDRESS, self.port, timeout=20)
        cookies = "csrftoken=" + "a" * 32 + (f"; sessionid={session}" if session else "")
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
            body = urlencode({**(fields or {}), "csrfmiddlewaretoken": "a" * 32})
            connection.request(method, path, body if method == "POST" else None, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
            return answer.status, answer.headers.get("Location") or page
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
    """People who save, and save again with the same token until they are told that it is saved."""

    def __init__(self, stack: Stack, number: int = 2, *, pause: float = 0) -> None:
        """``pause`` are the seconds that each rests between two acts."""
        self.pause, self.stack, self.told, self.ending = pause, stack, Acknowledged(), threading.Event()
        self.numbers, self.lock = iter(range(1, 10**9)), threading.Lock()
        command = [sys.executable, "-m", "killing.people", str(number)]
        people = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        ways = [(self.save,), (self.check_up,)] * number
        ways += [(self.state, *founder) for founder in people["founders"]]
        ways += [(self.write, *editor) for editor in people["editors"]]
        self.threads = [threading.Thread(target=self.work, args=way) for way in ways]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join()

    def work(self, way, *mine) -> None:
        """Until it is over."""
        while not self.ending.wait(self.pause):
            way(*mine)

    def number(self) -> int:
        """One that nobody else has."""
        with self.lock:
            return next(self.numbers)

    def insisted(self, path: str, fields: dict[str, str], place: str, session: str = "") -> bool:
        """Sent under one token until it is acknowledged; what is never acknowledged may be there or not, once."""
        once = fields | {"once": str(uuid4())}
        for attempt in range(60):
            with suppress(*BROKEN):
                status, led = self.stack.ask("POST", path, once, session)
                if status == 302 and led.startswith(place):
                    with self.lock:
                        self.told.repeated += attempt > 0
                    return True
            time.sleep(0.3)
        return False

    def save(self) -> None:
        """A number."""
        number = self.number()
        if self.insisted("/killing/save", {"number": str(number)}, f"/saved/{number}"):
            with self.lock:
                self.told.numbers.add(number)

    def state(self, session: str, subject: int) -> None:
        """A fact of a founder's enterprise."""
        number, path = self.number(), f"/facts/subjects/{subject}/"
        if self.insisted(f"{path}{FACT}/", {FACT: str(number)}, path, session):
            with self.lock:
                self.told.facts.add((subject, number))

    def write(self, session: str, draft: int, ref: str) -> None:
        """A draft, as an officer does who looks at the page again whenever the line broke."""
        number, path = self.number(), f"/policies/desk/versions/{draft}/text/"
        with suppress(*BROKEN):
            status, page = self.stack.ask("GET", path, session=session)
            revision = REVISION.search(page)
            if status == 200 and revision:
                text = text_of(figure=number, ref=ref)
                fields = {"content": text, "base": text, "revision": revision[1], "do": "save"}
                status, _place = self.stack.ask("POST", path, fields, session)
                if status == 302:
                    with self.lock:
                        self.told.drafts[draft] = number
                        self.told.saves += 1
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
                    self.told.checkups[sha256(found[1].encode()).hexdigest()] = value if status == 302 else ""


@dataclass
class Count:
    """What was found afterwards."""

    acknowledged: int
    lost: list[str]
    doubled: list[str]
    unworked: list[int]
    unsent: list[int]


def answer_in(folder: Path, checkup: int, value: bytes) -> str:
    """An answer as it was given, opened with the keys of the stack."""
    cipher, name, rest = value.split(b":", 2)
    context = f"portal.checkupanswer.value:{checkup}:{FACT}".encode()
    key = keys("", folder)[name.decode()]
    return unpad(CIPHERS[cipher.decode()][1](key, rest[:NONCE], rest[NONCE:], context).decode())


def counted(stack: Stack, told: Acknowledged) -> Count:
    """Compare what was acknowledged with what is there."""
    with psycopg.connect(stack.postgres.url()) as connection:

        def rows(question: str, *values: str) -> list[Any]:
            return connection.execute(question, values).fetchall()

        numbers = "SELECT (data->>'number')::int FROM core_history WHERE kind = %s"
        saved, done = (Counter(n for (n,) in rows(numbers, f"killing.{verb}")) for verb in ("saved", "worked"))
        stated = Counter(rows("SELECT subject_id, number::int FROM facts_fact WHERE name = %s", FACT))
        drafts = {
            pk: int(FIGURE.findall(text)[0]) for pk, text in rows("SELECT id, content FROM policies_measureversion")
        }
        kept: dict[str, list[str | None]] = {}
        for token, checkup, value in rows(ANSWERS):
            kept.setdefault(token, []).append(value and answer_in(stack.folder, checkup, value))
    lost = [f"number {n}" for n in told.numbers if n not in saved]
    lost += [f"check-up {t}" for t, value in told.checkups.items() if t not in kept or (value and kept[t] != [value])]
    lost += [f"fact {each}" for each in told.facts if each not in stated]
    lost += [f"draft {draft}" for draft, figure in told.drafts.items() if drafts[draft] < figure]
    doubled = [f"{each}" for found in (saved, done, stated) for each, times in found.items() if times > 1]
    letters = b"\n".join(path.read_bytes() for path in (stack.folder / "mail").glob("*"))
    sent = {int(n) for n in re.findall(rb"letter (\d+)", letters)}
    return Count(
        acknowledged=sum(told.counts.values()),
        lost=lost,
        doubled=doubled,
        unworked=sorted(set(saved) - set(done)),
        unsent=sorted(set(saved) - sent),
    )


def rounds(
    folder: Path,
    parts: list[str],
    *,
    seed: int,
    settle: float = 60,
    pause: float = 0,
    afterwards: Callable[[Stack, Acknowledged], None] | None = None,
) -> tuple[Count, Acknowledged]:
    """Kill one part after another in mid-flight; then let the work that waits be done, and count.

    Writers rest ``pause`` seconds between two acts; ``afterwards`` is called while all of it still runs.
    """
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    with Stack(folder) as stack:
        with Writers(stack, pause=pause) as writers:
            for part in parts:
                time.sleep(chance.uniform(0.3, 1.5))
                stack.kill(part)
                time.sleep(chance.uniform(0, 0.3))
                stack.stand_up()
            time.sleep(1)
        end = time.monotonic() + settle
        time.sleep(float(SILENT))  # nothing is taken up again before a dead worker's silence is noticed
        found = counted(stack, writers.told)
        while time.monotonic() < end and (found.unworked or found.unsent):
            time.sleep(1)
            stack.stand_up()
            subprocess.run([sys.executable, "-c", AGAIN], check=True)  # the minute is not waited for
            found = counted(stack, writers.told)
        if afterwards:
            afterwards(stack, writers.told)
        return found, writers.told
