"""Asking the solver: a question is a list of truths over a world; the answer is a profile, no, or not decided.

The effort of a question is bounded by steps, so that every machine answers alike; seconds are only the last resort.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

import z3

from chuangbao.rules.analysis.scene import Scene
from chuangbao.rules.analysis.terms import Moment, Term, Truth
from chuangbao.rules.analysis.world import MONTHS, World
from chuangbao.rules.model import FactType
from chuangbao.rules.runtime import ABSENT, Value, exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from chuangbao.rules.analysis.rows import RowSlot
    from chuangbao.rules.model import Fact, Pack, Version

__all__ = ["Asked", "Inquiry", "Reply"]

EFFORT = 1_000_000  # steps of the solver for one question
REFINED = 100_000  # steps for one wish that makes a witness easier to read
PATIENCE, HASTE = 2_000, 200  # milliseconds, where single steps are long (products of several facts)
FEW = (0, 1, 5, 100)  # rows of one kind that one likes to read
MOST = 10_000_000  # beyond this a figure of a witness is hard to imagine
LIKELY = (date(2000, 1, 1), date(2035, 12, 31))


class Reply:
    """A profile that answers a question."""

    def __init__(self, world: World, model: z3.ModelRef) -> None:
        """``model`` gives every variable of ``world``."""
        self.world, self.model = world, model

    @property
    def as_of(self) -> date:
        """The day."""
        return self.day(self.world.as_of)

    @property
    def region(self) -> str:
        """The place, where it matters."""
        return self.world.places[self.whole(self.world.place)]

    def facts(self, changes: Mapping[str, Term] | None = None) -> dict[str, object]:
        """Facts as one writes them; ``changes`` replaces some variables by their variants."""
        found: dict[str, object] = {}
        for name in self.world.pack.facts:
            term = (changes or {}).get(name) or self.world.facts.get(name)
            if term is not None:
                found[name] = self.given(self.world.pack.facts[name], term)
        for name, slots in self.world.rows.items():
            found[name] = [row for slot in slots for row in self.row(name, slot)]
        return found

    def row(self, name: str, slot: RowSlot) -> Iterator[dict[str, object]]:
        """A kind of row, as often as it is there."""
        columns = self.world.pack.rows[name].columns
        for _ in range(self.whole(slot.times)):
            yield {c: self.given(columns[c], term) for c, term in slot.columns.items()}

    def given(self, fact: Fact, term: Term) -> object:
        """One value."""
        if self.truth(term.absent):
            return None
        if isinstance(term.value, Moment):
            return self.day(term.value)
        if isinstance(term.value, dict):
            return [code for code, here in term.value.items() if self.truth(here)]
        if fact.type is FactType.BOOLEAN:
            return self.truth(term.value)
        if fact.type in {FactType.CODE, FactType.TEXT}:
            return self.world.texts[self.whole(term.value)]
        return self.number(term.value)

    def number(self, value: Any) -> int | Fraction:
        """A figure; a root that is no fraction is cut at twelve places."""
        found = self.model.eval(value, model_completion=True)
        found = found.approx(12) if z3.is_algebraic_value(found) else found
        return cast("int | Fraction", exact(found.as_fraction() if z3.is_rational_value(found) else found.as_long()))

    def whole(self, value: Any) -> int:
        """A whole number."""
        return cast("int", self.model.eval(value, model_completion=True).as_long())

    def truth(self, value: Truth) -> bool:
        """A truth."""
        return value if isinstance(value, bool) else z3.is_true(self.model.eval(value, model_completion=True))

    def day(self, value: Moment) -> date:
        """A day."""
        year, month = divmod(self.whole(value.months), MONTHS)
        return date(year, month + 1, self.whole(value.day))

    def value(self, kind: FactType, term: Term) -> Value:
        """Any term of the given kind, for comparing with the interpreter."""
        if not self.truth(term.known):
            return None
        if self.truth(term.absent):
            return ABSENT
        if kind is FactType.BOOLEAN:
            return self.truth(term.value)
        return self.day(term.value) if isinstance(term.value, Moment) else self.number(term.value)


class Asked:
    """A world with its solver and the scenes set in it."""

    def __init__(self, world: World) -> None:
        """Nothing is asked yet."""
        self.world = world
        self.solver = z3.Solver()
        self.bound = 0
        self.scenes: dict[object, Scene] = {}

    def scene(self, version: Version, changes: Mapping[str, Term] | None = None, mark: str = "") -> Scene:
        """A version, for the world's subject or for a variant called ``mark``."""
        key = (version.version, mark)
        if key not in self.scenes:
            self.scenes[key] = Scene(self.world, version, changes or {}, self.scene(version) if changes else None)
        return self.scenes[key]

    def check(self, truths: Iterable[Truth]) -> z3.CheckSatResult:
        """Whether some profile makes all of them true; leaves the question on the solver."""
        self.solver.add(*self.world.bounds[self.bound :])
        self.bound = len(self.world.bounds)
        self.solver.push()
        self.solver.set("rlimit", EFFORT)
        self.solver.set("timeout", PATIENCE)
        self.solver.add(*truths)
        return self.solver.check()

    def reply(self) -> Reply:
        """The profile found, with figures that are easy to read where there are such."""
        self.solver.set("rlimit", REFINED)
        self.solver.set("timeout", HASTE)
        model = self.solver.model()
        depth = 0
        for wishes in self.wishes():
            for wish in wishes:
                self.solver.push()
                depth += 1
                self.solver.add(wish)
                if self.solver.check() == z3.sat:
                    model = self.solver.model()
                    break
                self.solver.pop()
                depth -= 1
        self.solver.pop(depth)
        return Reply(self.world, model)

    def wishes(self) -> Iterator[list[Truth]]:
        """For each variable what one would like to see, best first."""
        yield [self.likely(self.world.as_of)]
        slots = [slot for listed in self.world.rows.values() for slot in listed]
        yield from ([slot.times <= most for most in FEW] for slot in slots)
        rows = [term for slot in slots for term in slot.columns.values()]
        for term in (*self.world.facts.values(), *self.world.sides.values(), *rows):
            yield [] if term.absent is False else [z3.Not(term.absent)]
            if isinstance(term.value, Moment):
                yield [self.likely(term.value)]
            elif not isinstance(term.value, dict) and z3.is_arith(term.value):
                yield plain(term.value)

    def likely(self, day: Moment) -> Truth:
        """A day of our time."""
        first, last = (d.year * MONTHS + d.month - 1 for d in LIKELY)
        return z3.And(day.months >= first, day.months <= last)


def plain(value: Any) -> list[Truth]:
    """A small whole figure, else one with few decimals."""
    ordinary = z3.And(value >= 0, value <= MOST)
    if z3.is_int(value):
        return [ordinary]
    whole = [z3.IsInt(value * scale) for scale in (1, 100, 1_000_000)]
    return [z3.And(whole[0], ordinary), whole[0], z3.And(whole[1], ordinary), whole[1], whole[2]]


class Inquiry:
    """Questions about some versions of a pack."""

    def __init__(self, pack: Pack, versions: Sequence[Version]) -> None:
        """The world of these versions."""
        self.pack, self.versions = pack, versions
        self.undecided = 0

    @cached_property
    def exact(self) -> Asked:
        """The world in which profiles are found."""
        return Asked(World(self.pack, self.versions))

    @cached_property
    def loose(self) -> Asked:
        """The world in which it is shown that there is none."""
        return Asked(World(self.pack, self.versions, loose=True))

    def find(self, question: Callable[[Asked], Iterable[Truth]], *, readable: bool = True) -> Reply | None:
        """A profile, or None where there is none or where it is not decided (which is counted).

        Unless it is to be ``readable`` it is the first that is found, whatever its figures.
        """
        asked = self.exact
        truths = list(question(asked))
        try:
            verdict = asked.check(truths)
            if verdict == z3.sat:
                return asked.reply() if readable else Reply(asked.world, asked.solver.model())
            if verdict == z3.unknown or (asked.world.rows and not self.surely(question)):
                self.undecided += 1
            return None
        finally:
            asked.solver.pop()

    def never(self, question: Callable[[Asked], Iterable[Truth]]) -> bool:
        """Whether it is proved that no profile answers."""
        asked = self.exact
        truths = list(question(asked))
        try:
            verdict = asked.check(truths)
        finally:
            asked.solver.pop()
        if verdict == z3.unsat and asked.world.rows:
            verdict = z3.unsat if self.surely(question) else z3.unknown
        self.undecided += verdict == z3.unknown
        return bool(verdict == z3.unsat)

    def surely(self, question: Callable[[Asked], Iterable[Truth]]) -> bool:
        """Whether there is none whatever the rows add up to."""
        asked = self.loose
        truths = list(question(asked))
        try:
            return bool(asked.check(truths) == z3.unsat)
        finally:
            asked.solver.pop()

    def core(self, names: Sequence[str], question: Callable[..., Iterable[Truth]]) -> list[str]:
        """A smallest set of parts with which ``question(asked, parts=…)`` still has no answer."""
        kept = list(names)
        for name in names:
            rest = [n for n in kept if n != name]
            if self.never(partial(question, parts=rest)):
                kept = rest
        return kept
