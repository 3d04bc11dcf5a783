"""``chuangbao agency``: the government agencies (主管部门) whose officers work here."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from chuangbao.cli.database import connect_database
from chuangbao.cli.start import exit_with_sentence

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="主管部门 · the agencies to which officers are appointed.")


@app.callback()
def agencies() -> None:
    """Keep the commands apart."""


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Name, such as 长春市南关区科学技术局.")],
    region: Annotated[str, typer.Option(help="Code or Chinese name of its area, such as 220102 or 南关区.")],
    code: Annotated[str, typer.Option(help="统一社会信用代码, where it is known.")] = "",
) -> None:
    """Enter an agency; it counts as verified, and officers can be appointed to it on the site."""
    with exit_with_sentence(), ExitStack() as stack:
        connect_database(stack)
        from chuangbao.accounts.domain.founding import create_agency

        made = create_agency(name=name, region=region, code=code)
        typer.echo(f"✓ {made.name} ({made.region} {made.region_id})")


@app.command("list")
def list_agencies() -> None:
    """Print the agencies with their areas."""
    with exit_with_sentence(), ExitStack() as stack:
        connect_database(stack)
        from chuangbao.accounts.domain.founding import known_agencies

        for row in known_agencies():
            typer.echo(f"{row.region_id}  {row.name}" + (f"  {row.code}" if row.code else ""))
