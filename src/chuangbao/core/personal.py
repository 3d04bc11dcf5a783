"""The map of personal data (个人信息清单): each context says what it holds of a person, why, and for how long.

The personal data centre shows the map, exports by it and erases by it (个人信息保护法 第四十四条至第四十七条).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.utils.functional import _StrPromise

__all__ = ["HOLDINGS", "Holding", "holds_personal"]


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of data that is held: what, why, how long; how it is read, and how it is erased."""

    name: str
    label: str | _StrPromise
    purpose: str | _StrPromise
    kept: str | _StrPromise
    export: Callable[[int], Iterable[Mapping[str, object]]]
    """Takes the person's id; gives rows of plain values."""
    erase: Callable[[int], int] | None = None
    """Takes the person's id; gives how many rows were erased. None: the law makes us keep it."""


HOLDINGS: dict[str, Holding] = {}


def holds_personal(*holdings: Holding) -> None:
    """Add to the map."""
    HOLDINGS.update({holding.name: holding for holding in holdings})
