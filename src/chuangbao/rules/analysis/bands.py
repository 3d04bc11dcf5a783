"""Bands of a figure: a hole between two values that are served, and a drop of the amount where the figure grows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from chuangbao.rules import tree
from chuangbao.rules.analysis.found import Found
from chuangbao.rules.analysis.terms import Truth, all_of, any_of, equal, no, number
from chuangbao.rules.diagnostics import plain
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chuangbao.rules.analysis.found import Show
    from chuangbao.rules.analysis.inquiry import Asked, Inquiry
    from chuangbao.rules.analysis.scene import Scene
    from chuangbao.rules.model import Fact, Measure, Pack, Version

__all__ = ["STEP", "Bands", "turns"]

# the smallest step in which people count
STEP = {
    FactType.INTEGER: Fraction(1),
    FactType.MONEY: Fraction(1, 100),
    FactType.AREA: Fraction(1, 100),
    FactType.DECIMAL: Fraction(1, 100),
    FactType.RATIO: Fraction(1, 1000),
}
DROP = 1  # yuan that may go with a step: below that it is a slope
Member = tuple["Measure", "Version"]


def expressions(version: Version) -> Iterator[tree.Node]:
    """Conditions, working and formula."""
    yield from (c.when for c in version.conditions)
    yield from (line.value for line in version.benefit.lines)
    if version.benefit.amount is not None:
        yield version.benefit.amount


def turns(pack: Pack, nodes: Iterable[tree.Node]) -> Counter[str]:
    """How many figures each plain numeric fact is compared with, through derived facts too."""
    found: Counter[str] = Counter()
    for node in nodes:
        for part in tree.walk(node):
            if isinstance(part, tree.Compare | tree.Between | tree.In):
                weight = len(part.items) if isinstance(part, tree.In) else 1 + isinstance(part, tree.Between)
                found.update(dict.fromkeys(plain_facts(pack, part), weight))
            elif isinstance(part, tree.Name) and part.name in pack.facts and pack.facts[part.name].derived:
                found += turns(pack, derivations(pack, part.name))
    return found


def derivations(pack: Pack, name: str) -> Iterator[tree.Node]:
    """How a fact is worked out, where it is."""
    value = pack.facts[name].value
    if value is not None:
        yield value


def plain_facts(pack: Pack, node: tree.Node) -> set[str]:
    """The plain numeric facts below a node."""
    found: set[str] = set()
    for name in tree.names(node):
        for value in derivations(pack, name) if name in pack.facts else ():
            found |= plain_facts(pack, value)
        if name in pack.facts and not pack.facts[name].derived and pack.facts[name].type in STEP:
            found.add(name)
    return found


@dataclass(frozen=True)
class Bands:
    """The questions about the bands of one version, or of a family of which one is owed."""

    inquiry: Inquiry
    show: Show
    members: Sequence[Member]

    @property
    def pack(self) -> Pack:
        """The pack."""
        return self.inquiry.pack

    @cached_property
    def base(self) -> Found:
        """A finding about the first member."""
        measure, version = self.members[0]
        return Found("", measure.id, version.version, "", clause=version.clause)

    def findings(self) -> Iterator[Found]:
        """Holes and cliffs in every figure that turns a verdict or an amount."""
        yield from self.holes()
        (_, version), *others = self.members
        amount = version.benefit.amount
        if amount is not None and not others:
            cases = [arm[0] for part in tree.walk(amount) if isinstance(part, tree.Case) for arm in part.arms]
            for name in sorted(turns(self.pack, cases)):
                yield from self.cliff(version, self.pack.facts[name], cases)

    def holes(self) -> Iterator[Found]:
        """Values between two that are served; a figure that turns only once has none."""
        counted = turns(self.pack, (n for _, v in self.members for n in expressions(v)))
        for name in sorted(n for n, times in counted.items() if times > 1):
            yield from self.hole(self.pack.facts[name])

    def scenes(self, asked: Asked, fact: Fact, mark: str) -> list[Scene]:
        """Each member for the same subject with another value of the fact; no mark is the subject itself."""
        changes = {fact.name: asked.world.side(fact.name, mark)} if mark else {}
        return [asked.scene(v, changes, f"{fact.name}{mark}" if mark else "") for _, v in self.members]

    def hole(self, fact: Fact) -> Iterator[Found]:
        """Three values in a row of which only the outer two are served, all else being equal."""

        def question(asked: Asked) -> list[Truth]:
            low, high = (asked.world.side(fact.name, mark) for mark in ("-", "+"))
            here = asked.world.fact(fact.name)
            present = [no(t.absent) for t in (low, here, high)]
            force = [asked.world.in_force(v) for _, v in self.members]
            under, between, over = ([s.pays for s in self.scenes(asked, fact, m)] for m in ("-", "", "+"))
            over.reverse()  # of two members one serves below and the other above
            sides = any_of(*(all_of(one, two) for one, two in zip(under, over, strict=True)))
            return [*force, *present, low.value < here.value, here.value < high.value, sides, no(any_of(*between))]

        reply = self.inquiry.find(question)
        if reply is not None:
            asked = self.inquiry.exact
            shown = [
                self.show.witness(reply, scene, f"{word}: {scene.version.version}")
                for mark, word in (("-", "below"), ("", "between"), ("+", "above"))
                for scene in self.scenes(asked, fact, mark)
            ]
            low, here, high = (s.facts[fact.name] for s in shown[:: len(self.members)])
            names = " or ".join(v.version for _, v in self.members)
            beside = f"though {figure(low)} and {figure(high)} are"
            message = f"{fact.name} = {figure(here)} is served by no band of {names}, {beside}"
            yield replace(
                self.base, code="gap_in_bands", message=message, hint="let one band begin where the other ends",
                path=self.place(fact), about=(fact.name, *(m.id for m, _ in self.members[1:])), witnesses=tuple(shown),
            )  # fmt: skip

    def place(self, fact: Fact) -> tuple[str, ...]:
        """The first condition that reads the fact, else the formula."""
        version = self.members[0][1]
        read = [c for c in version.conditions if fact.name in plain_facts(self.pack, c.when)]
        return ("conditions", read[0].id, "when") if read else ("benefit", "amount")

    def cliff(self, version: Version, fact: Fact, cases: Sequence[tree.Node]) -> Iterator[Found]:
        """One step more of the fact leads to another branch of the formula, and to a smaller amount."""
        step = STEP[fact.type]

        def question(asked: Asked) -> list[Truth]:
            here, more = asked.world.fact(fact.name), asked.world.side(fact.name, "+")
            before, after = asked.scene(version), asked.scene(version, {fact.name: more}, f"{fact.name}+")
            if before.amount.value is None or after.amount.value is None:
                return [False]
            switched = any_of(*(no(alike(before, after, node)) for node in cases))
            known = [before.amount.known, after.amount.known, no(here.absent), no(more.absent)]
            drop = after.amount.value < before.amount.value - DROP
            stepped = more.value == here.value + number(step)
            return [asked.world.in_force(version), before.eligible, after.eligible, *known, stepped, switched, drop]

        reply = self.inquiry.find(question)
        if reply is not None:
            asked = self.inquiry.exact
            scenes = (asked.scene(version), asked.scene(version, None, f"{fact.name}+"))
            shown = tuple(
                self.show.witness(reply, s, name) for s, name in zip(scenes, ("before", "after"), strict=True)
            )
            one, two = shown
            message = (
                f"the amount falls from {one.amount} to {two.amount} where {fact.name} grows"
                f" from {figure(one.facts[fact.name])} to {figure(two.facts[fact.name])}"
            )
            hint = "if the text means bands, let each rate meet its own part"
            yield replace(
                self.base, code="cliff", message=message, hint=hint,
                path=("benefit", "amount"), about=(fact.name,), witnesses=shown,
            )  # fmt: skip


def alike(before: Scene, after: Scene, node: tree.Node) -> Truth:
    """A WHEN is answered alike in both scenes."""
    one, two = before.worker.term(node), after.worker.term(node)
    return all_of(equal(one.holds, two.holds), equal(one.fails, two.fails))


def figure(value: object) -> str:
    """A figure in a sentence."""
    return str(plain(value))
