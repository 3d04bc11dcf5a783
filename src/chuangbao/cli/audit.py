"""``chuangbao audit verify``: read the whole record and say what is not as it was sealed."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from chuangbao.cli.database import connected
from chuangbao.cli.start import failing_clearly

if TYPE_CHECKING:
    from chuangbao.core.audit import Broken, Verdict

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
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Verify every row against its seal and every seal against the one before; status 1 where one is broken."""
    noted = parsed(anchor)
    with failing_clearly(), ExitStack() as stack:
        connected(stack)
        from chuangbao.core.audit import verify as read

        found = read(anchor=noted)
    (tell_json if as_json else tell)(found)
    raise typer.Exit(0 if found.whole else 1)


def parsed(anchor: str) -> tuple[int, str] | None:
    """An anchor as it was typed."""
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
    from chuangbao.core.audit import MOST

    for fault in found.broken:
        typer.echo(f"✗ {sentence(fault)}")
    if len(found.broken) == MOST:
        typer.echo(f"  … the first {MOST} faults; there may be more")
    mark = "✓" if found.whole else "✗"
    typer.echo(f"{mark} {found.rows} rows verified; anchor {found.head[0]}:{found.head[1]}")
    if found.whole:
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
