"""Ways onward (去处): a page of a lower context shows links to pages about its rows in contexts above it.

A context above declares with ``lead_onward`` what it has about the rows of a model; the page below asks once for all
the rows that it shows, and draws what comes with ``ui/ways.html``. Neither imports the other. In the same way each
context names with ``add_steps`` what it needs of a new row before it can be lived with (``list_steps``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.db.models import Model

    from chuangbao.core.access.actors import Actor

__all__ = ["SetupStep", "Way", "add_steps", "find_ways", "lead_onward", "list_steps"]


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a page about a row."""

    title: str
    url: str
    icon: str = "arrow-right"
    is_main: bool = False
    """What most people come to the page for: it stands first."""


@dataclass(frozen=True, slots=True)
class SetupStep:
    """Something to set up for a new row (开张步骤), on a page of its own, and whether that was done."""

    title: str
    url: str
    is_done: bool


FINDERS: dict[str, list[Callable[[Actor, Sequence[Any]], Mapping[int, Iterable[Way]]]]] = {}
"""By the label of a model, such as ``booking.resource``."""


def lead_onward(label: str) -> Callable[[Any], Any]:
    """Register a function of an actor and rows of a model that gives the ways of each, by its id."""

    def register(function: Any) -> Any:
        if function not in FINDERS.setdefault(label, []):
            FINDERS[label].append(function)
        return function

    return register


def find_ways(actor: Actor, label: str, rows: Iterable[Model]) -> dict[int, list[Way]]:
    """Return the ways onward of rows of a model, by their ids; those without any are left out."""
    wanted = list(rows)
    found: dict[int, list[Way]] = {}
    for function in FINDERS.get(label, []) if wanted else []:
        for pk, ways in function(actor, wanted).items():
            found.setdefault(pk, []).extend(ways)
    return {pk: sorted(ways, key=lambda way: not way.is_main) for pk, ways in found.items()}


LISTERS: dict[str, list[Callable[[Actor, Any], Iterable[SetupStep]]]] = {}
"""By the label of a model."""


def add_steps(label: str) -> Callable[[Any], Any]:
    """Register a function of an actor and a row of a model that gives the steps to set it up."""

    def register(function: Any) -> Any:
        if function not in LISTERS.setdefault(label, []):
            LISTERS[label].append(function)
        return function

    return register


def list_steps(actor: Actor, label: str, row: Model) -> list[SetupStep]:
    """Return the steps to set up a row, those of lower contexts first."""
    return [step for function in LISTERS.get(label, []) for step in function(actor, row)]
