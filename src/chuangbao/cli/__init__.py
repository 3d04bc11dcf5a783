"""The command line ``chuangbao``: one file per command."""

from __future__ import annotations

import typer

from chuangbao.cli import (
    audit,
    backup,
    demo,
    docs,
    doctor,
    document,
    explain,
    match,
    pack,
    population,
    registers,
    up,
    upgrade,
    worker,
)

__all__ = ["app", "main"]

app = typer.Typer(no_args_is_help=True, help="创宝网: from a clause to a paid yuan.", pretty_exceptions_enable=False)
app.command("match", context_settings=match.CONTEXT)(match.match)
app.command("explain")(explain.explain)
app.command("up")(up.up)
app.command("worker")(worker.worker)
app.command("doctor")(doctor.doctor)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("upgrade")(upgrade.upgrade)
app.command("digest")(backup.digest)
app.add_typer(audit.app, name="audit")
app.add_typer(demo.app, name="demo")
app.add_typer(pack.app, name="pack")
app.add_typer(population.app, name="population")
app.add_typer(document.app, name="document")
app.add_typer(docs.app, name="docs")
app.add_typer(registers.app, name="registers")


def main() -> None:
    """Run the command line."""
    app()
