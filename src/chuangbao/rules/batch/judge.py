"""One partition judged: every version over all its rows, and by the exact engine the few rows that are in doubt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangbao.rules.answers import Status
from chuangbao.rules.batch import arith
from chuangbao.rules.batch.awards import prepared
from chuangbao.rules.batch.ceilings import shares_of
from chuangbao.rules.batch.frame import Frame, Words
from chuangbao.rules.batch.load import Loaded
from chuangbao.rules.batch.masks import blanked, both, count, either, inverse, places, spread
from chuangbao.rules.batch.schema import ABSENT, REGION, SUBJECT, is_place
from chuangbao.rules.batch.values import BIG, NotColumnarError, Truth
from chuangbao.rules.batch.vector import Vector, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from chuangbao.rules.batch.ceilings import Cover
    from chuangbao.rules.batch.masks import Array
    from chuangbao.rules.batch.plan import Planner, Task
    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.profile import Profile

__all__ = ["ELIGIBLE", "OPEN", "REFUSED", "Judge", "Ruling", "decided_by"]

CHUNK = 1 << 18  # rows judged in one go: long enough that Python does not count, a multiple of eight
REFUSED, ELIGIBLE, OPEN = 0, 1, 2
STATUS = {Status.NOT_ELIGIBLE: REFUSED, Status.ELIGIBLE: ELIGIBLE, Status.UNDETERMINED: OPEN}


@dataclass(slots=True)
class Ruling:
    """One version over some rows of a partition.

    ``amounts`` are cents by the place of the row in ``rows``, known where ``paid`` says so; ``decided`` are numbers of
    conditions, -1 where none decides; ``near`` says where one condition fails and all others hold. All are only there
    in a detailed ruling; ``total`` is the sum of the eligible. Of a version under a ceiling ``payable`` are the cents
    really paid, known where ``settled`` says so, ``paid_total`` their sum, ``unsettled`` the eligible without one.
    """

    task: Task
    rows: Array
    counts: list[int] = field(default_factory=lambda: [0, 0, 0])
    total: int = 0
    rejudged: int = 0
    columnar: bool = True
    status: Any = None
    decided: Any = None
    amounts: Any = None
    paid: Any = None
    near: Any = None
    large: dict[int, int] = field(default_factory=dict)
    payable: Any = None
    settled: Any = None
    beyond: dict[int, int] = field(default_factory=dict)
    paid_total: int = 0
    unsettled: int = 0

    @property
    def detailed(self) -> bool:
        """Whether the verdict of each row is kept."""
        return self.status is not None

    def due(self) -> tuple[Array, Array, dict[int, int]]:
        """What is really paid to each row in cents, where that is known, and sums beyond 64 bits; of the eligible."""
        if self.payable is not None:
            return self.payable, self.settled, self.beyond
        return self.amounts, self.paid & (self.status == ELIGIBLE), self.large


class Judge:
    """Judges partitions; ``detail`` keeps the verdict of each row, not only counts and sums."""

    def __init__(self, planner: Planner, *, region: str = "", detail: bool = False, exactly: bool = False) -> None:
        """``exactly`` asks the interactive engine for every row."""
        self.planner, self.engine, self.pack = planner, planner.engine, planner.pack
        self.region = region or self.pack.region
        self.detail, self.exactly = detail, exactly

    def rulings(self, frame: pl.DataFrame, only: frozenset[str] | None = None) -> Iterator[Ruling]:
        """Every version, or some, over the rows of a checked partition that it reaches."""
        words, frame = Words(), prepared(self.pack, frame, self.planner.as_of)
        whole = Loaded(self.pack, frame, words)
        for rows, region in self.places(frame):
            part: Frame = whole if len(rows) == whole.size else whole.take(rows)
            tasks = [t for t in self.planner.tasks(region) if only is None or t.version in only]
            asked, covers = {t.version for t in tasks}, self.planner.covers(region)
            covers = tuple(cover for cover in covers if cover.targets & asked)
            capped = {t.version: t for cover in covers for t in cover.tasks}
            judged = [*tasks, *(t for name, t in capped.items() if name not in asked and not self.exactly)]
            bench = Bench(self, part, words, frozenset(capped))
            found = [bench.ruled(task, rows) for task in judged] if self.exactly else bench.all_ruled(judged, rows)
            self.settle(frame, region, found, bench)
            if self.exactly:
                for ruling in found:
                    if ruling.payable is not None:
                        count_shares(ruling)
            else:
                self.share(frame, region, found, covers, bench)
            yield from found[: len(tasks)]

    def share(
        self, frame: pl.DataFrame, region: str, found: Sequence[Ruling], covers: Sequence[Cover], bench: Bench
    ) -> None:
        """Let the members of ceilings take of them, row by row."""
        rulings = {ruling.task.version: ruling for ruling in found}
        for cover in covers:
            shares, odd = shares_of(cover, rulings, bench.vector(bench.frame))
            for name, share in shares.items():
                rulings[name].payable, rulings[name].settled = share.cents, share.settled
            rows = next(iter(rulings.values())).rows[odd]
            for row, raw in zip(odd, frame[rows].iter_rows(named=True), strict=True):
                profile = self.profile(raw, region)
                for name in shares:
                    enter_share(rulings[name], int(row), self.engine.judge(profile, name))
            for name in shares:
                count_shares(rulings[name])

    def places(self, frame: pl.DataFrame) -> list[tuple[Array, str]]:
        """Rows that are judged under the same versions and figures, with a region that stands for them."""
        if REGION not in frame.columns:
            return [(np.arange(frame.height), self.region)]
        regions = frame[REGION].cast(str).fill_null(self.region)
        groups: dict[int, list[str]] = {}
        for region in regions.unique().sort():
            said = self.planner.tasks(region), self.planner.covers(region)
            groups.setdefault(hash(said), []).append(region)
        if len(groups) == 1:
            return [(np.arange(frame.height), next(iter(groups.values()))[0])]
        return [(regions.is_in(group).arg_true().to_numpy(), group[0]) for group in groups.values()]

    def settle(self, frame: pl.DataFrame, region: str, found: Sequence[Ruling], bench: Bench) -> None:
        """Judge again, exactly, what is in doubt."""
        rows = sorted({int(row) for doubts in bench.doubts for row in doubts})
        if not rows:
            return
        for ruling, doubts in zip(found, bench.doubts, strict=True):
            ruling.rejudged = len(doubts)
        waiting: dict[int, list[Ruling]] = {row: [] for row in rows}
        for ruling, doubts in zip(found, bench.doubts, strict=True):
            for row in doubts:
                waiting[int(row)].append(ruling)
        for start in range(0, len(rows), CHUNK):
            batch = rows[start : start + CHUNK]
            places = found[0].rows[batch]
            for row, raw in zip(batch, frame[places].iter_rows(named=True), strict=True):
                self.again(raw, region, row, waiting[row])

    def again(self, raw: dict[str, Any], region: str, row: int, rulings: Sequence[Ruling]) -> None:
        """One subject before the interactive engine."""
        profile = self.profile(raw, region)
        for ruling in rulings:
            answer = self.engine.judge(profile, ruling.task.version)
            self.enter(ruling, row, answer)

    def profile(self, raw: dict[str, Any], region: str) -> Profile:
        """The facts of one row."""
        facts = {name: value for name, value in given(raw).items() if not is_place(self.pack, name)}
        return self.engine.profile(facts, as_of=self.planner.as_of, region=region)

    def enter(self, ruling: Ruling, row: int, answer: Answer) -> None:
        """Put an exact answer in its place."""
        status = STATUS[answer.status]
        ruling.counts[status] += 1
        cents = None if answer.amount is None else int(answer.amount.scaleb(2))
        if status == ELIGIBLE and cents is not None:
            ruling.total += cents
        if ruling.payable is not None:
            enter_share(ruling, row, answer)
        if not ruling.detailed:
            return
        first = decided_by(answer)
        ruling.status[row] = status
        ruling.decided[row] = -1 if first is None else first
        ruling.near[row] = answer.near
        ruling.paid[row] = cents is not None
        if cents is not None and -BIG < cents < BIG:
            ruling.amounts[row] = cents
        elif cents is not None:
            ruling.large[row] = cents


def enter_share(ruling: Ruling, row: int, answer: Answer) -> None:
    """Put what the interactive engine says is paid in its place."""
    eligible = answer.status is Status.ELIGIBLE
    cents = int(answer.payable.scaleb(2)) if eligible and answer.payable is not None else None
    ruling.settled[row], ruling.payable[row] = cents is not None, 0
    if cents is not None and cents < BIG:
        ruling.payable[row] = cents
    elif cents is not None:
        ruling.beyond[row] = cents


def count_shares(ruling: Ruling) -> None:
    """Add up what is paid to the eligible, and count those of whom it is not known."""
    cents = ruling.payable[ruling.settled]
    ruling.paid_total = summed(cents, int(cents.max(initial=0))) + sum(ruling.beyond.values())
    ruling.unsettled = ruling.counts[ELIGIBLE] - int(np.count_nonzero(ruling.settled))


def decided_by(answer: Answer) -> int | None:
    """The place of the first failing condition of a refusal, or of the first missing one of an open case."""
    wanted = {Status.NOT_ELIGIBLE: False, Status.UNDETERMINED: None}
    if answer.status not in wanted:
        return None
    verdicts = [t[0] for t in answer.triples]
    sought = wanted[answer.status]
    return next((i for i, verdict in enumerate(verdicts) if verdict is sought), None)


def nearly(parts: Sequence[Truth], size: int) -> Array:
    """Where one condition fails and every other holds."""
    failing, holding = np.zeros(size, np.int16), np.zeros(size, np.int16)
    for truth in parts:
        failing += spread(truth.no, size)
        holding += spread(truth.yes, size)
    found: Array = (failing == 1) & (holding == len(parts) - 1)
    return found


def given(raw: dict[str, Any]) -> dict[str, Any]:
    """The facts of one row as the interactive engine takes them: what is not known is not there."""
    facts = {}
    for name, value in raw.items():
        if name == SUBJECT or name.endswith(ABSENT):
            continue
        if value is not None:
            rows = isinstance(value, list) and value and isinstance(value[0], dict)
            facts[name] = [{k: v for k, v in row.items() if v is not None} for row in value] if rows else value
        elif raw.get(name + ABSENT):
            facts[name] = None
    return facts


class Bench:
    """The rows of one place in one partition: verdicts a chunk at a time, amounts only for who gets one."""

    def __init__(self, judge: Judge, frame: Frame, words: Words, capped: frozenset[str]) -> None:
        """Nothing is judged yet; of the versions ``capped`` by a ceiling the verdict of each row is kept."""
        self.judge, self.frame, self.words, self.capped = judge, frame, words, capped
        self.doubts: list[Array] = []

    def vector(self, frame: Frame) -> Vector:
        """An interpreter over some rows."""
        planner = self.judge.planner
        return Vector(frame, planner.facts, planner.as_of, self.words)

    def blank(self, task: Task, rows: Array) -> Ruling:
        """A ruling with nothing in it."""
        found, size = Ruling(task, rows), len(rows)
        capped = task.version in self.capped
        if capped and self.judge.exactly:
            found.payable, found.settled = np.zeros(size, np.int64), np.zeros(size, np.bool_)
        if capped or self.judge.detail:
            found.status, found.decided = np.full(size, OPEN, np.int8), np.full(size, -1, np.int16)
            found.amounts, found.paid = np.zeros(size, np.int64), np.zeros(size, np.bool_)
            found.near = np.zeros(size, np.bool_)
        return found

    def ruled(self, task: Task, rows: Array) -> Ruling:
        """Every row in doubt: the exact engine does it all."""
        self.doubts.append(np.arange(len(rows)))
        return self.blank(task, rows)

    @np.errstate(all="ignore")  # what overflows or is no number is in doubt
    def all_ruled(self, tasks: Sequence[Task], rows: Array) -> list[Ruling]:
        """Every version over all rows."""
        found = [self.blank(task, rows) for task in tasks]
        takers: list[list[Array]] = [[] for _ in tasks]
        doubts: list[list[Array]] = [[] for _ in tasks]
        for start in range(0, len(rows), CHUNK):
            stop = min(start + CHUNK, len(rows))
            vector = self.vector(self.frame.cut(start, stop))
            for ruling, taken, doubt in zip(found, takers, doubts, strict=True):
                self.chunk(vector, ruling, start, taken, doubt)
        for ruling, taken, doubt in zip(found, takers, doubts, strict=True):
            paying = np.concatenate(taken) if taken else np.zeros(0, np.int64)
            doubt.append(self.paid(ruling, paying))
            self.doubts.append(np.concatenate(doubt))
        return found

    def chunk(self, vector: Vector, ruling: Ruling, start: int, taken: list[Array], doubt: list[Array]) -> None:
        """The verdicts of one version over one chunk."""
        size, task = vector.frame.size, ruling.task
        try:
            parts = [vector.truth(node) for node in task.conditions]
        except NotColumnarError:
            ruling.columnar = False
            doubt.append(np.arange(start, start + size))
            return
        verdict = joined(parts, stops=False) if parts else Truth(True, False)
        yes, no = verdict.yes, verdict.no
        if verdict.doubt is not False:
            odd = places(verdict.doubt, size)
            if len(odd):
                doubt.append(odd + start)
                yes, no = both(yes, inverse(verdict.doubt)), both(no, inverse(verdict.doubt))
                ruling.counts[OPEN] -= len(odd)
        if task.manual:
            yes = False
        self.count(ruling, size, yes, no)
        if ruling.detailed:
            self.note(ruling, parts, slice(start, start + size), yes, no)
        if task.amount is not None:
            payable = both(inverse(no), inverse(verdict.doubt)) if ruling.detailed else yes
            taken.append(places(payable, size) + start)

    @staticmethod
    def count(ruling: Ruling, size: int, yes: Any, no: Any) -> None:
        """Add to the counts."""
        eligible, refused = count(yes, size), count(no, size)
        ruling.counts[ELIGIBLE] += eligible
        ruling.counts[REFUSED] += refused
        ruling.counts[OPEN] += size - eligible - refused

    @staticmethod
    def note(ruling: Ruling, parts: Sequence[Truth], part: slice, yes: Any, no: Any) -> None:
        """Keep the verdict of each row, and which condition decided it."""
        size = part.stop - part.start
        status = np.where(spread(yes, size), ELIGIBLE, OPEN)
        ruling.status[part] = np.where(spread(no, size), REFUSED, status)
        ruling.near[part] = nearly(parts, size)
        opened = both(inverse(yes), inverse(no))
        decided = ruling.decided[part]
        for index in range(len(parts) - 1, -1, -1):
            truth = parts[index]
            missing = both(both(inverse(truth.yes), inverse(truth.no)), opened)
            here = either(both(truth.no, no), missing)
            if here is not False:
                decided[spread(here, size)] = index

    def paid(self, ruling: Ruling, rows: Array) -> Array:
        """Work out the amounts of some rows; returns those in doubt, whose counts are taken back."""
        task = ruling.task
        if task.amount is None or not len(rows):
            return np.zeros(0, np.int64)
        try:
            money = arith.rounded(self.vector(self.frame.take(rows)).number(task.amount), 2)
        except NotColumnarError:
            ruling.columnar = False
            return self.withdrawn(ruling, rows)
        size = len(rows)
        known = both(money.known, inverse(money.doubt))
        n = money.n if np.ndim(money.n) else np.full(size, money.n)
        cents = blanked(n, known)
        if ruling.detailed:
            ruling.amounts[rows], ruling.paid[rows] = cents, spread(known, size)
            cents = cents[ruling.status[rows] == ELIGIBLE]
        ruling.total += summed(cents, max(-money.low, money.high))
        return self.withdrawn(ruling, rows[places(money.doubt, size)])

    def withdrawn(self, ruling: Ruling, rows: Array) -> Array:
        """Rows already counted that the exact engine will count again."""
        if ruling.detailed:
            for status in (REFUSED, ELIGIBLE, OPEN):
                ruling.counts[status] -= int(np.count_nonzero(ruling.status[rows] == status))
        else:
            ruling.counts[ELIGIBLE] -= len(rows)
        return rows


def summed(cents: Array, most: int) -> int:
    """The exact sum; of numbers so large that 64 bits may not hold it by its two halves."""
    if most * len(cents) < BIG:
        return int(cents.sum(dtype=np.int64))
    return (int((cents >> 32).sum()) << 32) + int((cents & 0xFFFFFFFF).sum())
