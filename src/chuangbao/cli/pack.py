"""``chuangbao pack``: check a region pack, and write it in its canonical form."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chuangbao.cli.inputs import fail

if TYPE_CHECKING:
    from chuangbao.rules.model import Pack
    from chuangbao.rules.packcheck import Report

__all__ = ["app", "canonical", "export"]

app = typer.Typer(no_args_is_help=True, help="Check and export a region pack.")
WIDE = 1_000_000  # long texts stay on their line, so that a change is one line of a diff


@app.command("check")
def check(
    folder: Annotated[Path, typer.Argument(help="Folder of the pack.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check a pack; ends with status 1 when something must be mended."""
    if not folder.is_dir():
        fail(f"{folder}: no such folder")
    from chuangbao.rules.packcheck import check_pack

    report = check_pack(folder)
    if as_json:
        typer.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=2, default=str))
    else:
        show(report)
    raise typer.Exit(0 if report.ok else 1)


def show(report: Report) -> None:
    """One line per finding, then what was checked."""
    for finding in report.findings:
        typer.echo(f"{finding.severity}: {finding}")
        for witness in finding.witnesses if finding.severity != "note" else ():
            typer.echo(f"  for example {witness}")
    typer.echo(", ".join(f"{count} {name}" for name, count in report.counts.items()))


@app.command("load")
def load(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of the pack; without it the installation's own.")
    ] = None,
) -> None:
    """Add each version of the files that the register lacks; ends with status 1 where both sides changed a measure."""
    pack = ready(folder)
    from chuangbao.authoring.domain.exchange import load_register
    from chuangbao.core.access.actors import SYSTEM

    loaded = load_register(pack=pack, actor=SYSTEM)
    typer.echo(f"{len(loaded.added)} added, {loaded.known} known, {len(loaded.conflicts)} in conflict")
    for conflict in loaded.conflicts:
        typer.echo(f"\n{conflict.measure}: {conflict.why}")
        typer.echo(side_by_side(conflict.register, conflict.file))
    raise typer.Exit(1 if loaded.conflicts else 0)


def ready(folder: Path | None) -> Pack:
    """The pack in a folder, and the database of the installation."""
    import os

    if folder is not None and not (folder / "pack.yaml").is_file():
        fail(f"{folder}: this folder has no pack.yaml")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangbao.config.settings")
    import django  # late: no command of the rules waits for the web framework

    django.setup()
    from chuangbao.config.paths import PACK_DIR
    from chuangbao.rules import load_pack

    return load_pack(folder or PACK_DIR)


def side_by_side(register: str, file: str) -> str:
    """Two texts as one list of lines: ``-`` in the register, ``+`` in the file."""
    import difflib

    lines = difflib.unified_diff(register.splitlines(), file.splitlines(), "register", "file", lineterm="")
    return "\n".join(lines)


@app.command("export")
def export(
    out: Annotated[Path, typer.Option(help="Folder to write.")],
    folder: Annotated[Path | None, typer.Argument(help="Folder of a pack; without it the register is written.")] = None,
) -> None:
    """Write the register back as a pack; or a folder's pack in canonical form. Same content, same bytes."""
    if folder is None:
        empty(out)
        pack = ready(None)
        from chuangbao.authoring.domain.exchange import export_register

        written = export_register(pack=pack, out=out)
        typer.echo(f"{len(written)} files from the register in {out}")
        return
    if not (folder / "pack.yaml").is_file():
        fail(f"{folder}: this folder has no pack.yaml")
    empty(out)
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        target = out / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".yaml":
            target.write_text(canonical(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
        else:
            shutil.copyfile(path, target)


def empty(out: Path) -> None:
    """A folder that can be written."""
    if out.exists() and any(out.iterdir()):
        fail(f"{out}: this folder is not empty", "name a new one")


def canonical(text: str) -> str:
    """YAML written one way: order and scalars as they are, indentation and quoting by one rule."""
    import yaml

    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        return ""
    return str(yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=WIDE))
