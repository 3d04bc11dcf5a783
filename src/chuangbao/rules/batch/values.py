"""What a column of values is while it is judged: exact scaled integers, or doubles with a bound of their error.

A mask is an array of truth values, or one Python truth value where all rows share it. ``doubt`` marks rows whose
value here cannot be trusted: whoever reads them asks the exact engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "BIG",
    "Mask",
    "NotColumnarError",
    "Truth",
    "Vec",
    "as_truth",
    "as_vec",
    "both",
    "either",
    "inverse",
    "spread",
]

Mask = npt.NDArray[np.bool_] | bool
Array = npt.NDArray[Any]

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


def inverse(mask: Mask) -> Mask:
    """NOT."""
    return not mask if isinstance(mask, bool) else ~mask


def both(a: Mask, b: Mask) -> Mask:
    """AND."""
    if isinstance(a, bool):
        return b if a else False
    if isinstance(b, bool):
        return a if b else False
    return a & b


def either(a: Mask, b: Mask) -> Mask:
    """OR."""
    if isinstance(a, bool):
        return True if a else b
    if isinstance(b, bool):
        return True if b else a
    return a | b


def as_vec(value: Vec | Truth) -> Vec:
    """Verdicts as the numbers 1 and 0."""
    if isinstance(value, Vec):
        return value
    n = int(value.yes) if isinstance(value.yes, bool) else value.yes.astype(np.int64)
    return Vec(n, 1, 0, 1, either(value.yes, value.no), value.absent, value.doubt)


def as_truth(value: Vec | Truth) -> Truth:
    """The numbers 1 and 0 as verdicts."""
    if isinstance(value, Truth):
        return value
    yes = both(value.known, value.n == 1)
    return Truth(yes, both(value.known, inverse(yes)), value.absent, value.doubt)


def spread(mask: Mask, size: int) -> npt.NDArray[np.bool_]:
    """A mask with a place for each row."""
    return mask if isinstance(mask, np.ndarray) and mask.ndim else np.full(size, bool(mask))
