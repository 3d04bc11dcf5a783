"""Print how many seconds each room of the tests took, so that it is seen when a context takes more than its share.

A room is a folder of `tests/`. Counted is processor time, the programs that a test starts and PostgreSQL among it, and
the time on the clock of the process that ran the room. Nothing fails by it: a busy machine is not the room's fault.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TESTS = Path(__file__).parent
BEGINNING = "(beginning)"
"""What a process does before its first test: imports, collecting, a server of its own."""
PROCESSES = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
MESSAGE = "seconds_by_room"
"""Under this name a process of xdist hands its seconds to the one that prints."""
LEAST = 1
"""Rooms below this many seconds are printed as one line."""


def read_processes() -> dict[int, tuple[int, float]]:
    """Return the parent and the processor seconds, of ended children too, of every process; none where no /proc is."""
    found = {}
    for place in PROCESSES.glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        found[int(place.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / TICKS)
    return found


def list_below(processes: dict[int, tuple[int, float]], roots: Iterable[int]) -> set[int]:
    """Return some processes and all that they, or those that they started, have started."""
    below, waiting = set(), set(roots) & set(processes)
    while waiting:
        below |= waiting
        waiting = {number for number, (parent, _) in processes.items() if parent in waiting} - below
    return below


def is_of(number: int, folders: Iterable[str]) -> bool:
    """Tell whether a process was started with a path below one of some folders."""
    try:
        words = (PROCESSES / str(number) / "cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(folder in words for folder in folders)


class Spending:
    """The processor seconds of this process, of what it started, and of servers that left it and use its folders."""

    def __init__(self, folders: Iterable[str] = ()) -> None:
        self.folders = tuple(folders)
        self.inside = 0.0
        self.outside: dict[int, float] = {}

    def take(self) -> float:
        """Return the seconds since the last call, or since this process began."""
        processes = read_processes()
        own = list_below(processes, [os.getpid()])
        inside = sum(processes[number][1] for number in own) if own else sum(os.times()[:4])
        left = {number for number, (parent, _) in processes.items() if parent == 1 and is_of(number, self.folders)}
        outside = {number: processes[number][1] for number in list_below(processes, left) - own}
        spent = inside - self.inside + sum(now - self.outside.get(number, 0) for number, now in outside.items())
        self.inside, self.outside = inside, outside
        return max(spent, 0)


class RoomTimes:
    """Adds up seconds by room: in the processes that run tests, and of those where they are printed."""

    def __init__(self) -> None:
        self.processor: Counter[str] = Counter()
        self.clock: Counter[str] = Counter()
        self.tests: Counter[str] = Counter()
        self.spending = Spending()
        self.since = time.monotonic()

    def add(self, room: str) -> None:
        """Book what was spent since the last booking."""
        now = time.monotonic()
        self.processor[room] += self.spending.take()
        self.clock[room] += now - self.since
        self.since = now

    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Book the beginning."""
        from harness import FOLDER

        self.spending.folders = (str(FOLDER), str(session.config._tmp_path_factory.getbasetemp()))
        self.add(BEGINNING)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
        """Book a file when its last test ran: looking at all processes takes some thousandths of a second."""
        result = yield
        self.tests[name_room(item.path)] += 1
        if nextitem is None or nextitem.path != item.path:
            self.add(name_room(item.path))
        return result

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand the seconds to the process that prints."""
        if (output := getattr(session.config, "workeroutput", None)) is not None:
            output[MESSAGE] = [dict(self.processor), dict(self.clock), dict(self.tests)]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Take over the seconds of a process of xdist; one that broke has none."""
        sums = (self.processor, self.clock, self.tests)
        for total, part in zip(sums, getattr(node, "workeroutput", {}).get(MESSAGE, ({}, {}, {})), strict=True):
            total.update(part)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print a line a room, the dearest first."""
        if terminalreporter.config.option.durations is None:
            return
        terminalreporter.section("seconds by room")
        for line in write_table(self.processor, self.clock, self.tests):
            terminalreporter.write_line(line)


def name_room(path: Path) -> str:
    """Return the folder of `tests/` that a file is in, or its own name."""
    return path.relative_to(TESTS).parts[0] if path.is_relative_to(TESTS) else path.name


def write_table(processor: Counter[str], clock: Counter[str], tests: Counter[str]) -> Iterator[str]:
    """Yield the lines of the table: room, processor seconds, seconds on the clock, tests."""
    yield f"{'':16}{'processor':>10}{'clock':>8}{'tests':>8}"
    small: list[str] = []
    for room, seconds in processor.most_common():
        if max(seconds, clock[room]) < LEAST:
            small.append(room)
        else:
            yield write_line(room, seconds, clock[room], tests[room])
    if small:
        yield write_line("the others", *(sum(each[room] for room in small) for each in (processor, clock, tests)))
    yield write_line("together", processor.total(), clock.total(), tests.total())


def write_line(room: str, processor: float, clock: float, tests: float) -> str:
    """Return a line of the table."""
    return f"{room:16}{processor:10.0f}{clock:8.0f}{tests:8}"


def pytest_configure(config: pytest.Config) -> None:
    """Begin to count."""
    config.pluginmanager.register(RoomTimes())
