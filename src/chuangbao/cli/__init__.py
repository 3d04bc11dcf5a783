"""The command line ``chuangbao``: one file per command."""

from __future__ import annotations

import gc
import os

import typer

from chuangbao.cli import (
    admin,
    agency,
    alarm,
    audit,
    backup,
    demo,
    docs,
    doctor,
    document,
    explain,
    files,
    match,
    new_context,
    pack,
    population,
    registers,
    up,
    upgrade,
    worker,
)
from chuangbao.cli.inputs import fail
from chuangbao.config.paths import OTHERS

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
app.command("alarm")(alarm.alarm)
app.command("new-context")(new_context.new_context)
app.command("digest")(backup.digest)
app.add_typer(admin.app, name="admin")
app.add_typer(agency.app, name="agency")
app.add_typer(audit.app, name="audit")
app.add_typer(demo.app, name="demo")
app.add_typer(pack.app, name="pack")
app.add_typer(population.app, name="population")
app.add_typer(document.app, name="document")
app.add_typer(docs.app, name="docs")
app.add_typer(files.app, name="files")
app.add_typer(registers.app, name="registers")


SELDOM = 100_000
"""Objects between two looks for garbage: a start and a migration make very many, and few of them are in cycles."""
LIBRARIES = {"numpy", "polars", "pyarrow", "z3"}
"""What the extra ``rules`` installs; the extra ``web`` installs it too, with everything else."""


def main() -> None:
    """Run the command line; what it writes is for its own user alone."""
    os.umask(OTHERS)
    gc.set_threshold(SELDOM, 20, 50)
    try:
        app()
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package in {"", "chuangbao"}:
            raise
        extra = "rules" if package in LIBRARIES else "web"
        why = f"{package} is not installed: this command needs more than a plain install"
        fail(why, f"pip install 'chuangbao[{extra}]'")
