"""The search for the best lawful combination: branch and bound over bit sets, one connected component at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangbao.rules.kinds import Sort, sort_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuangbao.rules.model import Group, Text

__all__ = ["Cap", "Item", "Search", "bits"]

TIERS = len(Sort) + 1  # what is not sure comes after everything that is
YEARLY = {"month": 12, "quarter": 4}


@dataclass(frozen=True, slots=True)
class Item:
    """One eligible answer as the search sees it: cents as often as ``per`` says, or a right without a figure."""

    measure: str
    version: str
    title: Text
    kind: str
    per: str
    sure: bool
    cents: int
    excludes: frozenset[str]
    group: Group | None
    awaited: bool = False
    """Whether its sum is not known yet, so that it may be more than what is counted."""

    @property
    def tier(self) -> int:
        """Of what sort the figure is; a figure of a lower tier outweighs all of the higher ones."""
        return list(Sort).index(sort_of(self.kind)) if self.sure else TIERS - 1

    @property
    def yearly(self) -> int:
        """How often it comes in the first year."""
        return YEARLY.get(self.per, 1)


@dataclass(frozen=True, slots=True)
class Cap:
    """A joint ceiling: its members in the order in which they take of it; ``open`` while its sum is not known."""

    name: str
    cents: float
    open: bool
    order: tuple[int, ...]

    @property
    def mask(self) -> int:
        """The members as a bit set."""
        return sum(1 << i for i in self.order)

    def paid(self, amounts: Sequence[int], mask: int) -> list[int]:
        """The amounts with those of the members taken cut, the last first."""
        found, room = list(amounts), self.cents
        for i in self.order:
            if mask >> i & 1:
                found[i] = int(min(found[i], room))
                room -= found[i]
        return found

    def leaves(self, items: Sequence[Item], i: int, mask: int) -> bool:
        """Whether something would be left for an item beside those taken."""
        return self.paid([item.cents for item in items], mask | 1 << i)[i] > 0


class Search:
    """Finds the set that is worth most; ``complete`` says whether it looked everywhere."""

    def __init__(self, items: Sequence[Item], caps: Sequence[Cap], node_limit: int) -> None:
        """Draw the graph of what excludes what."""
        self.items, self.caps = items, caps
        self.conflicts = conflicts(items)
        self.nodes = node_limit
        self.complete = True
        self.shifts = shifts_of(items)
        self.weights = [self.weight(item, item.cents) + (not item.cents) for item in items]
        self.capped = 0
        for cap in caps:
            self.capped |= cap.mask
        self.best = 0
        self.best_value = -1

    def weight(self, item: Item, cents: int) -> int:
        """Cents of an item in one integer that compares tier by tier: lower bits can never carry over."""
        return cents * item.yearly << self.shifts[item.tier]

    def run(self) -> int:
        """The best set over all components, as bits."""
        found = 0
        for component in components(len(self.items), self.conflicts, [cap.mask for cap in self.caps]):
            self.best, self.best_value = 0, -1
            self.descend(component, 0)
            found |= self.best
        return found

    def descend(self, free: int, chosen: int) -> None:
        """Decide the heaviest item that still conflicts with another free one; take the rest as it is.

        The first way down is greedy, so that a search which stops early still holds a lawful combination.
        """
        open_items = [i for i in bits(free) if self.conflicts[i] & free]
        if not open_items:
            value = self.value(chosen | free)
            if value > self.best_value:
                self.best, self.best_value = chosen | free, value
            return
        if self.nodes <= 0 and self.best_value >= 0:
            self.complete = False
            return
        self.nodes -= 1
        if self.bound(free, chosen) <= self.best_value:
            return
        pick = max(open_items, key=lambda i: (self.weights[i], -i))
        self.descend(free & ~(self.conflicts[pick] | 1 << pick), chosen | 1 << pick)
        self.descend(free & ~(1 << pick), chosen)

    def settle(self, mask: int) -> int:
        """Drop what brings nothing under a ceiling, and add what still fits (where the search stopped early)."""
        before = -1
        while before != mask:
            before = mask
            paid = self.paid(mask)
            mask = self.grown(mask & ~sum(1 << i for i in bits(mask) if self.items[i].cents and not paid[i]))
            for i in bits(mask & self.capped):  # what only takes of a ceiling from others may keep something else out
                other = self.grown(mask & ~(1 << i))
                mask = other if self.value(other) > self.value(mask) else mask
        return mask

    def grown(self, mask: int) -> int:
        """The set with everything that still fits beside it and brings more, the largest first."""
        for i in sorted(range(len(self.items)), key=lambda i: (-self.items[i].cents, i)):
            if not (mask >> i & 1 or self.conflicts[i] & mask) and self.value(mask | 1 << i) > self.value(mask):
                mask |= 1 << i
        return mask

    def paid(self, mask: int) -> list[int]:
        """What each item brings under the ceilings."""
        found = [item.cents for item in self.items]
        for cap in self.caps:
            found = cap.paid(found, mask)
        return found

    def value(self, mask: int) -> int:
        """What a set is worth, ceilings applied."""
        total = sum(self.weights[i] for i in bits(mask))
        if mask & self.capped:
            paid = self.paid(mask)
            total -= sum(self.weight(self.items[i], self.items[i].cents - paid[i]) for i in bits(mask & self.capped))
        return total

    def bound(self, free: int, chosen: int) -> int:
        """No way on from here is worth more: one of each clique without ceilings, or all with ceilings."""
        cliques = sum(self.weights[i] for i in bits(chosen))
        rest = free
        while rest:
            first = max(bits(rest), key=lambda i: (self.weights[i], -i))
            cliques += self.weights[first]
            clique, reach = 1 << first, self.conflicts[first] & rest
            while reach:
                member = reach & -reach
                clique |= member
                reach &= self.conflicts[member.bit_length() - 1] & ~member
            rest &= ~clique
        return min(cliques, self.value(chosen | free))


def shifts_of(items: Sequence[Item]) -> list[int]:
    """Where the figures of each tier begin; the lowest bits count rights."""
    sums = [sum(i.cents * i.yearly for i in items if i.tier == tier) for tier in range(TIERS)]
    found = [len(items).bit_length()]
    for total in reversed(sums[1:]):
        found.append(found[-1] + total.bit_length())
    return found[::-1]


def conflicts(items: Sequence[Item]) -> list[int]:
    """For each item the bits of those it cannot be taken with; exclusion holds both ways."""
    place = {item.measure: i for i, item in enumerate(items)}
    found = [0] * len(items)
    families: dict[str, list[int]] = {}
    for i, item in enumerate(items):
        rivals = [place[name] for name in item.excludes if name in place]
        if item.group is not None and item.group.rule == "highest":
            family = families.setdefault(item.group.name, [])
            rivals += family
            family.append(i)
        for j in rivals:
            if i != j:
                found[i] |= 1 << j
                found[j] |= 1 << i
    return found


def components(count: int, conflict: Sequence[int], caps: Sequence[int]) -> list[int]:
    """Sets of items that have no bearing on each other, lowest item first."""
    found: list[int] = []
    rest = (1 << count) - 1
    while rest:
        component = front = rest & -rest
        while front:
            reached = 0
            for i in bits(front):
                reached |= conflict[i]
            for cap in caps:
                reached |= cap if cap & front else 0
            front = reached & ~component
            component |= front
        found.append(component)
        rest &= ~component
    return found


def bits(mask: int) -> list[int]:
    """The positions that are set, lowest first."""
    found: list[int] = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
