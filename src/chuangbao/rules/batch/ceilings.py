"""Ceilings over a partition: what of each amount is really paid, in the order of the members, as one subject is judged.

An amount is a range of cents while something that counts is unknown; it is settled where both ends are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangbao.rules.batch import arith
from chuangbao.rules.batch.masks import places, spread
from chuangbao.rules.batch.values import NotColumnarError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chuangbao.rules import tree
    from chuangbao.rules.batch.masks import Array
    from chuangbao.rules.batch.plan import Task
    from chuangbao.rules.batch.vector import Vector

__all__ = ["Cover", "Limit", "Share", "shares_of"]

MOST = 1 << 50  # cents that doubles and sums of a few dozen members hold; more than that is judged one by one
BOUNDLESS = 1 << 55


@dataclass(frozen=True, slots=True)
class Limit:
    """One ceiling made ready for columns: its expressions with the figures of the place put in."""

    name: str
    members: tuple[str, ...]
    before: tuple[tuple[tuple[int, ...], ...], ...]
    nodes: tuple[tree.Node, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """Ceilings that belong together, the versions they are asked for, and all versions that take of them."""

    targets: frozenset[str]
    limits: tuple[Limit, ...]
    tasks: tuple[Task, ...]


@dataclass(slots=True)
class Share:
    """What one version pays each row: cents, where that is settled."""

    cents: Array
    settled: Array


def shares_of(cover: Cover, rulings: Mapping[str, Any], vector: Vector) -> tuple[dict[str, Share], Array]:
    """What the targets of a cover pay, and the rows that only the interactive engine can tell."""
    size = vector.frame.size
    doubt = np.zeros(size, np.bool_)
    names = dict.fromkeys(name for limit in cover.limits for name in limit.members)
    ranges = {name: range_of(rulings[name], doubt) for name in names}
    for limit in cover.limits:
        cut(limit, bounds(limit, vector, doubt), ranges)
    found = {}
    for name in cover.targets & ranges.keys():
        least, most = ranges[name]
        settled = (rulings[name].status == 1) & (least == most)
        found[name] = Share(np.where(settled, least, 0), settled)
    return found, np.flatnonzero(doubt)


def range_of(ruling: Any, doubt: Array) -> tuple[Array, Array]:
    """The least and the most that one amount may come to; rows with amounts beyond bounds are doubted."""
    known = np.maximum(ruling.amounts, 0)
    doubt |= ruling.paid & (known >= MOST)
    doubt[list(ruling.large)] = True
    refused, eligible = ruling.status == 0, ruling.status == 1
    most = np.where(refused, 0, np.where(ruling.paid, known, BOUNDLESS))
    return np.where(eligible & ruling.paid, known, 0), most


def bounds(limit: Limit, vector: Vector, doubt: Array) -> tuple[Array, Array]:
    """The ceiling of each row: rounded down to the cent, not below nothing, the lowest of several."""
    size = vector.frame.size
    least, most = np.full(size, BOUNDLESS), np.full(size, BOUNDLESS)
    for node in limit.nodes:
        try:
            cents = arith.whole(arith.times(vector.number(node), arith.literal(100)), up=False)
        except NotColumnarError:
            doubt[:] = True
            return least, most
        known = spread(cents.known, size)
        wide = np.broadcast_to(cents.n, size).astype(np.int64)  # in 32 bits BOUNDLESS would become 0 without a word
        n = np.clip(wide, 0, BOUNDLESS)
        doubt[places(cents.doubt, size)] = True
        least, most = np.minimum(least, np.where(known, n, 0)), np.minimum(most, np.where(known, n, BOUNDLESS))
    return least, most


def cut(limit: Limit, ceiling: tuple[Array, Array], ranges: dict[str, tuple[Array, Array]]) -> None:
    """Let the members take of a ceiling in their order; the ranges are changed in place."""
    for place, name in enumerate(limit.members):
        least, most = ceiling
        for part in limit.before[place]:
            taken = [ranges[limit.members[other]] for other in part]
            least = least - largest([high for _, high in taken])
            most = np.where(most == BOUNDLESS, most, most - largest([low for low, _ in taken]))
        low, high = ranges[name]
        ranges[name] = np.minimum(low, np.maximum(least, 0)), np.minimum(high, np.maximum(most, 0))


def largest(parts: Sequence[Array]) -> Array:
    """The largest of each row."""
    found = parts[0]
    for part in parts[1:]:
        found = np.maximum(found, part)
    return found
