"""Room on the disk: where it runs out, what writes is refused before the database stops, until there is some again.

PostgreSQL stops as a whole when it cannot write its log; pages that only read keep working on what is left below the
floor.
"""

from __future__ import annotations

import errno
import shutil
import time
from typing import TYPE_CHECKING

from chuangbao.config.paths import DATA_DIR
from chuangbao.ops.embedded_postgres import home_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FIRST_START", "FLOOR", "is_full", "means_full", "places_without_room"]

FLOOR = 32 << 20
"""Bytes below which nothing is saved any more."""
FIRST_START = 300 << 20
"""Bytes that a database which is made and filled for the first time takes, with its log."""
DISK_FULL = "53100"
"""PostgreSQL's code."""
REMEMBERED = 1.0
looked: list[tuple[float, bool]] = []


def places_without_room(least: int = FLOOR) -> list[Path]:
    """The folders we write to whose disk has fewer than ``least`` bytes left."""
    places = [folder for folder in (DATA_DIR, home_of(DATA_DIR / "postgres")) if folder.exists()]
    return [folder for folder in dict.fromkeys(places) if shutil.disk_usage(folder).free < least]


def is_full() -> bool:
    """Whether there is too little room to save anything, looked at once a second."""
    now = time.monotonic()
    if not looked or now - looked[0][0] > REMEMBERED:
        looked[:] = [(now, bool(places_without_room()))]
    return looked[0][1]


def means_full(fault: BaseException | None) -> bool:
    """Whether an error, or one that it came from, says that a disk is full, ours or the database's."""
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        if getattr(fault, "sqlstate", None) == DISK_FULL or getattr(fault, "errno", None) == errno.ENOSPC:
            return True
        fault = fault.__cause__ or fault.__context__
    return False
