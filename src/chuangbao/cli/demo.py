"""``chuangbao demo``: what does not exist, for trying things out."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Annotated

import typer

from chuangbao.cli.database import connect_database
from chuangbao.cli.inputs import fail
from chuangbao.cli.start import exit_with_sentence

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Made-up data (演示数据), never beside real ones.")


@app.callback()
def demo() -> None:
    """Keep ``population`` a command of its own beside later ones."""


@app.command("population")
def population(
    subjects: Annotated[int, typer.Option(min=1, max=5_000_000, help="How many enterprises.")] = 200_000,
) -> None:
    """A whole province of made-up enterprises with facts; a second time only what is missing is made."""
    started = time.perf_counter()
    with exit_with_sentence(), ExitStack() as stack:
        connect_database(stack)
        from chuangbao.accounts.models import Organisation  # late: no command of the rules waits for the web framework
        from chuangbao.facts.demo_population import load_demo_population

        if Organisation.objects.filter(is_demo=False).exists():
            fail("there are real organisations in this database", "made-up ones belong into a database of their own")
        made = load_demo_population(subjects=subjects)
    typer.echo(f"{made:,} made-up enterprises, {time.perf_counter() - started:.1f} s")
