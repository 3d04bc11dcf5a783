"""Where the database is: the operator's own, ours that already runs, or ours started for as long as it is needed."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import typer

from chuangbao.cli.start import look_at_settings, with_django
from chuangbao.config.paths import DATA_DIR

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

__all__ = ["Addresses", "at_hand", "connected", "databases", "given", "made"]

COPIES = 50


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
        """Whether the application is somebody else than the owner."""
        return self.role != self.owner_role


def databases(stack: ExitStack) -> Addresses:
    """For a server: the operator's database, or one of our own that nobody else uses."""
    return given() or embedded(stack)


def at_hand(stack: ExitStack) -> Addresses:
    """For a command: the operator's database, ours as it runs, or ours started and stopped with the command."""
    return given() or running() or embedded(stack, copies=1)


def connected(stack: ExitStack) -> Addresses:
    """Look at the settings, find the database and set Django up as its owner."""
    look_at_settings()
    addresses = at_hand(stack)
    os.environ["DATABASE_URL"] = addresses.owner
    with_django()
    return addresses


def given() -> Addresses | None:
    """The operator's database."""
    application = os.environ.get("DATABASE_URL")
    return (
        Addresses(os.environ.get("CHUANGBAO_OWNER_DATABASE_URL") or application, application) if application else None
    )


def made() -> bool:
    """Whether our own server has been started here before."""
    from chuangbao.core.postgres import home_of

    return (home_of(DATA_DIR / "postgres") / "cluster" / "PG_VERSION").is_file()


def running() -> Addresses | None:
    """Our own server, where another process of ours has started it."""
    from chuangbao.core.database import APPLICATION
    from chuangbao.core.postgres import socket_of, url

    socket = socket_of(DATA_DIR / "postgres")
    return Addresses(url(socket), url(socket, role=APPLICATION)) if socket else None


def embedded(stack: ExitStack, *, copies: int = COPIES) -> Addresses:
    """Start our own PostgreSQL; a second copy beside a running one gets a folder of its own."""
    from chuangbao.core.database import APPLICATION
    from chuangbao.core.postgres import EmbeddedPostgres

    for number in range(1, copies + 1):
        folder = DATA_DIR / ("postgres" if number == 1 else f"postgres-{number}")
        lock = stack.enter_context(folder_lock(folder))
        if lock:
            server = stack.enter_context(EmbeddedPostgres(folder))
            server.create()
            return Addresses(server.url(), server.url(role=APPLICATION), server.process)
    raise typer.BadParameter("too many copies run from this folder; stop one of them")


def folder_lock(folder: Path) -> ExitStack:
    """Hold a folder for this process; falsy when another process holds it."""
    import fcntl

    folder.parent.mkdir(parents=True, exist_ok=True)
    file = (folder.parent / f"{folder.name}.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return Nothing()
    held = ExitStack()
    held.enter_context(file)
    return held


class Nothing(ExitStack):
    """A lock that was not got."""

    def __bool__(self) -> bool:
        """Never held."""
        return False
