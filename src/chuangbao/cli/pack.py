"""``chuangbao pack``: check a region pack, and write it in its canonical form."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chuangbao.cli.inputs import fail

if TYPE_CHECKING:
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


@app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="Folder of the pack.")],
    out: Annotated[Path, typer.Option(help="Folder to write.")],
) -> None:
    """Write the pack in its canonical form: the same bytes whenever the content is the same."""
    if not (folder / "pack.yaml").is_file():
        fail(f"{folder}: this folder has no pack.yaml")
    if out.exists() and any(out.iterdir()):
        fail(f"{out}: this folder is not empty", "name a new one")
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        target = out / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".yaml":
            target.write_text(canonical(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
        else:
            shutil.copyfile(path, target)


def canonical(text: str) -> str:
    """YAML written one way: order and scalars as they are, indentation and quoting by one rule."""
    import yaml

    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        return ""
    return str(yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=WIDE))
