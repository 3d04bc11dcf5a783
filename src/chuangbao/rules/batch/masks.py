"""Verdicts of many rows, eight to a byte: AND, OR and NOT of a whole partition stay in the processor's nearest cache.

A mask is an array of bytes (row 0 is the lowest bit of the first), or one Python truth value where all rows share it.
The bits after the last row are any; who opens or counts a mask says how many rows it has.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import numpy.typing as npt

__all__ = [
    "Array",
    "Bools",
    "Mask",
    "blanked",
    "both",
    "count",
    "either",
    "inverse",
    "packed",
    "part_of",
    "pick",
    "places",
    "spread",
    "without",
]

Array = npt.NDArray[Any]
Bools = npt.NDArray[np.bool_]
Mask = npt.NDArray[np.uint8] | bool

WORD = 64
WIDE = {1: np.int8, 2: np.int16, 4: np.int32, 8: np.int64}


def packed(held: Any) -> Mask:
    """What a comparison says of rows as a mask; what it says of constants as a truth value."""
    return np.packbits(held, bitorder="little") if np.ndim(held) else bool(held)


def spread(mask: Mask, size: int) -> Bools:
    """A truth value for each row."""
    if isinstance(mask, bool):
        return np.full(size, mask)
    return np.unpackbits(mask, count=size, bitorder="little").view(np.bool_)


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


def without(known: Mask, yes: Mask) -> Mask:
    """Known, and not yes (which is always known)."""
    if isinstance(yes, bool):
        return False if yes else known
    return ~yes if known is True else known ^ yes


def pick(mask: Mask, a: Mask, b: Mask) -> Mask:
    """Row by row ``a`` where the mask holds, else ``b``."""
    return a if a is b else either(both(mask, a), both(inverse(mask), b))


def count(mask: Mask, size: int) -> int:
    """How many of the first ``size`` rows it holds for."""
    if isinstance(mask, bool):
        return size if mask else 0
    cut = size // WORD * 8
    tail = int.from_bytes(mask[cut:].tobytes(), "little") & ((1 << size % WORD) - 1)
    return int(np.bitwise_count(mask[:cut].view(np.uint64)).sum(dtype=np.int64)) + tail.bit_count()


def places(mask: Mask, size: int) -> Array:
    """The rows for which it holds: only bytes with a bit in them are opened."""
    if isinstance(mask, bool):
        return np.arange(size if mask else 0)
    filled = np.flatnonzero(mask != 0)
    found = np.flatnonzero(np.unpackbits(mask[filled], bitorder="little").view(np.bool_))
    rows = cast("Array", (filled << 3)[found >> 3] + (found & 7))
    return rows[: np.searchsorted(rows, size)]


def part_of(mask: Mask, rows: slice) -> Mask:
    """Rows in a row, from a multiple of eight on."""
    return mask if isinstance(mask, bool) else mask[rows.start // 8 : -(-rows.stop // 8)]


def blanked(values: Array, known: Mask) -> Array:
    """The same numbers with 0 where nothing is known, whatever lies in memory there."""
    if isinstance(known, bool):
        return values if known else np.zeros_like(values)
    kind = WIDE[values.dtype.itemsize]
    kept = -spread(known, len(values)).view(np.int8)
    return cast("Array", (values.view(kind) & kept.astype(kind, copy=False)).view(values.dtype))
