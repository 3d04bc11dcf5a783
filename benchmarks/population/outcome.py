"""What every engine of the comparison answers, and how two answers are compared."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import NamedTuple

from population.facts import AS_OF, EPOCH

__all__ = ["THREADS", "Outcome", "Outcomes", "cutoff", "day_number", "differences", "peak_memory"]

THREADS = 2


class Outcome(NamedTuple):
    """One measure over all subjects: three counts, and the sum of all amounts that could be worked out, in fen."""

    eligible: int
    not_eligible: int
    undetermined: int
    fen: int


Outcomes = dict[str, Outcome]


def differences(found: Outcomes, reference: Outcomes) -> list[str]:
    """One line for every measure on which two engines differ."""
    return [
        f"{name}: {tuple(found.get(name, ()))} instead of {tuple(wanted)}"
        for name, wanted in reference.items()
        if found.get(name) != wanted
    ]


def cutoff(months: int) -> date:
    """The last day that lies so many full months back: whoever began later has fewer."""
    year, month = divmod(AS_OF.year * 12 + AS_OF.month - 1 - months, 12)
    return date(year, month + 1, min(AS_OF.day, monthrange(year, month + 1)[1]))


def day_number(day: date) -> int:
    """Days since 1970, as columns of days hold them."""
    return (day - EPOCH).days


def peak_memory() -> int:
    """The most memory that this process has held, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
