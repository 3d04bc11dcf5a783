"""In which order tests run, so that no process is left alone with a long one at the end.

Each process of xdist begins with a share of the tests, one after another as they stand here; one that has nothing left
takes the last half of what another has. So each share begins with long files, and none of them is cut in two: what a
file makes once for all of its tests would be made twice.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest


def order_tests(items: Sequence[pytest.Item], processes: int = 1) -> list[pytest.Item]:
    """Put long files at the head of each share; those that empty the database stay where such tests are, as the first.

    Tests that empty the database come after those that only undo what they did.
    """
    long = {item.path for item in items if item.get_closest_marker("unmeasured")}
    emptying = {item.path for item in items if is_emptying(item)}
    heads = sorted(long - emptying)
    rest = iter(put_first([item for item in items if item.path not in heads], long))
    ordered: list[pytest.Item] = []
    for number, size in enumerate(share_out(len(items), processes)):
        head = set(heads[number::processes])
        share = [item for item in items if item.path in head]
        ordered += [*share, *islice(rest, max(size - len(share), 0))]
    return [*ordered, *rest]


def share_out(number: int, processes: int) -> Iterator[int]:
    """Yield how many of a number of tests each process begins with, as xdist deals them out."""
    for left in range(processes, 0, -1):
        yield number // left
        number -= number // left


def put_first(items: list[pytest.Item], long: set) -> list[pytest.Item]:
    """Put those of long files first among the tests that empty the database; all others stay in their places."""
    emptying = iter(sorted(filter(is_emptying, items), key=lambda item: item.path not in long))
    return [next(emptying) if is_emptying(item) else item for item in items]


def is_emptying(item: pytest.Item) -> bool:
    """Whether all tables are emptied after a test."""
    marker = item.get_closest_marker("django_db")
    named = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(named) or bool(marker and marker.kwargs.get("transaction"))
