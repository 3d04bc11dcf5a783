"""The best lawful combination (最优组合) of what one subject is owed.

Some benefits exclude each other (不重复享受), some families allow only the highest (就高不重复), some share a
ceiling (累计不超过). People see a sum that they can really get, and for each benefit left out the reason.
The search is exact: connected components, branch and bound; it says when it stopped early.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from chuangbao.rules.answers import Status
from chuangbao.rules.ceilings import ceilings_of, limit_of
from chuangbao.rules.combination import Cap, Item, Search, bits
from chuangbao.rules.kinds import KINDS
from chuangbao.rules.model import PERIODS, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chuangbao.rules.model import Group, Pack

__all__ = ["NODE_LIMIT", "Bundle", "Capped", "Left", "Sum", "best_bundle"]

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
class Sum:
    """What things of one kind that come equally often add up to; ``sure`` unless only some who apply will get it."""

    kind: str
    per: str
    amount: Decimal
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Bundle:
    """What to take together, what it adds up to, and what is left out and why.

    ``amounts`` are after ceilings; of the measures in ``uncertain`` they are "at most", since a ceiling is not known.
    """

    taken: tuple[str, ...]
    left: tuple[Left, ...]
    sums: tuple[Sum, ...]
    complete: bool
    amounts: dict[str, Decimal] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    capped: tuple[Capped, ...] = ()
    uncertain: frozenset[str] = frozenset()


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


def best_bundle(pack: Pack, answers: Iterable[Judged], *, node_limit: int = NODE_LIMIT) -> Bundle:
    """The best lawful combination of the eligible answers.

    Most money of a year first, then figures of rights, deductions, payments put off, loans, what is not sure, and
    most rights kept. Where two combinations are worth the same, the order of the pack decides; the order of
    ``answers`` never does.
    """
    answers = list(answers)
    items, late = candidates(pack, answers)
    search = Search(items, caps_of(pack, items, answers), node_limit)
    mask = search.settle(search.run())
    paid, capped = apply_caps(search, mask)
    taken = [items[i] for i in bits(mask)]
    left = [*late, *(leave(search, i, mask) for i in range(len(items)) if not mask >> i & 1)]
    order = {name: position for position, name in enumerate(pack.measures)}
    counts: dict[str, int] = {}
    for item in taken:
        counts[item.kind] = counts.get(item.kind, 0) + 1
    return Bundle(
        taken=tuple(item.measure for item in taken),
        left=tuple(sorted(left, key=lambda entry: order[entry.measure])),
        sums=sums_of(taken, paid),
        complete=search.complete,
        amounts={item.measure: paid[item.measure] for item in taken if item.cents},
        counts=counts,
        capped=capped,
        uncertain=frozenset(items[i].measure for cap in search.caps if cap.open for i in cap.order if mask >> i & 1),
    )


def sums_of(taken: Sequence[Item], paid: Mapping[str, Decimal]) -> tuple[Sum, ...]:
    """Each kind and each period by itself, what is not sure apart."""
    found: dict[tuple[bool, str, str], Decimal] = {}
    for item in taken:
        if item.cents:
            key = (not item.sure, item.kind, item.per)
            found[key] = found.get(key, ZERO) + paid[item.measure]
    order = {key: (key[0], KINDS.index(key[1]), list(PERIODS.values()).index(key[2])) for key in found}
    return tuple(
        Sum(kind, per, found[key], not key[0]) for key in sorted(found, key=order.__getitem__) for _, kind, per in [key]
    )


def caps_of(pack: Pack, items: Sequence[Item], answers: Sequence[Judged]) -> list[Cap]:
    """The ceilings over some items, as far as they are known of the subject."""
    place = {item.version: i for i, item in enumerate(items)}
    paying = [item.version for item in items if item.cents]
    board = next((getattr(answer, "board", None) for answer in answers), None)
    if board is None:  # of plain figures only sums are known
        held = ceilings_of([pack.versions[name] for name in paying], pack.groups, lambda _, __: {})
        limits = [limit_of(one, lambda _: None, date.min, lambda _: None) for one in held]
    else:
        held = board.ceilings([board.engine.plans[name] for name in paying])
        limits = [board.limit(one) for one in held]
    return [
        Cap(one.name, most, least != most, tuple(place[name] for name in one.members))
        for one, (least, most) in zip(held, limits, strict=True)
    ]


def candidates(pack: Pack, answers: Iterable[Judged]) -> tuple[list[Item], list[Left]]:
    """The eligible answers as items in the pack's order, and what a ``first`` family keeps out beforehand."""
    best: dict[str, Item] = {}
    for answer in answers:
        if answer.status is Status.ELIGIBLE:
            item = as_item(pack, answer)
            held = best.get(item.measure)
            # two versions of one rule never add up
            if held is None or item.cents > held.cents:
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
    if answer.amount is not None and answer.unit in PERIODS:
        cents = max(int(answer.amount.quantize(CENT) * 100), 0)
    return Item(
        measure=measure.id,
        version=version.version,
        title=version.title if version.title.zh else measure.title,
        kind=answer.kind,
        per=PERIODS.get(answer.unit, ""),
        sure=version.grant.sure,
        cents=cents,
        excludes=frozenset(version.excludes),
        group=version.group,
        awaited=answer.amount is None and answer.unit in PERIODS,
    )


def apply_caps(search: Search, mask: int) -> tuple[dict[str, Decimal], tuple[Capped, ...]]:
    """What each taken measure really brings under the ceilings, in their order, and which ceilings bind."""
    items = search.items
    before = [item.cents for item in items]
    capped: list[Capped] = []
    for cap in search.caps:
        paid = cap.paid(before, mask)
        inside = [i for i in cap.order if mask >> i & 1]
        if paid != before:
            total = sum(before[i] for i in inside)
            names = tuple(items[i].measure for i in inside)
            capped.append(Capped(cap.name, yuan(int(cap.cents)), yuan(total), names))
        before = paid
    return {item.measure: yuan(cents) for item, cents in zip(items, before, strict=True)}, tuple(capped)


def leave(search: Search, i: int, mask: int) -> Left:
    """Why an eligible measure stays out: a taken one rules it out, or else the ceiling is already reached."""
    item = search.items[i]
    by = [search.items[j] for j in bits(search.conflicts[i] & mask)]
    names = tuple(other.measure for other in by)
    if not by:
        return beyond(search, i, mask)
    if any(name_of(other.group) == name_of(item.group) != "" for other in by):
        zh, en = (
            f"同类政策只能选最高的一项，已选{names_zh(by)}",
            f"only the highest of its family counts: {names_en(by)}",
        )
        if item.awaited:
            zh, en = f"{zh}；这一项的金额待算，可能更高", f"{en}; the sum of this one follows and may be higher"
        return Left(item.measure, Text(zh, en), "highest", names)
    zh = f"不能与{names_zh(by)}同时享受"
    return Left(item.measure, Text(zh, f"cannot be combined with {names_en(by)}"), "excludes", names)


def beyond(search: Search, i: int, mask: int) -> Left:
    """A member of a family whose joint ceiling the taken members already reach."""
    item = search.items[i]
    cap = next(cap for cap in search.caps if cap.mask >> i & 1 and not cap.leaves(search.items, i, mask))
    by = [search.items[j] for j in cap.order if mask >> j & 1]
    if not by:
        text = Text("同类政策合计上限为0元", "the joint ceiling of its family is zero")
        return Left(item.measure, text, "cap")
    zh = f"{names_zh(by)}合计已达上限{yuan(int(cap.cents)):,}元，再加不增加"
    en = f"{names_en(by)} already reach the joint ceiling of CNY {yuan(int(cap.cents)):,}"
    return Left(item.measure, Text(zh, en), "cap", tuple(other.measure for other in by))


def name_of(group: Group | None) -> str:
    """The family's name, empty where there is none."""
    return group.name if group is not None else ""


def behind(item: Item, first: Item) -> Left:
    """Why a later member of a ``first`` family stays out."""
    text = Text(
        f"同类政策按顺序先用{names_zh([first])}",
        f"of measures of this kind {names_en([first])} is used first",
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
