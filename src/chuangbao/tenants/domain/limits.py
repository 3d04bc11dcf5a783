"""Limits of tenancies as dated data (``limits.yaml``): which value of a limit is in force on a day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chuangbao.core.dated_limits import find_limit

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

__all__ = ["limit_on"]

FILE = Path(__file__).parents[1] / "limits.yaml"


def limit_on(name: str, day: date, *, of: str = "", file: Path = FILE) -> Decimal | None:
    """Return the value of a limit on a day, or None where none is in force."""
    found = find_limit(file, name, day, of=of)
    return found.value if found else None
