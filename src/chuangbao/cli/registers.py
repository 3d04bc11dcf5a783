"""``chuangbao registers``: take in what registers have dropped."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from chuangbao.cli.database import connect_database
from chuangbao.cli.start import exit_with_sentence, stop, with_django

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Facts from registers outside.")


@app.callback()
def registers() -> None:
    """Keep ``take`` a command of its own beside later ones."""


@app.command("take")
def take() -> None:
    """Take in every file that waits in a register's folder (CHUANGBAO_REGISTERS); status 1 where one failed."""
    with exit_with_sentence(), ExitStack() as stack:
        connect_database(stack)
        from django.conf import settings  # late: no command of the rules waits for the web framework

        from chuangbao.facts.connectors.folder import drop_folders
        from chuangbao.facts.domain.intake import take_all

        outcomes = take_all(drop_folders(settings.REGISTERS))
    for outcome in outcomes:
        tail = f": {outcome.problem}" if outcome.problem else f": {outcome.taken} ✓ {outcome.wrong} ✗"
        typer.echo(f"{outcome.register} {outcome.filename}{tail}")
    raise typer.Exit(1 if any(outcome.problem for outcome in outcomes) else 0)


@app.command("open")
def open_file(
    path: Annotated[Path, typer.Argument(help="A file in `done` or `failed` of a register's folder.", dir_okay=False)],
) -> None:
    """Print a delivery that was put away sealed; it takes the keys of this installation."""
    import sys

    with_django()
    from chuangbao.core.storage.encryption import SealedError
    from chuangbao.facts.connectors.folder import open_settled

    try:
        sys.stdout.buffer.write(open_settled(path))
    except (SealedError, OSError) as fault:
        stop(f"无法打开 · {path} cannot be opened: {fault}")
