"""``chuangbao docs``: pages of the documentation that are drawn from the program itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from chuangbao.core.workflow.transitions import Life

__all__ = ["app", "states_page"]

app = typer.Typer(no_args_is_help=True, help="Write documents that are drawn from the program.")
HEAD = "# States\n\nWritten by `chuangbao docs states` from the tables that the program runs by; do not edit.\n"


@app.callback()
def documents() -> None:
    """Keep ``states`` a command of its own beside later ones."""


@app.command("states")
def states(out: Annotated[Path, typer.Argument(help="File to write.")] = Path("docs/states.md")) -> None:
    """Write the state diagrams."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangbao.config.settings")
    out.write_text(states_page(), encoding="utf-8", newline="\n")


def states_page() -> str:
    """Every life of every context, in the words of the tables."""
    import django  # late: no command of the rules waits for the web framework
    from django.utils.translation import override

    django.setup()
    from chuangbao.core.contexts import list_workflows

    with override(None):
        return "\n".join([HEAD, *(section(name, life) for name, life in list_workflows())])


def section(name: str, life: Life) -> str:
    """One diagram, and who may make each move."""
    arrows = [f"    {source} --> {m.step.target}: {m.verb}" for m in life.moves for source in m.step.sources]
    needs = {m.verb: (*m.needs, *(["the proposal of another person"] if m.two_persons else [])) for m in life.moves}
    rows = [f"| {m.verb} | {m.label} | {', '.join(needs[m.verb]) or '–'} | `{m.who.name}` |" for m in life.moves]
    table = ["| Verb | Label | Needs | Who |", "|---|---|---|---|", *rows]
    return "\n".join([f"## {name}\n", "```mermaid", "stateDiagram-v2", *arrows, "```\n", *table, ""])
