"""What every command does that needs the running system: look at the settings, then find the database."""

from __future__ import annotations

import typer

__all__ = ["look_at_settings", "with_django"]


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
