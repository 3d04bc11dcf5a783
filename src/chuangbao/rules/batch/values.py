"""What a column of values is while it is judged: exact scaled integers, or doubles with a bound of their error.

``doubt`` marks rows whose value here cannot be trusted: for them the exact engine is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from chuangbao.rules.batch.masks import Mask, both, either, inverse, packed, spread

__all__ = ["BIG", "NotColumnarError", "Truth", "Vec", "as_truth", "as_vec", "room", "widened"]

BIG = 1 << 62  # integers stay below it in size, so that one addition cannot leave 64 bits


class NotColumnarError(ValueError):
    """This part of an expression is judged subject by subject."""


@dataclass(slots=True)
class Truth:
    """Verdicts: ``yes`` and ``no`` are never both true; neither is unknown, or known absence."""

    yes: Mask
    no: Mask
    absent: Mask = False
    doubt: Mask = False


@dataclass(slots=True)
class Vec:
    """Numbers ``n / d`` with ``low <= n <= high`` (days and texts are whole numbers too); or doubles.

    With ``err`` given, ``n`` holds doubles and each lies within ``err`` of the true value. Where ``known`` is false
    ``n`` is any harmless number.
    """

    n: Any
    d: int = 1
    low: int = 0
    high: int = 0
    known: Mask = True
    absent: Mask = False
    doubt: Mask = False
    err: Any = None


def room(*bounds: int) -> type:
    """The narrowest whole numbers that hold all of these: the fewer bytes, the more of them are worked on at once."""
    most = max(*bounds, -min(bounds))
    return np.int16 if most < 1 << 15 else np.int32 if most < 1 << 31 else np.int64


def widened(n: Any, kind: type) -> Any:
    """Numbers with room for what comes next."""
    return n if isinstance(n, int) else n.astype(kind, copy=False)


def as_vec(value: Vec | Truth, size: int) -> Vec:
    """Verdicts as the numbers 1 and 0."""
    if isinstance(value, Vec):
        return value
    n = int(value.yes) if isinstance(value.yes, bool) else spread(value.yes, size).view(np.int8)
    return Vec(n, 1, 0, 1, either(value.yes, value.no), value.absent, value.doubt)


def as_truth(value: Vec | Truth) -> Truth:
    """The numbers 1 and 0 as verdicts."""
    if isinstance(value, Truth):
        return value
    yes = both(value.known, packed(value.n == 1))
    return Truth(yes, both(value.known, inverse(yes)), value.absent, value.doubt)
