"""Worked cases as answers: what a case shows by itself needs no solver.

A case counts only where its facts can be: each fact that is worked out is what its derivation says. What it decides
stays decided whatever its unknown facts are, so it is a profile of the world.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from chuangbao.rules.diagnostics import FactError
from chuangbao.rules.engine import dated_value, parameter_day
from chuangbao.rules.interp import Interp
from chuangbao.rules.profile import admit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuangbao.rules import tree
    from chuangbao.rules.interp import Row
    from chuangbao.rules.model import Example, Measure, Pack, Version
    from chuangbao.rules.runtime import Value

__all__ = ["Case", "cases_of", "day_of"]


@dataclass(frozen=True)
class Case:
    """One case of a version, read by the reference engine."""

    pack: Pack
    version: Version
    place: str
    day: date
    given: Mapping[str, Value]
    rows: Mapping[str, tuple[Row, ...]]
    held: dict[str, Value] = field(default_factory=dict)

    @cached_property
    def interp(self) -> Interp:
        """Reads conditions and formulas."""
        return Interp(self.value, self.day, self.rows.get)

    @cached_property
    def own(self) -> dict[str, Value]:
        """The version's figures on the day in the place."""
        line = self.pack.regions.line(self.place, self.day) or (self.place,)
        day = parameter_day(self.version, self.day)
        return {name: dated_value(p.values, day, (*line, "")) for name, p in self.version.parameters.items()}

    @cached_property
    def lines(self) -> Mapping[str, tree.Node]:
        """The lines of the working."""
        return {line.id: line.value for line in self.version.benefit.lines}

    def value(self, name: str) -> Value:
        """A line, a figure, or a fact as it is given or worked out."""
        if name not in self.held:
            self.held[name] = self.own[name] if name in self.own else self.fact(name)
        return self.held[name]

    def fact(self, name: str) -> Value:
        """See ``value``."""
        if name in self.lines:
            return self.interp.value(self.lines[name])
        return self.given[name] if name in self.given else self.derived(name)

    def derived(self, name: str) -> Value:
        """What a fact follows from; unknown where it is plain."""
        node = self.pack.facts[name].value
        return None if node is None else self.interp.value(node)

    @cached_property
    def can_be(self) -> bool:
        """Whether every fact that is given and worked out is the same both ways."""
        worked_out = (name for name in self.given if self.pack.facts[name].derived)
        return all(self.given[name] is not None and self.derived(name) == self.given[name] for name in worked_out)

    @cached_property
    def in_force(self) -> bool:
        """Whether the version is the rule on the day."""
        return self.version.in_force(self.day)

    def says(self, nodes: Iterable[tuple[tree.Node, bool]]) -> bool:
        """Whether each expression is known, and true or false as wanted."""
        return all(self.interp.truth(node) is wanted for node, wanted in nodes)


def day_of(example: Example, version: Version) -> date:
    """The day of a case: its own, else a day of the version."""
    return example.as_of or version.valid_from or version.valid_to or date(2015, 12, 31)


def cases_of(pack: Pack, measure: Measure, version: Version) -> list[Case]:
    """The cases of a version that can be; what cannot be read is reported elsewhere."""
    found = []
    for example in version.examples:
        day = day_of(example, version)
        try:
            given, rows = admit(pack, example.facts, day)
        except FactError:
            continue
        case = Case(pack, version, example.region or pack.home(measure, day), day, given, rows)
        if case.can_be:
            found.append(case)
    return found
