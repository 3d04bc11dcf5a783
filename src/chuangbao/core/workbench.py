"""What waits for a person (待办): each context says what of its own waits; the workbench shows it all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from django.utils.functional import _StrPromise

    from chuangbao.core.access.actors import Actor

__all__ = ["Heading", "Mine", "ToDo", "mine", "mine_of", "todo", "todos_of"]


class Heading(TextChoices):
    """Under which the ways to a person's own stand, in this order."""

    SPACES = "spaces", _("Spaces and bookings")  # 空间和预约
    POLICIES = "policies", _("Policy")  # 政策
    OWN = "own", _("Myself and organisations")  # 本人和机构


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
WAYS: dict[Callable[[Actor], Iterable[Mine]], Heading] = {}


def todo(
    name: str, label: str | _StrPromise
) -> Callable[[Callable[[Actor], Iterable[ToDo]]], Callable[[Actor], Iterable[ToDo]]]:
    """Register what of a context waits for an actor, under a heading."""

    def register(function: Callable[[Actor], Iterable[ToDo]]) -> Callable[[Actor], Iterable[ToDo]]:
        SOURCES[name] = (label, function)
        return function

    return register


def mine(heading: Heading) -> Callable[[Callable[[Actor], Iterable[Mine]]], Callable[[Actor], Iterable[Mine]]]:
    """Register the ways to what is an actor's own, under a heading."""

    def register(function: Callable[[Actor], Iterable[Mine]]) -> Callable[[Actor], Iterable[Mine]]:
        WAYS[function] = heading
        return function

    return register


def todos_of(actor: Actor) -> list[tuple[str, list[ToDo]]]:
    """Everything that waits, by heading, the oldest first; headings under which nothing waits are left out."""
    found = [(str(label), list(function(actor))) for label, function in SOURCES.values()]
    return [(label, sorted(rows, key=lambda t: (t.since is None, t.since))) for label, rows in found if rows]


def mine_of(actor: Actor) -> list[tuple[str, list[Mine]]]:
    """Return all ways to the person's own by heading; headings without one are left out."""
    found: dict[Heading, list[Mine]] = {heading: [] for heading in Heading}
    for function, heading in WAYS.items():
        found[heading] += function(actor)
    return [(str(heading.label), ways) for heading, ways in found.items() if ways]
