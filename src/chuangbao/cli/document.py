"""``chuangbao document``: an official document (公文) as a tree with its numbers, duties and links."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chuangbao.cli.inputs import fail

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuangbao.gongwen.model import Section

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Read official documents.")


@app.callback()
def group() -> None:
    """Read official documents."""


@app.command("parse")
def parse(
    file: Annotated[Path, typer.Argument(help="Text, Word, PDF, OFD or saved web page; a folder or a .zip of them.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with status 1 where anything was left out.")] = False,
) -> None:
    """Parse one document, or every document of a folder or a .zip with a line for each; status 2 where none is read."""
    if not file.exists():
        fail(f"{file}: no such file")
    from chuangbao.gongwen import DocumentError, parse_file

    try:
        if file.is_dir() or file.suffix.lower() == ".zip":
            raise typer.Exit(print_lines(read_many(file), strict=strict))
        found = parse_file(file)
    except DocumentError as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    else:
        typer.echo(f"{found.title}\n{found.number or ''} {found.date or ''}")
        for section in found.sections:
            outline(section, 0)
    for warning in found.warnings:
        typer.echo(f"warning: {warning}", err=True)
    raise typer.Exit(int(strict and bool(found.warnings)))


def read_many(place: Path) -> Iterator[dict[str, Any]]:
    """Yield a line for each document of a folder or of an archive.

    Raises DocumentError where the archive is not read.
    """
    from chuangbao.gongwen.archives import list_members
    from chuangbao.gongwen.batch import line_of, list_folder

    if place.is_dir():
        for path in list_folder(place):
            yield line_of(str(path.relative_to(place)), partial(read_path, path))
        return
    data = place.read_bytes()
    for member in list_members(data, place.name):
        yield line_of(member.name, partial(read_member, data, member.index))


def read_path(path: Path) -> dict[str, Any]:
    """Return one document of a folder. Raises DocumentError."""
    from chuangbao.gongwen import parse_file

    return parse_file(path).to_dict()


def read_member(data: bytes, index: int) -> dict[str, Any]:
    """Return one document of an archive. Raises DocumentError."""
    from chuangbao.gongwen import parse_data
    from chuangbao.gongwen.archives import take_member

    name, content = take_member(data, index)
    return parse_data(content, name).to_dict()


def print_lines(lines: Iterable[dict[str, Any]], *, strict: bool) -> int:
    """Print a line for each document; return 1 where one could not be read.

    A line is the name, the number, the title, the characters in head, tree and tail, and the warnings, parted by tabs.
    """
    status = count = read = 0
    for line in lines:
        count += 1
        if line["error"]:
            what, why, remedy = line["error"]
            typer.echo(f"{line['name']}\tNOT READ\t{what}: {why}. {remedy}.")
            status = 1
            continue
        read += 1
        status |= int(strict and bool(line["warnings"]))
        account = line["account"]
        counts = f"{account['head']}+{account['tree']}+{account['tail']}"
        warnings = "; ".join(f"{w['place']}: {w['text']}" if w["place"] else w["text"] for w in line["warnings"])
        typer.echo(f"{line['name']}\t{line['number'] or ''}\t{line['title'] or ''}\t{counts}\t{warnings}")
    typer.echo(f"{read} of {count} read", err=True)
    return status


def outline(section: Section, depth: int) -> None:
    """A section and those below it, one line each."""
    typer.echo(f"{'  ' * depth}{section.mark}{section.heading or ''}")
    for child in section.children:
        outline(child, depth + 1)
