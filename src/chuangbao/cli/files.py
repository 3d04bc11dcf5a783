"""``chuangbao files``: uploads that wait for the scanner."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from chuangbao.cli.database import connect_database
from chuangbao.cli.start import exit_with_sentence

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Uploads that wait for the scanner.")


@app.callback()
def files() -> None:
    """Keep ``scan`` a command of its own beside later ones."""


@app.command("scan")
def scan(
    unscanned: Annotated[bool, typer.Option("--release-unscanned", help="Release what waits without a scan.")] = False,
) -> None:
    """Let the scanner look at everything that waits in quarantine now; status 1 where it is away."""
    with exit_with_sentence(), ExitStack() as stack:
        connect_database(stack)
        from django.conf import settings  # late: no command of the rules waits for the web framework

        from chuangbao.core.storage.quarantine import release_unscanned, scan_waiting
        from chuangbao.core.storage.scanner import ScannerError

        if unscanned:
            typer.echo(f"released without a scan: {release_unscanned()}")
            return
        if not settings.SCANNER:
            typer.echo("CHUANGBAO_SCANNER names no scanner; --release-unscanned releases what waits", err=True)
            raise typer.Exit(1)
        try:
            outcomes = scan_waiting()
        except ScannerError as fault:
            typer.echo(f"the scanner: {fault}; what waits is looked at again later", err=True)
            raise typer.Exit(1) from fault
    typer.echo(f"clean: {outcomes.get('clean', 0)}, refused: {outcomes.get('refused', 0)}")
