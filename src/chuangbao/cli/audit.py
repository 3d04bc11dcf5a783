"""``chuangbao audit verify``: read the whole record and say what is not as it was sealed."""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chuangbao.cli.database import connect_database
from chuangbao.cli.start import exit_with_sentence

if TYPE_CHECKING:
    from chuangbao.core.audit.verify import Broken, Verdict

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="The record of everything that happened.")
DIGEST = 64
SAID = {
    "changed": "seal {seq}, row {row}: changed since it was sealed, or moved · 内容与封存时不符",
    "deleted": "seal {seq}, row {row}: the row is gone · 记录已被删除",
    "missing_seal": "seal {seq}: the seal is gone · 封存缺失",
    "inserted": "row {row}: was never sealed · 未经封存插入",
    "anchor_differs": "seal {seq}: not as in the anchor; the record was cut off or rewritten · 与锚点不符",
}


@app.callback()
def record() -> None:
    """Keep ``verify`` a command of its own beside later ones."""


@app.command("verify")
def verify(
    anchor: Annotated[
        str, typer.Option(help="SEQ:DIGEST as an earlier verification printed it: finds a record that was cut off.")
    ] = "",
    since_file: Annotated[
        Path | None, typer.Option(help="A file that keeps the anchors: the last is used, the new one is added to it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Verify every row against its seal and every seal against the one before; status 1 where one is broken."""
    noted = parse_anchor(anchor or last_anchor(since_file))
    with exit_with_sentence(), ExitStack() as stack:
        connect_database(stack)
        from chuangbao.core.audit.verify import verify as read

        found = read(anchor=noted)
    if since_file and found.whole:
        add_anchor(since_file, found)
    (tell_json if as_json else tell)(found)
    raise typer.Exit(0 if found.whole else 1)


def last_anchor(path: Path | None) -> str:
    """The anchor that was noted last; nothing where the file is yet to be made."""
    if path is None or not path.is_file():
        return ""
    lines = path.read_text(encoding="ascii", errors="replace").split("\n")
    return next((line.split()[0] for line in reversed(lines) if line.strip()), "")


def add_anchor(path: Path, found: Verdict) -> None:
    """Note the anchor of a record that was whole, and when."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
        file.write(f"{found.head[0]}:{found.head[1]} {datetime.now(UTC).isoformat(timespec='seconds')}\n")


def parse_anchor(anchor: str) -> tuple[int, str] | None:
    """Return an anchor as number and digest; None where none was typed.

    Raises typer.BadParameter where it is not SEQ:DIGEST.
    """
    if not anchor:
        return None
    seq, _colon, digest = anchor.partition(":")
    if not seq.isdecimal() or len(digest) != DIGEST or set(digest.lower()) - set("0123456789abcdef"):
        raise typer.BadParameter(
            "an anchor is SEQ:DIGEST, as `chuangbao audit verify` prints it", param_hint="--anchor"
        )
    return int(seq), digest.lower()


def tell(found: Verdict) -> None:
    """For people."""
    from chuangbao.core.audit.verify import MOST

    for fault in found.broken:
        typer.echo(f"✗ {sentence(fault)}")
    if len(found.broken) == MOST:
        typer.echo(f"  … the first {MOST} faults; there may be more")
    mark = "✓" if found.whole else "✗"
    typer.echo(f"{mark} {found.rows} rows verified; anchor {found.head[0]}:{found.head[1]}")
    if not found.rows:
        typer.echo("! The record is empty: where something has been done here before, it was emptied · 记录为空")
    elif found.whole:
        typer.echo("  Keep the anchor on another machine: with it a record cut off at its end is found as well.")


def sentence(fault: Broken) -> str:
    """A fault in words."""
    return SAID[fault.what].format(seq=fault.seq, row=fault.history_id)


def tell_json(found: Verdict) -> None:
    """For programs."""
    import json
    from dataclasses import asdict

    head = f"{found.head[0]}:{found.head[1]}"
    broken = [asdict(fault) for fault in found.broken]
    typer.echo(json.dumps({"whole": found.whole, "rows": found.rows, "anchor": head, "broken": broken}))
