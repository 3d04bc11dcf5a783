"""What every command does that needs the running system: look at settings and folders, then find the database."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from chuangbao.config.paths import DATA_DIR, PACK_DIR, make_data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["check_folders", "check_settings", "exit_with_sentence", "stop", "with_django"]


def stop(*sentences: str, status: int = 1) -> NoReturn:
    """Print what is wrong and what to do, and end.

    Raises typer.Exit with ``status``.
    """
    for sentence in sentences:
        typer.echo(f"✗ {sentence}", err=True)
    raise typer.Exit(status)


def check_settings() -> None:
    """Print what is wrong with the environment.

    Raises typer.Exit with status 2 where it is an error, before anything is touched.
    """
    from django.core.checks import ERROR

    from chuangbao.config.checks import look

    found = look()
    for message in found:
        typer.echo(f"{'✗' if message.level >= ERROR else '!'} {message.msg} {message.hint}", err=True)
    if any(message.level >= ERROR for message in found):
        typer.echo("Nothing was started. docs/operation.md lists the settings.", err=True)
        raise typer.Exit(2)
    check_folders()


def check_folders() -> None:
    """Stop in a sentence where the data folder cannot be written or the pack is not there."""
    try:
        make_data_folder()
    except OSError as fault:
        stop(f"无法创建数据目录 · the data folder {DATA_DIR} cannot be made: {fault.strerror}. Set CHUANGBAO_DATA.")
    if not os.access(DATA_DIR, os.W_OK | os.X_OK):
        stop(
            f"数据目录不可写 · the data folder {DATA_DIR} cannot be written by this user."
            " Make it writable, or set CHUANGBAO_DATA."
        )
    from chuangbao.ops.disk_space import FLOOR, places_without_room

    if full := places_without_room(FLOOR):
        stop(f"磁盘已满 · the disk of {full[0]} is full (less than {FLOOR >> 20} MB left). Make room, then start.")
    if not (PACK_DIR / "pack.yaml").is_file():
        stop(f"找不到政策包 · there is no pack in {PACK_DIR}: no file pack.yaml. Set CHUANGBAO_PACK to its folder.")


def with_django() -> None:
    """Set Django up for the address in DATABASE_URL; stop where a declaration was forgotten."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangbao.config.settings")
    django.setup()
    from chuangbao.core.completeness import require_completeness

    require_completeness()


@contextmanager
def exit_with_sentence() -> Iterator[None]:
    """Print what goes wrong with a database, a file or the pack in one sentence.

    Raises typer.Exit with status 1 in place of the error.
    """
    import psycopg
    from django.db import Error

    from chuangbao.core.workflow.refusals import Refused
    from chuangbao.ops.archive import BackupError
    from chuangbao.ops.embedded_postgres import PostgresError
    from chuangbao.rules import PackError

    try:
        yield
    except PackError as fault:
        told = f"{fault.findings[0]} (of {len(fault.findings)}). Run: chuangbao pack check {PACK_DIR}"
        typer.echo(f"✗ 政策包无法读取 · the pack {PACK_DIR} cannot be read: {told}", err=True)
        raise typer.Exit(1) from fault
    except (BackupError, PostgresError, Refused, psycopg.Error, Error, OSError) as fault:
        typer.echo(f"✗ {sentence_of(fault)}", err=True)
        raise typer.Exit(1) from fault


def sentence_of(fault: Exception) -> str:
    """A fault in one sentence; a database that does not answer with the setting that names it."""
    import psycopg

    cause = fault if isinstance(fault, psycopg.Error) else fault.__cause__
    if isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None:
        told = " ".join(str(fault).split())
        return f"数据库无法连接 · the database cannot be reached: {told} (DATABASE_URL)"
    return str(fault)
