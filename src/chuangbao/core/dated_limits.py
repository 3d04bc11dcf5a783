"""Limits as dated data (a ``limits.yaml`` of each context): which value of a limit is in force on a day."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

__all__ = ["Limit", "find_limit", "read_limits"]


@dataclass(frozen=True, slots=True)
class Limit:
    """One value of a limit, from a day on and until one; ``of`` is the industry that it is for, empty for all."""

    name: str
    value: Decimal
    since: date
    source: str
    of: str = ""
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@cache
def read_limits(file: Path) -> tuple[Limit, ...]:
    """Read all limits of a file, in the order of their first days."""
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    limits = [Limit(**{**row, "value": Decimal(str(row["value"]))}) for row in rows]
    return tuple(sorted(limits, key=lambda limit: limit.since))


def find_limit(file: Path, name: str, day: date, *, of: str = "") -> Limit | None:
    """Return the limit in force on a day: that of the industry, else the general one; None where there is none."""
    held = [limit for limit in read_limits(file) if limit.name == name and limit.holds_on(day)]
    fitting = [limit for limit in held if limit.of == of] or [limit for limit in held if not limit.of]
    return fitting[-1] if fitting else None
