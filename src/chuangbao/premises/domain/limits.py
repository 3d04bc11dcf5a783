"""The dated limits of a host's duties (``limits.yaml``)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chuangbao.core.dated_limits import find_limit

if TYPE_CHECKING:
    from datetime import date

__all__ = ["read_limit"]

FILE = Path(__file__).parents[1] / "limits.yaml"


def read_limit(name: str, day: date) -> int:
    """Return the value of a limit on a day. Raises LookupError: none is in force then."""
    found = find_limit(FILE, name, day)
    if found is None:
        raise LookupError(f"no limit {name} is in force on {day}")
    return int(found.value)
