"""What every engine of the comparison answers, and how two answers are compared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from population.facts import AS_OF, EPOCH

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuangbao.rules.batch import Totals

__all__ = [
    "HERE",
    "THREADS",
    "Outcome",
    "Outcomes",
    "apart",
    "cutoff",
    "day_number",
    "differences",
    "outcomes",
    "timed",
]

HERE = Path(__file__).resolve().parents[1]

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


def outcomes(found: Totals, by: str = "measure") -> Outcomes:
    """What our engines answer."""
    return {
        getattr(part, by): Outcome(part.eligible, part.not_eligible, part.undetermined, int(part.amount.scaleb(2)))
        for part in found.measures
    }


def timed(run: Callable[[], Outcomes], rounds: int) -> dict[str, Any]:
    """Run an engine some times: wall and processor time of each round, the most memory, and what it found."""
    seconds: list[float] = []
    cpu: list[float] = []
    found: Outcomes = {}
    for _ in range(rounds):
        begin, used = time.perf_counter(), time.process_time()
        found = run()
        seconds.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - used)
    return {"seconds": seconds, "cpu": cpu, "memory": peak_memory(), "outcomes": found}


def apart(module: str, *words: str) -> dict[str, Any]:
    """A module run in a process of its own: the JSON of its last line, or the ``error`` that it ended with."""
    command = [sys.executable, "-W", "ignore", "-m", f"population.{module}", *words]
    room = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent / "src")])}
    done = subprocess.run(command, env=room, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["?"])[-1]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found | {"outcomes": {name: Outcome(*each) for name, each in found["outcomes"].items()}}


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
