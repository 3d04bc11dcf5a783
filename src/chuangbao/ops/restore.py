"""Putting a backup back (恢复): all of it is compared before anything is touched, the database changes in one step.

Files come first and the database last: what is interrupted leaves files that nothing points to, never rows without
their files.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, cast

import psycopg

from chuangbao.core.storage.listing import list_stored
from chuangbao.ops.archive import BackupError, open_archive
from chuangbao.ops.backup import DUMP, FILES, KEYS
from chuangbao.ops.postgres_tools import environment, find_program, server_version
from chuangbao.ops.table_digests import Holding, digest_tables, list_differences

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from django.core.files.storage import Storage

    from chuangbao.ops.archive import Reader

__all__ = ["Put", "check_backup", "restore_backup"]

TABLES = """SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"""
SIGNING = "secret-key"
PATIENCE = "SET lock_timeout = '30s';\n"
EMPTIED = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"


@dataclass(frozen=True)
class Put:
    """What was put back, and which tables differ from the manifest: none, or the backup is not to be trusted."""

    manifest: dict[str, Any]
    files: int
    keys: list[str]
    differences: list[str]


def check_backup(path: Path) -> dict[str, Any]:
    """Compare a backup with its manifest and touch nothing; raises BackupError."""
    with open_archive(path) as backup:
        return backup.manifest


def restore_backup(
    path: Path, *, url: str, store: Storage, keys: Path, known: Collection[str], replace: bool = False
) -> Put:
    """Put a backup back. Raises BackupError, with nothing touched, where it does not fit or something is in the way."""
    with open_archive(path) as backup, psycopg.connect(url, autocommit=True) as connection:
        require_fit(backup.manifest, known, server_version(connection))
        if not replace:
            require_empty(connection, store, backup)
            require_same_keys(backup, keys)
        files = restore_files(backup, store)
        restore_database(backup, connection, url=url, replace=replace)
        written_keys = [restore_key(backup, name, keys) for name in backup.names(KEYS)]
        held = digest_tables(connection)
        meant = {name: Holding(**each) for name, each in backup.manifest["tables"].items()}
        return Put(backup.manifest, files, written_keys, list_differences(meant, held))


def require_fit(manifest: dict[str, Any], known: Collection[str], server: int) -> None:
    """Check that this program and this server can serve the backup.

    Raises BackupError where a newer program or a newer PostgreSQL wrote it.
    """
    newer = sorted(set(manifest["migrations"]) - set(known))
    if newer:
        raise BackupError(
            f"the backup was written by a newer program ({manifest['program']}; {newer[0]} is unknown here);"
            " install that program first"
        )
    if manifest["postgresql"] > server:
        raise BackupError(f"the backup is of PostgreSQL {manifest['postgresql']}; this server is {server}, upgrade it")


def require_empty(connection: psycopg.Connection[tuple[object, ...]], store: Storage, backup: Reader) -> None:
    """Check that database and store are empty.

    Raises BackupError where a table or a stored file would be overwritten.
    """
    (tables,) = connection.execute(TABLES).fetchone() or (0,)
    if tables:
        raise BackupError(f"the database is not empty ({tables} tables); take a backup of it and add --replace")
    if backup.names(FILES) and next(list_stored(store), None) is not None:
        raise BackupError("the store of files is not empty; empty it or add --replace")


def restore_files(backup: Reader, store: Storage) -> int:
    """Store every file under its own name; return how many.

    Raises BackupError where the store gives it another name.
    """
    from django.core.files import File

    names = backup.names(FILES)
    for part in names:
        name = part.removeprefix(f"{FILES}/")
        if store.exists(name):
            store.delete(name)
        with backup.part(part) as content:
            if store.save(name, File(content)) != name:
                raise BackupError(f"{name} could not be stored under its own name")
    return len(names)


def restore_database(
    backup: Reader, connection: psycopg.Connection[tuple[object, ...]], *, url: str, replace: bool
) -> None:
    """In one transaction: the old contents go only where the new ones are all there."""
    server = server_version(connection)
    with tempfile.NamedTemporaryFile(prefix="chuangbao-dump-") as dump:
        with backup.part(DUMP) as content:
            shutil.copyfileobj(content, dump)
        dump.flush()
        read = [find_program("pg_restore", server=server), "--file=-", "--no-owner", "--no-privileges", "--no-comments"]
        write = [find_program("psql", server=server), "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
        carry_script([*read, dump.name], write, first=PATIENCE + (EMPTIED if replace else ""), env=environment(url))


def carry_script(read: list[str], write: list[str], *, first: str, env: dict[str, str]) -> None:
    """Carry a script from one program into another; raises BackupError, with nothing committed, unless it is whole."""
    with tempfile.TemporaryFile() as said:
        reading = subprocess.Popen(read, stdout=subprocess.PIPE, stderr=said)
        writing = subprocess.Popen(write, stdin=subprocess.PIPE, stderr=said, env=env)
        out, into = cast("IO[bytes]", reading.stdout), cast("IO[bytes]", writing.stdin)
        with out, suppress(BrokenPipeError):  # psql stopped at an error; it is told below
            into.write(first.encode())
            shutil.copyfileobj(out, into)
        if reading.wait() != 0:
            writing.kill()  # at the end of its input it would commit what it has
        with suppress(BrokenPipeError):
            into.close()
        if writing.wait() != 0:
            said.seek(0)
            words = said.read().decode(errors="replace").strip()[-600:]
            raise BackupError(f"the database was not put back and is as it was: {words}")


def require_same_keys(backup: Reader, folder: Path) -> None:
    """Check that no other key is where a key of the backup goes: what was encrypted with it could never be read again.

    The signing key encrypts nothing that stays, and every start makes one: it gives way.
    Raises BackupError where one is.
    """
    for name in set(backup.names(KEYS)) - {f"{KEYS}/{SIGNING}"}:
        place = folder / name.removeprefix(f"{KEYS}/")
        if place.is_file() and place.read_bytes() != backup.part(name).read():
            raise BackupError(f"another key lies at {place}; move it away and keep it, or add --replace")


def restore_key(backup: Reader, name: str, folder: Path) -> str:
    """Put a key at its place; another one that is there already is kept beside it."""
    short, key = name.removeprefix(f"{KEYS}/"), backup.part(name).read()
    place = folder / short
    if place.is_file() and place.read_bytes() != key:
        place.rename(place.with_name(f"{short}.before-restore"))
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key)
    return short
