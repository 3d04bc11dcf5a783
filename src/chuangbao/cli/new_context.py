"""``chuangbao new-context``: the skeleton of a context, green at once, for developers in a checkout."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from chuangbao.cli.inputs import fail

__all__ = ["new_context"]

CHECKOUT = Path(__file__).resolve().parents[3]
NAME = re.compile(r"[a-z]{3,11}s")
"""Its duty is ``<name>_manager``, of at most 20 letters."""
MOUNT = '    "chuangbao.guidance",\n'
"""The line of ``INSTALLED_APPS`` behind which a context is added."""
LAYER = '    "chuangbao.portal",\n'
"""The layer below which it is added: above every context it may build upon."""
PLACES = {"src": "src/chuangbao/{context}", "tests": "tests/{context}"}
TEMPLATES = "src/templates/"


def new_context(
    name: Annotated[str, typer.Argument(help="Its name: English, plural, small letters, such as surveys.")],
    words: Annotated[str, typer.Option(help="What one of its rows is called in Chinese.")] = "事项",
    into: Annotated[Path, typer.Option(help="The checkout that it is written into.")] = CHECKOUT,
) -> None:
    """Write the skeleton of a context into the checkout, and the two lines that name it."""
    skeleton = into / "tools" / "skeleton"
    if not skeleton.is_dir():
        fail(f"{into} is no checkout of Chuangbao", "run it where the source is, or name it with --into")
    if not NAME.fullmatch(name):
        fail(f"{name} is no name for a context", "take an English plural of 4 to 12 small letters, such as surveys")
    if (into / "src" / "chuangbao" / name).exists():
        fail(f"there is a context {name} already", "choose another name")
    values = name_parts(name, words)
    written = [write_file(path, skeleton, into, values) for path in sorted(skeleton.rglob("*.txt"))]
    written.append(write_table(into, values))
    add_line(into / "src/chuangbao/config/settings.py", MOUNT, f'    "chuangbao.{name}",\n')
    add_line(into / "pyproject.toml", LAYER, f'    "chuangbao.{name}",\n')
    tidy(into, written)
    typer.echo(f"{len(written)} files, a line in INSTALLED_APPS, a line in the layers. Next: make check, make test")


def name_parts(name: str, words: str) -> dict[str, str]:
    """The names that the skeleton's files hold, by how they call them."""
    model = name.removesuffix("s")
    return {
        "context": name,
        "Context": name.capitalize(),
        "model": model,
        "Model": model.capitalize(),
        "MODEL": model.upper(),
        "words": words,
    }


def write_file(path: Path, skeleton: Path, into: Path, values: dict[str, str]) -> Path:
    """Write one file of the skeleton where it belongs, with the names of the context in it."""
    inner = path.relative_to(skeleton).as_posix().removesuffix(".txt")
    room, _slash, rest = inner.partition("/")
    if inner.startswith(TEMPLATES):
        rest = f"templates/{values['context']}/{inner.removeprefix(TEMPLATES).replace('model', values['model'])}"
    target = into / PLACES[room].format(**values) / rest
    target.parent.mkdir(parents=True, exist_ok=True)
    text = Template(path.read_text(encoding="utf-8")).substitute(values)
    target.write_text(text, encoding="utf-8", newline="\n")
    return target


def write_table(into: Path, values: dict[str, str]) -> Path:
    """Write the context's slice of the table of permissions: its own duty opens its pages, no other role does."""
    with (into / "tests/permissions/table.csv").open(encoding="utf-8", newline="") as file:
        head = next(csv.reader(file))
    context, roles = values["context"], head[3:]
    permission = f"(in_capacity:officer & holds:{context}_manager)"
    answers = ["sign in", *("no" for _ in roles[1:]), "open"]
    addresses = {"list": "get", "new": "get", values["model"]: "get", "move": "post"}
    rows = [[f"{context}:{name}", method, permission, *answers] for name, method in sorted(addresses.items())]
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([[*head, f"{context}_manager"], *rows])
    target = into / "tests" / context / "table.csv"
    target.write_text(text.getvalue(), encoding="utf-8", newline="\n")
    return target


def add_line(path: Path, near: str, line: str) -> None:
    """Add a line behind the first that is like another."""
    text = path.read_text(encoding="utf-8")
    if near not in text:
        fail(f"{path} has no line {near.strip()}", f"add {line.strip()} by hand")
    path.write_text(text.replace(near, near + line, 1), encoding="utf-8", newline="\n")


def tidy(into: Path, written: list[Path]) -> None:
    """Sort the imports and wrap the lines of what was written, compile its words, draw its diagram."""
    code = [str(path) for path in written if path.suffix == ".py" and "migrations" not in path.parts]
    wrap = ["ruff", "format", "--quiet", *code]  # first, too: with a long name some lines are too wide for the check
    for arguments in (wrap, ["ruff", "check", "--quiet", "--fix", *code], wrap):
        subprocess.run([sys.executable, "-m", *arguments], cwd=into, check=True)
    import polib

    for path in written:
        if path.suffix == ".po":
            polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    draw = [sys.executable, "-m", "chuangbao", "docs", "states"]
    subprocess.run(draw, cwd=into, check=True, env={**os.environ, "PYTHONPATH": str(into / "src")})
