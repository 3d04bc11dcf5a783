"""``chuangbao registers``: take in what registers have dropped."""

from __future__ import annotations

from contextlib import ExitStack

import typer

from chuangbao.cli.database import connected
from chuangbao.cli.start import failing_clearly

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Facts from registers outside.")


@app.callback()
def registers() -> None:
    """Keep ``take`` a command of its own beside later ones."""


@app.command("take")
def take() -> None:
    """Take in every file that waits in a register's folder (CHUANGBAO_REGISTERS); status 1 where one failed."""
    with failing_clearly(), ExitStack() as stack:
        connected(stack)
        from django.conf import settings  # late: no command of the rules waits for the web framework

        from chuangbao.facts.connectors.folder import drop_folders
        from chuangbao.facts.domain.intake import take as take_in

        outcomes = [outcome for connector in drop_folders(settings.REGISTERS) for outcome in take_in(connector)]
    for outcome in outcomes:
        tail = f": {outcome.problem}" if outcome.problem else f": {outcome.taken} ✓ {outcome.wrong} ✗"
        typer.echo(f"{outcome.register} {outcome.filename}{tail}")
    raise typer.Exit(1 if any(outcome.problem for outcome in outcomes) else 0)
