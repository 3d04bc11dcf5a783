"""Limits of inspections as dated data (``limits.yaml``)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chuangbao.tenants.domain.limits import limit_on

if TYPE_CHECKING:
    from datetime import date

__all__ = ["read_limit"]

FILE = Path(__file__).parents[1] / "limits.yaml"


def read_limit(name: str, day: date) -> int:
    """Return the value of a limit on a day; 0 where none is in force."""
    return int(limit_on(name, day, file=FILE) or 0)
