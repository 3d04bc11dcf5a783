"""Rows a batch at a time, so that a long list is never whole in memory."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["split_into_batches"]

T = TypeVar("T")


def split_into_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of at most ``size`` items (Python 3.12 has it)."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
