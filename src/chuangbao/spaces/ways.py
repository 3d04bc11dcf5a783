"""Ways from the page of a space into contexts above it, such as applying for a place: each context declares its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.workbench import Mine
    from chuangbao.spaces.models import Space

__all__ = ["list_ways_from", "way_from_space"]

WAYS: list[Callable[[Space, Actor], Iterable[Mine]]] = []


def way_from_space(
    function: Callable[[Space, Actor], Iterable[Mine]],
) -> Callable[[Space, Actor], Iterable[Mine]]:
    """Register the ways that a context offers on the page of a space; it asks the database nothing."""
    if function not in WAYS:
        WAYS.append(function)
    return function


def list_ways_from(space: Space, actor: Actor) -> list[Mine]:
    """Return all ways from a space for an actor."""
    return [way for function in WAYS for way in function(space, actor)]
