"""Where the database is: the operator's own, ours that already runs, or ours started for as long as it is needed."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from chuangbao.cli.start import check_settings, stop, with_django
from chuangbao.config.paths import DATA_DIR

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from contextlib import ExitStack
    from pathlib import Path

__all__ = [
    "Addresses",
    "connect_database",
    "databases",
    "find_addresses",
    "given_addresses",
    "has_own_server",
    "note_address",
    "noted_address",
]

PATIENCE = 20.0
LOCK = DATA_DIR / "postgres.lock"


class Addresses(NamedTuple):
    """One database under two roles: its owner, who migrates, and the application, which can rewrite no history."""

    owner: str
    application: str
    process: subprocess.Popen[bytes] | None = None
    """Our own server, where this process has started it."""

    @property
    def role(self) -> str:
        """Whom the application is in PostgreSQL."""
        return urlsplit(self.application).username or ""

    @property
    def owner_role(self) -> str:
        """Who owns the tables."""
        return urlsplit(self.owner).username or ""

    @property
    def two(self) -> bool:
        """Whether the application has another role than the owner."""
        return self.role != self.owner_role


def databases(stack: ExitStack) -> Addresses:
    """For a server: the operator's database, or one of our own that no other process uses."""
    return given_addresses() or start_own_server(stack)


def find_addresses(stack: ExitStack) -> Addresses:
    """For a command: the operator's database, ours as it runs, or ours started and stopped with the command."""
    return given_addresses() or running_addresses() or start_own_server(stack)


def connect_database(stack: ExitStack) -> Addresses:
    """Look at the settings, find the database and set Django up as its owner."""
    check_settings()
    addresses = find_addresses(stack)
    os.environ["DATABASE_URL"] = addresses.owner
    with_django()
    return addresses


def given_addresses() -> Addresses | None:
    """The operator's database."""
    application = os.environ.get("DATABASE_URL")
    return (
        Addresses(os.environ.get("CHUANGBAO_OWNER_DATABASE_URL") or application, application) if application else None
    )


def has_own_server() -> bool:
    """Whether our own server has been started here before."""
    from chuangbao.ops.embedded_postgres import home_of

    return (home_of(DATA_DIR / "postgres") / "cluster" / "PG_VERSION").is_file()


def running_addresses() -> Addresses | None:
    """Our own server, where another process of ours has started it."""
    from chuangbao.ops.embedded_postgres import socket_of, url
    from chuangbao.ops.roles import APPLICATION

    socket = socket_of(DATA_DIR / "postgres")
    return Addresses(url(socket), url(socket, role=APPLICATION)) if socket else None


def start_own_server(stack: ExitStack) -> Addresses:
    """Start our own PostgreSQL; stops with status 1 where a process of ours uses this data folder already."""
    from chuangbao.ops.disk_space import FIRST_START, places_without_room
    from chuangbao.ops.embedded_postgres import EmbeddedPostgres
    from chuangbao.ops.roles import APPLICATION

    folder = DATA_DIR / "postgres"
    stack.enter_context(folder_lock())
    if running_addresses():
        end_left_over(folder)
    if not has_own_server() and places_without_room(FIRST_START):
        stop(f"磁盘空间不足 · a new database takes {FIRST_START >> 20} MB in {DATA_DIR}; there are fewer. Make room.")
    server = stack.enter_context(EmbeddedPostgres(folder))
    server.create()
    return Addresses(server.url(), server.url(role=APPLICATION), server.process)


def end_left_over(folder: Path) -> None:
    """End the server that an ``up`` which was killed has left behind: its folder is locked no more.

    Stops with status 1 where it cannot be ended.
    """
    from chuangbao.ops.embedded_postgres import home_of

    process = int((home_of(folder) / "cluster" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    with suppress(OSError):  # of another user, or gone meanwhile
        os.kill(process, signal.SIGINT)
    end = time.monotonic() + PATIENCE
    while running_addresses():
        if time.monotonic() > end:
            stop(f"上次启动的数据库仍在运行 · the database of an earlier start still runs: end process {process}.")
        time.sleep(0.1)


@contextmanager
def folder_lock() -> Iterator[None]:
    """Hold the data folder for this process; two databases in one folder would each show half of the data."""
    import fcntl

    DATA_DIR.mkdir(parents=True, exist_ok=True)
    with LOCK.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stop(
                f"数据目录 {DATA_DIR} 正由另一个进程使用 · this data folder is in use: {LOCK.read_text().strip()}."
                " 请先停止它，或另设 CHUANGBAO_DATA · stop it first, or set CHUANGBAO_DATA to another folder."
            )
        note_address("")
        yield


def noted_address() -> str:
    """Where ``up`` answers from this data folder, empty where it does not run or the database is the operator's."""
    try:
        *_process, last = LOCK.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return ""
    return last if running_addresses() and last.startswith("http") else ""


def note_address(address: str) -> None:
    """Write into the lock which process holds the data folder and where it answers, for a second start to say."""
    LOCK.write_text(f"process {os.getpid()} {address}".strip(), encoding="utf-8")
