"""What contexts find by name (全站搜索来源): the one search box leads to their pages too.

A context declares with ``search_by_name`` what it has by a name: spaces, offices, rooms and machines. The page that
answers the search box asks all of them, each for a few; it knows none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.utils.functional import _StrPromise

    from chuangbao.core.access.actors import Actor

__all__ = ["Group", "Hit", "find_by_name", "search_by_name"]

MOST = 3
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that was found: its name, its page, and where or what it is."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What one source found: the first few, whether there are more, and the address of the whole list (or none)."""

    label: str
    hits: list[Hit]
    has_more: bool
    url: str


@dataclass(frozen=True, slots=True)
class Source:
    """One source: what its rows are called, how they are found, and the address of the whole list."""

    label: str | _StrPromise
    find: Callable[[Actor, str, int], Iterable[Hit]]
    more: Callable[[str], str] | None


SOURCES: dict[str, Source] = {}


def search_by_name(
    name: str, label: str | _StrPromise, more: Callable[[str], str] | None = None
) -> Callable[[Callable[[Actor, str, int], Iterable[Hit]]], Callable[[Actor, str, int], Iterable[Hit]]]:
    """Register a function of an actor, words and a number that gives at most so many rows in sight of the actor."""

    def register(
        function: Callable[[Actor, str, int], Iterable[Hit]],
    ) -> Callable[[Actor, str, int], Iterable[Hit]]:
        SOURCES[name] = Source(label, function, more)
        return function

    return register


def find_by_name(actor: Actor, words: str) -> list[Group]:
    """Return what all sources find; nothing of a single character, and no source that finds nothing."""
    words = words.strip()
    groups = []
    for source in SOURCES.values() if len(words) >= SHORTEST else ():
        hits = list(source.find(actor, words, MOST + 1))
        if hits:
            url = source.more(words) if source.more else ""
            groups.append(Group(str(source.label), hits[:MOST], len(hits) > MOST, url))
    return groups
