"""What waits for a person (待办): each context says what of its own waits; the workbench shows it all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from django.utils.functional import _StrPromise

    from chuangbao.core.access.actors import Actor

__all__ = ["Mine", "ToDo", "mine", "mine_of", "todo", "todos_of"]


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing that waits: what, where it is done, since when, until when."""

    title: str
    url: str
    since: datetime | None = None
    until: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mine:
    """One shortcut to the person's own: the enterprise, the drafts, the invitations."""

    title: str
    url: str
    icon: str = "folder"
    note: str = ""


SOURCES: dict[str, tuple[str | _StrPromise, Callable[[Actor], Iterable[ToDo]]]] = {}
WAYS: list[Callable[[Actor], Iterable[Mine]]] = []


def todo(
    name: str, label: str | _StrPromise
) -> Callable[[Callable[[Actor], Iterable[ToDo]]], Callable[[Actor], Iterable[ToDo]]]:
    """Register what of a context waits for an actor, under a heading."""

    def register(function: Callable[[Actor], Iterable[ToDo]]) -> Callable[[Actor], Iterable[ToDo]]:
        SOURCES[name] = (label, function)
        return function

    return register


def mine(function: Callable[[Actor], Iterable[Mine]]) -> Callable[[Actor], Iterable[Mine]]:
    """Register the ways to what is an actor's own."""
    if function not in WAYS:
        WAYS.append(function)
    return function


def todos_of(actor: Actor) -> list[tuple[str, list[ToDo]]]:
    """Everything that waits, by heading, the oldest first; headings under which nothing waits are left out."""
    found = [(str(label), list(function(actor))) for label, function in SOURCES.values()]
    return [(label, sorted(rows, key=lambda t: (t.since is None, t.since))) for label, rows in found if rows]


def mine_of(actor: Actor) -> list[Mine]:
    """Return all shortcuts to the person's own."""
    return [way for function in WAYS for way in function(actor)]
