"""The best lawful combination (最优组合) of what one subject is owed.

Some benefits exclude each other (不重复享受), some families allow only the highest (就高不重复), some share a
ceiling (累计不超过). People see a sum that they can really get, and for each benefit left out the reason.
The search is exact: connected components, branch and bound; it says when it stopped early.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from chuangbao.rules.answers import Status
from chuangbao.rules.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chuangbao.rules.model import Group, Pack

__all__ = ["NODE_LIMIT", "Bundle", "Capped", "Left", "best_bundle"]

NODE_LIMIT = 20_000
CENT = Decimal("0.01")
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Left:
    """An eligible measure that is not part of the combination: which rule keeps it out, and whose doing it is.

    ``rule`` is ``excludes``, ``highest``, ``first`` or ``cap``; ``by`` names the taken measures.
    """

    measure: str
    because: Text
    rule: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Capped:
    """A joint ceiling that binds: what its members would add up to, and what is paid."""

    group: str
    cap: Decimal
    uncapped: Decimal
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What to take together, what it adds up to per kind, and what is left out and why."""

    taken: tuple[str, ...]
    left: tuple[Left, ...]
    totals: dict[str, Decimal]
    complete: bool
    amounts: dict[str, Decimal] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    capped: tuple[Capped, ...] = ()


class Judged(Protocol):
    """What the search reads of an answer."""

    @property
    def version(self) -> str:
        """The version judged."""

    @property
    def status(self) -> Status:
        """Only eligible ones take part."""

    @property
    def amount(self) -> Decimal | None:
        """To the cent."""

    @property
    def unit(self) -> str:
        """CNY for money."""

    @property
    def kind(self) -> str:
        """A loan is not money."""


@dataclass(frozen=True, slots=True)
class Item:
    """One eligible answer as the search sees it: money and loans in cents; anything else counts as a right."""

    measure: str
    title: Text
    kind: str
    money: int
    loan: int
    right: int
    excludes: frozenset[str]
    group: Group | None

    @property
    def cents(self) -> int:
        """The sum, whatever its kind."""
        return self.money + self.loan


@dataclass(slots=True)
class Cap:
    """A group with a joint ceiling: its members as a bit set."""

    name: str
    cents: int
    mask: int = 0


def best_bundle(pack: Pack, answers: Iterable[Judged], *, node_limit: int = NODE_LIMIT) -> Bundle:
    """The best lawful combination of the eligible answers.

    Most money first (loans are not money and come second), then most rights kept. Where two combinations are
    worth the same, the order of the pack decides; the order of ``answers`` never does.
    """
    items, late = candidates(pack, answers)
    search = Search(items, node_limit)
    mask = search.settle(search.run())
    paid, capped = apply_caps(search, mask)
    taken = [items[i] for i in bits(mask)]
    left = [*late, *(leave(search, i, mask) for i in range(len(items)) if not mask >> i & 1)]
    order = {name: position for position, name in enumerate(pack.measures)}
    totals: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    for item in taken:
        counts[item.kind] = counts.get(item.kind, 0) + 1
        if item.cents:
            totals[item.kind] = totals.get(item.kind, ZERO) + paid[item.measure]
    return Bundle(
        taken=tuple(item.measure for item in taken),
        left=tuple(sorted(left, key=lambda entry: order[entry.measure])),
        totals=totals,
        complete=search.complete,
        amounts={item.measure: paid[item.measure] for item in taken if item.cents},
        counts=counts,
        capped=capped,
    )


def candidates(pack: Pack, answers: Iterable[Judged]) -> tuple[list[Item], list[Left]]:
    """The eligible answers as items in the pack's order, and what a ``first`` family keeps out beforehand."""
    best: dict[str, Item] = {}
    for answer in answers:
        if answer.status is Status.ELIGIBLE:
            item = as_item(pack, answer)
            held = best.get(item.measure)
            # two versions of one rule never add up
            if held is None or (item.money, item.loan) > (held.money, held.loan):
                best[item.measure] = item
    kept: list[Item] = []
    late: list[Left] = []
    firsts: dict[str, Item] = {}
    for item in (best[name] for name in pack.measures if name in best):
        if item.group is None or item.group.rule != "first" or firsts.setdefault(item.group.name, item) is item:
            kept.append(item)
        else:
            late.append(behind(item, firsts[item.group.name]))
    return kept, late


def as_item(pack: Pack, answer: Judged) -> Item:
    """One answer as the search sees it; what is not counted in yuan is a right that is kept along."""
    measure, version = pack.versions[answer.version]
    cents = 0
    if answer.amount is not None and answer.unit.startswith("CNY"):
        cents = max(int(answer.amount.quantize(CENT) * 100), 0)
    loan = answer.kind == "loan"
    return Item(
        measure=measure.id,
        title=version.title if version.title.zh else measure.title,
        kind=answer.kind,
        money=0 if loan else cents,
        loan=cents if loan else 0,
        right=0 if cents else 1,
        excludes=frozenset(version.excludes),
        group=version.group,
    )


class Search:
    """Branch and bound over bit sets, one connected component at a time."""

    def __init__(self, items: Sequence[Item], node_limit: int) -> None:
        """Draw the graph of what excludes what, and the ceilings."""
        self.items = items
        self.conflicts = conflicts(items)
        self.caps = joint_caps(items)
        self.nodes = node_limit
        self.complete = True
        # one integer compares as the triple (money, loans, rights): the low bits can never carry over
        self.rights = len(items).bit_length()
        self.shift = self.rights + sum(item.loan for item in items).bit_length()
        self.weights = [(i.money << self.shift) + (i.loan << self.rights) + i.right for i in items]
        self.best = 0
        self.best_value = -1

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
        order = sorted(range(len(self.items)), key=lambda i: (self.items[i].cents, -i))
        before = -1
        while before != mask:
            before = mask
            for i in order:
                if mask >> i & 1 and self.value(mask & ~(1 << i)) == self.value(mask):
                    mask &= ~(1 << i)
            for i in reversed(order):
                if not (mask >> i & 1 or self.conflicts[i] & mask) and self.value(mask | 1 << i) > self.value(mask):
                    mask |= 1 << i
        return mask

    def value(self, mask: int) -> int:
        """What a set is worth, ceilings applied (to money and to loans each by itself)."""
        total = sum(self.weights[i] for i in bits(mask))
        for cap in self.caps:
            inside = [self.items[i] for i in bits(mask & cap.mask)]
            total -= max(sum(item.money for item in inside) - cap.cents, 0) << self.shift
            total -= max(sum(item.loan for item in inside) - cap.cents, 0) << self.rights
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


def joint_caps(items: Sequence[Item]) -> list[Cap]:
    """The groups with a joint ceiling; where members state different ceilings, the lowest is the lawful one."""
    found: dict[str, Cap] = {}
    for i, item in enumerate(items):
        group = item.group
        if group is None or group.rule != "cap" or group.cap is None:
            continue
        cents = int(group.cap * 100)
        cap = found.setdefault(group.name, Cap(group.name, cents))
        cap.cents = min(cap.cents, cents)
        cap.mask |= 1 << i
    return list(found.values())


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


def apply_caps(search: Search, mask: int) -> tuple[dict[str, Decimal], tuple[Capped, ...]]:
    """What each taken measure really brings under the ceilings, largest first, and which ceilings bind."""
    items = search.items
    paid = {item.measure: yuan(item.cents) for item in items}
    capped: list[Capped] = []
    for cap in search.caps:
        for loan in (False, True):
            members = [i for i in bits(mask & cap.mask) if items[i].cents and bool(items[i].loan) is loan]
            total = sum(items[i].cents for i in members)
            if total <= cap.cents:
                continue
            room = cap.cents
            for i in sorted(members, key=lambda i: (-items[i].cents, i)):
                paid[items[i].measure] = yuan(min(items[i].cents, room))
                room = max(room - items[i].cents, 0)
            names = tuple(items[i].measure for i in members)
            capped.append(Capped(cap.name, yuan(cap.cents), yuan(total), names))
    return paid, tuple(capped)


def leave(search: Search, i: int, mask: int) -> Left:
    """Why an eligible measure stays out: a taken one rules it out, or else the ceiling is already reached."""
    item = search.items[i]
    by = [search.items[j] for j in bits(search.conflicts[i] & mask)]
    names = tuple(other.measure for other in by)
    if not by:
        return beyond(search, i, mask)
    if any(name_of(other.group) == name_of(item.group) != "" for other in by):
        zh = f"同类政策只能选最高的一项，已选{names_zh(by)}"
        return Left(item.measure, Text(zh, f"only the highest of its family counts: {names_en(by)}"), "highest", names)
    zh = f"不能与{names_zh(by)}同时享受"
    return Left(item.measure, Text(zh, f"cannot be combined with {names_en(by)}"), "excludes", names)


def beyond(search: Search, i: int, mask: int) -> Left:
    """A member of a family whose joint ceiling the taken members already reach."""
    item = search.items[i]
    cap = next(cap for cap in search.caps if cap.mask >> i & 1)
    by = [o for o in (search.items[j] for j in bits(mask & cap.mask)) if bool(o.loan) == bool(item.loan) and o.cents]
    if not by:
        text = Text("同类政策合计上限为0元", "the joint ceiling of its family is zero")
        return Left(item.measure, text, "cap")
    zh = f"{names_zh(by)}合计已达上限{yuan(cap.cents):,}元，再加不增加"
    en = f"{names_en(by)} already reach the joint ceiling of CNY {yuan(cap.cents):,}"
    return Left(item.measure, Text(zh, en), "cap", tuple(other.measure for other in by))


def name_of(group: Group | None) -> str:
    """The family's name, empty where there is none."""
    return group.name if group is not None else ""


def behind(item: Item, first: Item) -> Left:
    """Why a later member of a ``first`` family stays out."""
    text = Text(
        f"同类政策按顺序先用{names_zh([first])}",
        f"its family is used in order: {names_en([first])} comes first",
    )
    return Left(item.measure, text, "first", (first.measure,))


def names_zh(items: Sequence[Item]) -> str:
    """Titles in Chinese quotation marks."""
    return "、".join(f"“{item.title.zh}”" for item in items)


def names_en(items: Sequence[Item]) -> str:
    """Titles in English quotation marks."""
    return ", ".join(f"“{item.title.get('en')}”" for item in items)


def yuan(cents: int) -> Decimal:
    """Cents as yuan with two decimals."""
    return (Decimal(cents) / 100).quantize(CENT)


def bits(mask: int) -> list[int]:
    """The positions that are set, lowest first."""
    found: list[int] = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
