"""A version read in a world: conditions, amount and figures as terms, for one subject or a variant of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from chuangbao.rules.analysis.terms import Term, Truth, all_of, choose, less, moment, no

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chuangbao.rules import tree
    from chuangbao.rules.analysis.translate import Translator
    from chuangbao.rules.analysis.world import World
    from chuangbao.rules.model import Parameter, ParameterValue, Version

__all__ = ["Scene"]


@dataclass(frozen=True)
class Scene:
    """What a version says of a subject; ``changes`` gives some facts another value than the world's.

    What reads none of these facts is what ``base``, the same without changes, says of it.
    """

    world: World
    version: Version
    changes: Mapping[str, Term] = field(default_factory=dict)
    base: Scene | None = None

    @cached_property
    def held(self) -> dict[str, Term]:
        """Facts already worked out."""
        return {}

    def fact(self, name: str) -> Term:
        """A fact: changed, worked out or plain."""
        if name in self.changes:
            return self.changes[name]
        if name not in self.held:
            derivation = self.world.pack.facts[name].value
            self.held[name] = self.world.fact(name) if derivation is None else self.deriver.term(derivation)
        return self.held[name]

    @cached_property
    def deriver(self) -> Translator:
        """Reads derivations."""
        return self.world.translator(self.fact, lambda node: self.same(node, "deriver"))

    def same(self, node: tree.Node, reader: str) -> Term | None:
        """What the scene without changes says, where no changed fact is read."""
        moved = self.changes.keys() | self.moved
        if self.base is None or moved & self.world.names(node):
            return None
        found: Translator = getattr(self.base, reader)
        return found.term(node)

    @cached_property
    def moved(self) -> set[str]:
        """The lines of the working that read a changed fact, by way of other lines too."""
        found: set[str] = set()
        for line in self.version.benefit.lines:
            if (self.changes.keys() | found) & self.world.names(line.value):
                found.add(line.id)
        return found

    def name(self, name: str) -> Term:
        """A figure of the version, or a fact."""
        return self.figures[name] if name in self.figures else self.fact(name)

    @cached_property
    def figures(self) -> dict[str, Term]:
        """The version's parameters on the day and in the place."""
        return {name: self.figure(p) for name, p in self.version.parameters.items()}

    def figure(self, parameter: Parameter) -> Term:
        """The newest value not after the day, for the most specific region that has one."""
        found = Term(None, known=False)
        for index, place in enumerate(self.world.places):
            line = self.world.pack.regions.line(place, self.version.valid_to or date.max) or (place,)
            here = self.dated([[v for v in parameter.values if v.region == r] for r in (*line, "")])
            found = choose(self.world.place == index, here, found) if len(self.world.places) > 1 else here
        return found

    def dated(self, listed: Sequence[Sequence[ParameterValue]]) -> Term:
        """The values of several regions, the most specific first."""
        found = Term(None, known=False)
        for values in reversed(listed):
            for value in values:
                constant = self.reader.constant(value.value)
                found = choose(self.since(value.start), constant, found)
        return found

    def since(self, start: date) -> Truth:
        """Whether a value counts: a version judged outside its period is judged by the figures of its nearest day."""
        if self.version.valid_to is not None and start > self.version.valid_to:
            return False
        if self.version.valid_from is not None and start <= self.version.valid_from:
            return True
        return no(less(self.world.as_of, moment(start)))

    @cached_property
    def reader(self) -> Translator:
        """Reads the version's conditions."""
        return self.world.translator(self.name, lambda node: self.same(node, "reader"))

    @cached_property
    def conditions(self) -> dict[str, Term]:
        """Each condition."""
        return {c.id: self.reader.term(c.when) for c in self.version.conditions}

    @property
    def eligible(self) -> Truth:
        """Every condition holds."""
        return all_of(*(c.holds for c in self.conditions.values()))

    @cached_property
    def lines(self) -> dict[str, Term]:
        """The lines of the working."""
        found: dict[str, Term] = {}
        for line in self.version.benefit.lines:
            reader = self.world.translator(
                lambda n: found[n] if n in found else self.name(n), lambda node: self.same(node, "worker")
            )
            found[line.id] = reader.term(line.value)
        return found

    @cached_property
    def worker(self) -> Translator:
        """Reads the formula."""
        return self.world.translator(
            lambda n: self.lines[n] if n in self.lines else self.name(n), lambda node: self.same(node, "worker")
        )

    @cached_property
    def amount(self) -> Term:
        """The formula's value; unknown where there is none."""
        node = self.version.benefit.amount
        return Term(None, known=False) if node is None else self.worker.term(node)

    @property
    def pays(self) -> Truth:
        """Eligible, for more than nothing where something is counted."""
        amount = self.amount
        counted = amount.value is not None and self.version.benefit.unit != "none"
        return all_of(self.eligible, amount.known, amount.value > 0) if counted else self.eligible

    def without(self, condition: str) -> Truth:
        """Every other condition holds."""
        return all_of(*(c.holds for name, c in self.conditions.items() if name != condition))
