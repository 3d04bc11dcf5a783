"""Sums of cents by county, exact at any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chuangbao.rules.batch.judge import Ruling
    from chuangbao.rules.batch.masks import Array

__all__ = ["Figures", "amounts_of", "sums_of"]

Figures = tuple["Array", "Array", dict[int, int]]
"""Cents by row, where they are known, and sums beyond 64 bits."""


def amounts_of(ruling: Ruling) -> Figures:
    """The amounts of a ruling as they stand, before any ceiling."""
    return ruling.amounts, ruling.paid, ruling.large


def sums_of(figures: Figures, where: Array, size: int, rows: Array) -> list[int]:
    """The figures of some rows by place (``where``, by row), without a step through doubles."""
    amounts, known, large = figures
    low, high = np.zeros(size, np.int64), np.zeros(size, np.int64)
    cents = np.where(known[rows], amounts[rows], 0)
    np.add.at(low, where[rows], cents & 0xFFFF_FFFF)
    np.add.at(high, where[rows], cents >> 32)
    found = [(int(h) << 32) + int(w) for h, w in zip(high, low, strict=True)]
    for row in set(large).intersection(rows.tolist()):
        found[where[row]] += large[row]
    return found
