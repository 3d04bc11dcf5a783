"""The worth of facts that are not known (缺失事实的价值): whom each keeps waiting, and what hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chuangbao.matching.domain.sums import amounts_of, sums_of
from chuangbao.rules import tree
from chuangbao.rules.batch.judge import OPEN
from chuangbao.rules.batch.schema import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

    from chuangbao.rules.batch.judge import Judge, Ruling
    from chuangbao.rules.batch.masks import Array
    from chuangbao.rules.batch.plan import Task

__all__ = ["MONEY", "Missing"]

MONEY = {"tax", "subsidy"}
"""Kinds of benefit whose yuan may be added up; a loan must be paid back, a right has no figure."""
Path = tuple[str, tuple[str, ...]]


class Missing:
    """Counts for one part: an open case waits for every unknown fact of the condition that keeps it open."""

    def __init__(self, judge: Judge, frame: pl.DataFrame, places: Array, size: int) -> None:
        """``places`` are the numbers of the counties, ``size`` of them."""
        self.facts, self.pack, self.frame = judge.planner.facts, judge.pack, frame
        self.places, self.size = places, size
        self.unknowns: dict[str, Array] = {}
        self.lacking: dict[Path, Array] = {}
        self.paths: dict[tree.Node, tuple[Path, ...]] = {}
        self.touched: dict[str, Array] = {}
        self.pairs: dict[str, Array] = {}
        self.alone: dict[str, Array] = {}
        self.cents: dict[str, list[int]] = {}

    def add(self, ruling: Ruling) -> None:
        """The open cases of one version."""
        waiting = np.flatnonzero((ruling.status == OPEN) & (ruling.decided >= 0))
        if not len(waiting):
            return
        rows = ruling.rows[waiting]
        single = self.gaps(ruling.task, rows) == 1
        decided = ruling.decided[waiting]
        for number in np.unique(decided):
            here = decided == number
            for path in self.leaves(ruling.task.conditions[number]):
                lacks = here & self.is_missing(path)[rows]
                if lacks.any():
                    self.count(path[0], ruling, waiting[lacks], single[lacks])

    def count(self, name: str, ruling: Ruling, held: Array, single: Array) -> None:
        """Some cases wait for a fact; ``single`` says of which it is the only one that is missing."""
        rows = ruling.rows[held]
        if name not in self.pairs:
            self.touched[name] = np.zeros(len(self.places), np.bool_)
            self.pairs[name], self.alone[name] = np.zeros(self.size, np.int64), np.zeros(self.size, np.int64)
            self.cents[name] = [0] * self.size
        self.touched[name][rows] = True
        self.pairs[name] += np.bincount(self.places[rows], minlength=self.size)
        self.alone[name] += np.bincount(self.places[rows[single]], minlength=self.size)
        if self.counts_money(ruling.task):
            found = sums_of(amounts_of(ruling), self.places[ruling.rows], self.size, held)
            self.cents[name] = [a + b for a, b in zip(self.cents[name], found, strict=True)]

    def counts_money(self, task: Task) -> bool:
        """Whether the version pays or saves yuan."""
        benefit = self.pack.versions[task.version][1].benefit
        return benefit.kind in MONEY and benefit.unit.startswith("CNY")

    def gaps(self, task: Task, rows: Array) -> Array:
        """How many facts the conditions of a version lack, for each row."""
        leaves = {path for node in task.conditions for path in self.leaves(node)}
        found = np.zeros(len(rows), np.int16)
        for path in leaves:
            found += self.is_missing(path)[rows]
        return found

    def leaves(self, node: tree.Node) -> tuple[Path, ...]:
        """The plain facts that a condition reads, each with the facts worked out from it on the way."""
        if node not in self.paths:
            self.paths[node] = tuple(dict.fromkeys(self.walk(node, ())))
        return self.paths[node]

    def walk(self, node: tree.Node, way: tuple[str, ...]) -> Iterator[Path]:
        """See ``leaves``."""
        for part in tree.walk(node):
            fact = self.facts.get(part.name) if isinstance(part, tree.Name) else None
            if fact is None or fact.name in way:
                continue
            if fact.value is None:
                yield fact.name, way
            else:
                yield from self.walk(fact.value, (*way, fact.name))

    def is_missing(self, path: Path) -> Array:
        """Where a fact is unknown, and so is everything worked out from it on the way."""
        if path not in self.lacking:
            self.lacking[path] = np.logical_and.reduce([self.unknown(name) for name in (path[0], *path[1])])
        return self.lacking[path]

    def unknown(self, name: str) -> Array:
        """Return where a fact is unknown; a known absence is known."""
        if name not in self.unknowns:
            self.unknowns[name] = self.look_up(name)
        return self.unknowns[name]

    def look_up(self, name: str) -> Array:
        """See ``unknown``."""
        if name not in self.frame.columns:
            return np.ones(self.frame.height, np.bool_)
        found: Array = self.frame[name].is_null().to_numpy()
        if name + ABSENT not in self.frame.columns:
            return found
        absent = self.frame[name + ABSENT].fill_null(value=False).to_numpy()
        both: Array = found & ~absent
        return both

    def list_lines(self, names: Iterable[str]) -> list[list[Any]]:
        """County, fact, subjects, cases, cases that it would decide alone, and the cents at stake."""
        return [
            [region, fact, int(subjects[i]), int(pairs[i]), int(self.alone[fact][i]), self.cents[fact][i]]
            for fact, pairs in self.pairs.items()
            for subjects in [np.bincount(self.places[self.touched[fact]], minlength=self.size)]
            for i, region in enumerate(names)
            if pairs[i]
        ]
