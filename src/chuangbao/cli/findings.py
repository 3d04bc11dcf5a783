"""What the doctor says of one thing: fine, to be looked at, or a fault, with what to do."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CAUTION", "FAULT", "FINE", "Finding", "either"]

FINE, CAUTION, FAULT = "✓", "!", "✗"


class Finding(NamedTuple):
    """One thing looked at."""

    mark: str
    what: str
    remedy: str = ""


def either(fine: object, what: str, remedy: str, *, otherwise: str = FAULT) -> Finding:
    """Fine, or what to do."""
    return Finding(FINE, what) if fine else Finding(otherwise, what, remedy)
