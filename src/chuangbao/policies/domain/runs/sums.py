"""Sums of cents by county, exact at any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chuangbao.rules.batch.judge import Ruling
    from chuangbao.rules.batch.masks import Array

__all__ = ["sums_of"]


def sums_of(ruling: Ruling, where: Array, size: int, rows: Array) -> list[int]:
    """The amounts of some rows of a ruling by place (``where``, by row), without a step through doubles."""
    low, high = np.zeros(size, np.int64), np.zeros(size, np.int64)
    cents = np.where(ruling.paid[rows], ruling.amounts[rows], 0)
    np.add.at(low, where[rows], cents & 0xFFFF_FFFF)
    np.add.at(high, where[rows], cents >> 32)
    found = [(int(h) << 32) + int(w) for h, w in zip(high, low, strict=True)]
    for row in set(ruling.large).intersection(rows.tolist()):
        found[where[row]] += ruling.large[row]
    return found
