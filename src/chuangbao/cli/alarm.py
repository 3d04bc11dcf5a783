"""``chuangbao alarm``: tell the administrators that something of the operation has failed."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from chuangbao.cli.database import connect_database
from chuangbao.cli.start import exit_with_sentence

__all__ = ["alarm"]


def alarm(what: Annotated[str, typer.Argument(help="What has failed, such as the name of a unit.")]) -> None:
    """Notify every administrator, on the site and by e-mail; status 1 where there is none."""
    with exit_with_sentence(), ExitStack() as stack:
        connect_database(stack)
        from chuangbao.accounts.domain.founding import alarm_administrators

        told = alarm_administrators(what=what)
    typer.echo(f"{what}: {told} administrators are told", err=True)
    raise typer.Exit(0 if told else 1)
