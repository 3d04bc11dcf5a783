"""A server with every migration: made once for each state of the migrations, kept beside the checkout, and copied."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from chuangbao.ops.embedded_postgres import EmbeddedPostgres

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".cache" / "migrated"
DAYS_KEPT = 3
NAME = "test_chuangbao"
MIGRATE = "import django; django.setup(); from chuangbao.ops.migrating import migrate; migrate()"
LIBRARIES = ("django", "django-allauth", "procrastinate", "embedded-postgres")
IMPORTED = re.compile(r"^(?:from|import) (chuangbao[\w.]*)", re.MULTILINE)


def stamp_migrations() -> str:
    """Return what the migrated database depends on, as one short text: migrations, what they import, libraries."""
    sources = sorted((ROOT / "src" / "chuangbao").glob("*/migrations/*.py"))
    imported = {name for source in sources for name in IMPORTED.findall(source.read_text(encoding="utf-8"))}
    modules = [ROOT / "src" / Path(*name.split(".")).with_suffix(".py") for name in sorted(imported)]
    settings = ROOT / "src" / "chuangbao" / "config" / "settings.py"
    told = hashlib.sha256(" ".join(map(version, LIBRARIES)).encode())
    for path in (*sources, *modules, settings, Path(__file__)):
        if path.is_file():
            told.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return told.hexdigest()[:16]


@contextmanager
def lock_folder(path: Path):
    """Let one process at a time make a copy."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def keep_migrated() -> Path:
    """Return the folder of a server with all migrations, made where this state of them has none yet."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / stamp_migrations()
    with lock_folder(KEPT / "lock"):
        if not kept.is_dir():
            make_migrated(kept)
        os.utime(kept)
        for other in KEPT.iterdir():
            if other != kept and other.is_dir() and other.stat().st_mtime < time.time() - DAYS_KEPT * 86_400:
                shutil.rmtree(other, ignore_errors=True)
    return kept


def make_migrated(kept: Path, *, earlier: Path | None = None) -> None:
    """Migrate a new server, shut it down, and keep its files; ``earlier`` are those of one with fewer migrations."""
    with tempfile.TemporaryDirectory(prefix="cb-migrated-") as folder:
        Path(folder).chmod(0o755)
        fresh = EmbeddedPostgres(Path(folder, "postgres"), fast=True)
        if earlier:
            put_copy(earlier, fresh.home)
        with fresh:
            fresh.create(NAME)
            migrate(fresh.url(NAME), folder)
        kept.parent.mkdir(parents=True, exist_ok=True)
        halfway = kept.with_suffix(".new")
        shutil.rmtree(halfway, ignore_errors=True)
        shutil.copytree(fresh.home / "cluster", halfway)
        halfway.rename(kept)


def migrate(address: str, folder: str) -> None:
    """Bring a database to the newest migration, in a process of its own: here Django's settings are not read yet."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environment |= {
        "DATABASE_URL": address,
        "CHUANGBAO_DATA": folder,
        "DJANGO_SETTINGS_MODULE": "chuangbao.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-W", "ignore", "-c", MIGRATE]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the migrations of a new database failed:\n{done.stderr}")


def put_copy(kept: Path, home: Path) -> None:
    """Put a copy of the kept server where a new one of this run looks for its files."""
    shutil.copytree(kept, home / "cluster")
    if os.geteuid() == 0:  # the server steps down to nobody
        for path in (home, *home.rglob("*")):
            shutil.chown(path, "nobody")


def put_migrated(data: Path) -> None:
    """Let a new data folder begin with a database that has every migration and no rows, under the name it has there.

    The first start of a program there takes half the time: it makes no server and migrates nothing. PostgreSQL does
    not clean up there by itself (autovacuum): it would come at any moment, and want room on a disk that is full.
    """
    server = EmbeddedPostgres(data / "postgres", fast=True)
    put_copy(keep_migrated(), server.home)
    with server:
        for statement in (f"ALTER DATABASE {NAME} RENAME TO chuangbao", "ALTER SYSTEM SET autovacuum = off"):
            server.run("psql", "-h", str(server.socket), "-U", "postgres", "-d", "postgres", "-qc", statement)
