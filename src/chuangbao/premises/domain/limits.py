"""The dated limits of a host's duties (``limits.yaml``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

__all__ = ["read_limit"]

FILE = Path(__file__).parents[1] / "limits.yaml"


@cache
def list_rows() -> tuple[dict[str, Any], ...]:
    """Return the rows of the file in the order of their first days."""
    return tuple(sorted(yaml.safe_load(FILE.read_text(encoding="utf-8")), key=lambda row: row["since"]))


def read_limit(name: str, day: date) -> int:
    """Return the value of a limit on a day. Raises LookupError: none is in force then."""
    held = [row["value"] for row in list_rows() if row["name"] == name and row["since"] <= day]
    if not held:
        raise LookupError(f"no limit {name} is in force on {day}")
    return int(held[-1])
