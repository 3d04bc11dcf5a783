"""``chuangbao document``: an official document (公文) as a tree with its numbers, duties and links."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chuangbao.cli.inputs import fail

if TYPE_CHECKING:
    from chuangbao.gongwen.model import Section

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Read official documents.")


@app.callback()
def group() -> None:
    """Read official documents."""


@app.command("parse")
def parse(
    file: Annotated[Path, typer.Argument(help="Text, Word, PDF or saved web page.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Parse one document."""
    if not file.is_file():
        fail(f"{file}: no such file")
    from chuangbao.gongwen import parse_file

    found = parse_file(file)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
        return
    typer.echo(f"{found.title}\n{found.number or ''} {found.date or ''}")
    for section in found.sections:
        outline(section, 0)


def outline(section: Section, depth: int) -> None:
    """A section and those below it, one line each."""
    typer.echo(f"{'  ' * depth}{section.mark}{section.heading or ''}")
    for child in section.children:
        outline(child, depth + 1)
