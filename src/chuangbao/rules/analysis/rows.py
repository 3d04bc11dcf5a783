"""Rows of a subject as the solver sees them: a few kinds of row, each there any number of times.

That is enough to find a profile where there is one. To show that there is none, an aggregate is asked again as
a number that nothing binds (``loose``): what is impossible even then is impossible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import z3

from chuangbao.rules.analysis.terms import Term, Truth, all_of, any_of, choose, equal, less, no, real

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chuangbao.rules import tree

__all__ = ["KINDS", "RowSlot", "fold"]

KINDS = 3  # different rows of one sort
ZERO, ONE = z3.IntVal(0), z3.IntVal(1)


@dataclass(frozen=True, slots=True)
class RowSlot:
    """One kind of row: how often it is there, and its columns."""

    times: Any
    columns: Mapping[str, Term]


def fold(node: tree.Aggregate, slots: Sequence[RowSlot], chosen: Sequence[Term], values: Sequence[Term]) -> Term:
    """The aggregate over all slots: ``chosen`` is each one's WHERE, ``values`` what it adds."""
    known = all_of(
        *(
            any_of(slot.times == 0, where.fails, all_of(where.known, value.known))
            for slot, where, value in zip(slots, chosen, values, strict=True)
        )
    )
    there = [all_of(slot.times > 0, where.holds) for slot, where in zip(slots, chosen, strict=True)]
    weights = [slot.times for slot in slots]
    if node.distinct:
        there = [all_of(here, no(repeated(i, there, values))) for i, here in enumerate(there)]
        weights = [ONE for _ in slots]
    count = add([z3.If(here, weight, ZERO) for here, weight in zip(there, weights, strict=True)])
    if node.func == "COUNT":
        return Term(count, known)
    if node.func in {"MIN", "MAX"}:
        return Term(best(there, values, least=node.func == "MIN").value, known, all_of(known, no(any_of(*there))))
    total = add(
        [z3.If(here, weight * v.value, ZERO * v.value) for here, weight, v in zip(there, weights, values, strict=True)]
    )
    if node.func == "SUM":
        return Term(total, known)
    return Term(real(total) / real(count), known, all_of(known, count == 0))


def add(parts: list[Any]) -> Any:
    """Their sum."""
    return z3.Sum(parts)


def repeated(index: int, there: Sequence[Truth], values: Sequence[Term]) -> Truth:
    """Whether an earlier slot has the value already."""
    return any_of(*(all_of(there[j], equal(values[j].value, values[index].value)) for j in range(index)))


def best(there: Sequence[Truth], values: Sequence[Term], *, least: bool) -> Term:
    """The least or the greatest among those that are there."""
    found, any_yet = values[-1], there[-1]
    for here, value in zip(there[:-1], values[:-1], strict=True):
        ahead = less(value.value, found.value) if least else less(found.value, value.value)
        found = choose(all_of(here, any_of(no(any_yet), ahead)), value, found)
        any_yet = any_of(any_yet, here)
    return found
