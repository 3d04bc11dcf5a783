"""Two measures side by side: both owed for the same money although nothing says how they go together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from chuangbao.rules import tree
from chuangbao.rules.analysis.bands import Bands, derivations
from chuangbao.rules.analysis.explained import explains
from chuangbao.rules.analysis.found import Found
from chuangbao.rules.analysis.inquiry import Inquiry
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuangbao.rules.analysis.found import Show
    from chuangbao.rules.analysis.inquiry import Asked
    from chuangbao.rules.analysis.terms import Truth
    from chuangbao.rules.model import Measure, Pack, Version

__all__ = ["Pair", "pairs"]

CASH = ("tax", "subsidy", "loan")  # kinds of benefit that are money


@dataclass(frozen=True)
class Pair:
    """Two measures, and the pairs of their versions that are in force together."""

    pack: Pack
    show: Show
    one: Measure
    two: Measure

    def together(self) -> Iterator[tuple[Version, Version]]:
        """Versions of both with a common day."""
        for left in self.one.versions:
            for right in self.two.versions:
                if overlap(left, right):
                    yield left, right

    def findings(self, undecided: list[str]) -> Iterator[Found]:
        """What is owed twice, and holes between the bands of a family; names of what is not decided are added."""
        same_place = related(self.pack, self.one.region, self.two.region)
        told = not same_place or self.one.subject != self.two.subject
        for left, right in self.together():
            shared = self.shared(left, right)
            if (told or not shared or excluded(self.one, left, self.two, right)) and not family(left, right):
                continue
            inquiry = Inquiry(self.pack, (left, right))
            if family(left, right):
                yield from Bands(inquiry, self.show, ((self.one, left), (self.two, right))).holes()
            else:
                for found in self.both(inquiry, left, right, shared):
                    told = True  # one finding for two measures is enough
                    yield found
            undecided += [f"{left.version} and {right.version}"] * bool(inquiry.undecided)

    def shared(self, left: Version, right: Version) -> list[str]:
        """The money that both count, or, for lump sums, the clause that both carry out."""
        if left.manual or right.manual or left.benefit.kind != right.benefit.kind or left.benefit.kind not in CASH:
            return []
        if not (left.benefit.unit.startswith("CNY") and right.benefit.unit.startswith("CNY")):
            return []
        one, two = money_of(self.pack, left), money_of(self.pack, right)
        if one and two:
            return sorted(one & two)
        return [f"clause {left.clause}"] if left.clause and left.clause == right.clause else []

    def both(self, inquiry: Inquiry, left: Version, right: Version, shared: list[str]) -> Iterator[Found]:
        """A subject is owed both."""

        def question(asked: Asked) -> list[Truth]:
            return [t for v in (left, right) for t in (asked.world.in_force(v), asked.scene(v).pays)]

        message = (
            f"{left.version} and {right.version} ({self.two.id}) can both be owed for the same {', '.join(shared)},"
            " and neither excludes the other"
        )
        hint = f"excludes: [{self.two.id}], a common group, or explained: with the clause that allows both"
        found = Found(
            "both_due",
            self.one.id,
            left.version,
            message,
            hint,
            path=("benefit",),
            about=(self.two.id, *shared),
            clause=left.clause,
        )
        known = any(explains(m, reason, found) for m in (self.one, self.two) for reason in m.explained)
        reply = inquiry.find(question, readable=not known)
        if reply is not None:
            shown = tuple(self.show.witness(reply, inquiry.exact.scene(v)) for v in (left, right))
            yield replace(found, witnesses=shown)


def pairs(measures: Iterable[Measure]) -> Iterator[tuple[Measure, Measure]]:
    """Each two once."""
    listed = list(measures)
    for index, one in enumerate(listed):
        for two in listed[index + 1 :]:
            yield one, two


def overlap(left: Version, right: Version) -> bool:
    """Whether both are the rule on some day."""
    begins = max(left.valid_from or date.min, right.valid_from or date.min)
    return begins <= min(left.valid_to or date.max, right.valid_to or date.max)


def related(pack: Pack, one: str, two: str) -> bool:
    """Whether a subject can be in both regions: one is in the other."""
    if not one or not two:
        return True
    return pack.regions.within(one, two, date.max) or pack.regions.within(two, one, date.max)


def family(left: Version, right: Version) -> bool:
    """Whether both are in one group."""
    return left.group is not None and right.group is not None and left.group.name == right.group.name


def excluded(one: Measure, left: Version, two: Measure, right: Version) -> bool:
    """Whether one says that it excludes the other."""
    return two.id in left.excludes or one.id in right.excludes


def money_of(pack: Pack, version: Version) -> set[str]:
    """The money facts that a version's amount counts."""
    nodes = [line.value for line in version.benefit.lines]
    nodes += [version.benefit.amount] if version.benefit.amount is not None else []
    return {n for node in nodes for n in money_in(pack, node) if n not in version.parameters}


def money_in(pack: Pack, node: tree.Node) -> Iterator[str]:
    """The money facts below a node, through derived facts."""
    for name in tree.names(node):
        fact = pack.facts.get(name)
        if fact is not None:
            yield from (n for value in derivations(pack, name) for n in money_in(pack, value))
            if fact.type is FactType.MONEY and not fact.derived:
                yield name
