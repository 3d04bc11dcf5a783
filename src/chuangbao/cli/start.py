"""What every command does that needs the running system: look at the settings, then find the database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["failing_clearly", "look_at_settings", "with_django"]


def look_at_settings() -> None:
    """Print what is wrong with the environment; stop before anything is touched where it is an error."""
    from django.core.checks import ERROR

    from chuangbao.config.checks import look

    found = look()
    for message in found:
        typer.echo(f"{'✗' if message.level >= ERROR else '!'} {message.msg} {message.hint}", err=True)
    if any(message.level >= ERROR for message in found):
        typer.echo("Nothing was started. docs/operation.md lists the settings.", err=True)
        raise typer.Exit(2)


def with_django() -> None:
    """Set Django up for the address that now stands in DATABASE_URL."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangbao.config.settings")
    django.setup()


@contextmanager
def failing_clearly() -> Iterator[None]:
    """What goes wrong with a database or a file is told in a sentence, with status 1."""
    import psycopg
    from django.db import Error

    from chuangbao.core.archive import BackupError
    from chuangbao.core.postgres import PostgresError

    try:
        yield
    except (BackupError, PostgresError, psycopg.Error, Error, OSError) as fault:
        typer.echo(f"✗ {fault}", err=True)
        raise typer.Exit(1) from fault
