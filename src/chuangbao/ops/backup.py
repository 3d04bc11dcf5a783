"""Writing a backup (备份) while the system runs: database, figures and anchor are of one and the same moment."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from chuangbao import __version__
from chuangbao.core.storage.listing import list_stored
from chuangbao.ops.archive import BackupError, write_archive
from chuangbao.ops.postgres_tools import environment, find_program, server_version, wait_for_program
from chuangbao.ops.table_digests import digest_tables, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.core.files.storage import Storage

    from chuangbao.ops.archive import Writer
    from chuangbao.ops.table_digests import Holding

__all__ = ["DUMP", "FILES", "KEYS", "Written", "write_backup"]

DUMP, FILES, KEYS = "database.dump", "files", "keys"
ENDING = ".tar"
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY app, name"
HEAD = "SELECT seq, encode(digest, 'hex') FROM core_seal ORDER BY seq DESC LIMIT 1"


@dataclass(frozen=True)
class Written:
    """What went into a backup."""

    path: Path
    tables: dict[str, Holding]
    files: int
    keys: int

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(holding.rows for holding in self.tables.values())


def write_backup(target: Path, *, url: str, store: Storage | None, keys: Iterable[Path] = ()) -> Written:
    """Write a backup of a database, the files of a store, and keys, to ``target``, a file or a folder.

    What does not end in ``.tar`` is a folder and is made, so that the next night never writes over the last one.
    Raises BackupError where a file of another name is there.
    """
    path = target if target.suffix == ENDING and not target.is_dir() else name_backup(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    with psycopg.connect(url) as connection, write_archive(path) as archive:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        facts = about(connection)
        dump(archive, connection, url=url, beside=path.parent)
        tables = digest_tables(connection)
        files = sum(1 for _ in add_files(archive, store)) if store is not None else 0
        kept = [key for key in keys if key.is_file()]
        for key in kept:
            with key.open("rb") as file:
                archive.add(f"{KEYS}/{key.name}", file, key.stat().st_size)
        figures = {"digest": total(tables), "tables": {name: asdict(held) for name, held in tables.items()}}
        archive.finish({**facts, **figures, "files": files, "keys": len(kept)})
    return Written(path, tables, files, len(kept))


def name_backup(folder: Path) -> Path:
    """Return the path of a backup made now in a folder.

    Raises BackupError where the folder is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise BackupError(f"{folder} is a file and no folder. Name a folder, or a file that ends in {ENDING}.")
    return folder / f"chuangbao-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{ENDING}"


def about(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, Any]:
    """When, by which program, of what: the versions, the migrations and the anchor of the record."""
    head = connection.execute(HEAD).fetchone()
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": __version__,
        "postgresql": server_version(connection),
        "migrations": [name for (name,) in connection.execute(MIGRATIONS).fetchall()],
        "anchor": f"{head[0]}:{head[1]}" if head else "",
    }


def dump(archive: Writer, connection: psycopg.Connection[tuple[object, ...]], *, url: str, beside: Path) -> None:
    """The database as pg_dump writes it, of the very moment in which the connection reads."""
    (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
    with tempfile.NamedTemporaryFile(dir=beside, prefix=".chuangbao-dump-") as file:
        command = [find_program("pg_dump", server=server_version(connection)), "--format=custom", "--no-owner",
                   "--no-privileges", "--no-comments", f"--snapshot={snapshot}", f"--file={file.name}"]  # fmt: skip
        wait_for_program("pg_dump", subprocess.Popen(command, env=environment(url), stderr=subprocess.PIPE))
        with Path(file.name).open("rb") as written_dump:
            archive.add(DUMP, written_dump, Path(file.name).stat().st_size)


def add_files(archive: Writer, store: Storage) -> Iterator[str]:
    """Every file of the store; one that is deleted in the meantime was deleted."""
    for name in list_stored(store):
        try:
            size, file = store.size(name), store.open(name)
        except FileNotFoundError:
            continue
        with file:
            archive.add(f"{FILES}/{name}", file, size)
        yield name
