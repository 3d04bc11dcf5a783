"""What is really paid under ceilings (累计不超过, 税额上限): the last of a group's order is cut.

A ceiling is an expression over facts and figures, never over the amounts of its members. Below nothing it is nothing,
and it is rounded down to the cent. While something that counts is unknown, an amount is a range: what is decided
stays decided whatever is learned, and the rest is "at most".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, cast

from chuangbao.rules.answers import Status
from chuangbao.rules.interp import Interp
from chuangbao.rules.kinds import Sort, sort_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from chuangbao.rules import tree
    from chuangbao.rules.interp import Rows
    from chuangbao.rules.model import Group, Measure, Version
    from chuangbao.rules.runtime import Number, Value

    Figures = Callable[[Group, Version], Mapping[str, Value]]

__all__ = [
    "Ceiling", "Member", "Payable", "Range", "ceilings_of", "cut", "groups_of", "incompatible", "limit_of",
    "payable_of", "range_of",
]  # fmt: skip

Member = tuple["Measure", "Version"]
Range = tuple[float, float]
"""The least and the most cents; the most is infinite while nothing bounds it."""
NOTHING: Range = (0, 0)
OPEN: Range = (0, math.inf)
ORDER = {"cap": 0, "tax": 1}  # a family first, then the tax that exists


@dataclass(frozen=True, slots=True)
class Payable:
    """What is paid of one amount: known to the cent, or at most so much; ``by`` names the groups that cut it."""

    amount: Decimal | None
    most: Decimal | None
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ceiling:
    """One ceiling on one day in one place: its members in order, by the ids of their versions.

    ``limits`` are its expressions with the figures they read, of which the lowest is the lawful one. ``before`` gives
    for each member the earlier ones that take of the ceiling first, by places: of each inner tuple, whose parts exclude
    one another, only the largest counts.
    """

    name: str
    members: tuple[str, ...]
    before: tuple[tuple[tuple[int, ...], ...], ...]
    limits: tuple[tuple[tree.Node, Mapping[str, Value]], ...]


def ceilings_of(members: Iterable[Member], groups: Mapping[str, Group], figures: Figures) -> tuple[Ceiling, ...]:
    """The ceilings over some versions, those of families first; ``figures`` gives the parameters that a group reads."""
    found: dict[tuple[int, str, Sort], list[tuple[Group, Member]]] = {}
    for measure, version in members:
        for group in groups_of(version, groups):
            key = (ORDER[group.rule], group.name, sort_of(version.benefit.kind))  # money and loans each by itself
            found.setdefault(key, []).append((group, (measure, version)))
    return tuple(ceiling(found[key], figures) for key in sorted(found))


def groups_of(version: Version, groups: Mapping[str, Group]) -> Iterable[Group]:
    """The groups whose ceilings a version is under; what is not counted in yuan is under none."""
    if not version.benefit.per:
        return
    if version.group is not None and version.group.rule == "cap" and version.group.limit is not None:
        yield version.group
    if version.benefit.tax in groups:
        yield groups[version.benefit.tax]


def ceiling(held: Sequence[tuple[Group, Member]], figures: Figures) -> Ceiling:
    """One ceiling with its members in order: as the group says, the others after them as the pack has them.

    What only some of those who apply will get comes last, so that it never cuts what is sure.
    """
    group = held[0][0]
    places = {name: place for place, name in enumerate(group.order)}
    ordered = sorted(
        (member for _, member in held), key=lambda m: (not m[1].grant.sure, places.get(m[0].id, len(places)))
    )
    return Ceiling(
        group.name,
        tuple(version.version for _, version in ordered),
        tuple(takers(ordered, place) for place in range(len(ordered))),
        tuple(limits_of(held, figures)),
    )


def limits_of(held: Sequence[tuple[Group, Member]], figures: Figures) -> list[tuple[tree.Node, Mapping[str, Value]]]:
    """The expressions of a ceiling, each once: a family that is said in several versions may have several."""
    found: list[tuple[tree.Node, Mapping[str, Value]]] = []
    for group, (_, version) in held:
        limit = (cast("tree.Node", group.limit), figures(group, version))
        if limit not in found:
            found.append(limit)
    return found


def takers(members: Sequence[Member], place: int) -> tuple[tuple[int, ...], ...]:
    """The earlier members beside which this one is taken, those that exclude one another together."""
    classes: list[list[int]] = []
    for other in range(place):
        if incompatible(members[other], members[place]):
            continue
        for held in classes:
            if all(incompatible(members[other], members[one]) for one in held):
                held.append(other)
                break
        else:
            classes.append([other])
    return tuple(map(tuple, classes))


def incompatible(one: Member, other: Member) -> bool:
    """Whether two measures are never had together: one excludes the other, or only one of their family counts."""
    if one[0].id in other[1].excludes or other[0].id in one[1].excludes:
        return True
    left, right = one[1].group, other[1].group
    return left is not None and right is not None and left.name == right.name and left.rule in {"highest", "first"}


def limit_of(held: Ceiling, lookup: Callable[[str], Value], as_of: date, rows: Rows) -> Range:
    """The ceiling for one subject, in cents: rounded down, never below nothing, the lowest of several."""
    least, most = math.inf, math.inf
    for node, figures in held.limits:
        value = cast("Number | None", Interp(partial(find_value, figures, lookup), as_of, rows).value(node))
        low, high = OPEN if value is None else (cents := max(math.floor(value * 100), 0), cents)
        least, most = min(least, low), min(most, high)
    return least, most


def find_value(own: Mapping[str, Value], lookup: Callable[[str], Value], name: str) -> Value:
    """Return a figure of the ceiling's own, else what the subject is known to be."""
    return own[name] if name in own else lookup(name)


def range_of(status: Status, amount: Decimal | None) -> Range:
    """What one amount may come to before any ceiling."""
    if status is Status.NOT_ELIGIBLE:
        return NOTHING
    if amount is None:
        return OPEN
    cents = max(int(amount.scaleb(2)), 0)
    return (cents if status is Status.ELIGIBLE else 0), cents


def cut(held: Ceiling, limit: Range, ranges: dict[str, Range], by: dict[str, tuple[str, ...]]) -> None:
    """Let the members take of one ceiling in their order; ``ranges`` and the groups that cut are changed in place."""
    for place, name in enumerate(held.members):
        taken = [[ranges[held.members[other]] for other in part] for part in held.before[place]]
        least = max(limit[0] - sum(max(most for _, most in part) for part in taken), 0)
        most = limit[1] - sum(max(low for low, _ in part) for part in taken)
        low, high = ranges[name]
        ranges[name] = min(low, least), min(high, max(most, 0))
        if ranges[name] != (low, high):
            by[name] = (*by.get(name, ()), held.name)


def payable_of(status: Status, found: Range, by: tuple[str, ...]) -> Payable:
    """A range as what is paid of an eligible amount."""
    least, most = found
    bound = None if math.isinf(most) else Decimal(int(most)).scaleb(-2)
    return Payable(bound if least == most and status is Status.ELIGIBLE else None, bound, by)
