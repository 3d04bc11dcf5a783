"""The world of a question: a variable for every fact that is read, bound by the catalogue.

A fact that is worked out is its derivation (a profile in which someone answered it otherwise contradicts itself).
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import z3

from chuangbao.rules import tree
from chuangbao.rules.analysis.rows import KINDS, RowSlot, fold
from chuangbao.rules.analysis.terms import Moment, Term, Truth, all_of, any_of, less, moment, no
from chuangbao.rules.analysis.translate import Translator, month_length
from chuangbao.rules.loader import v_nodes
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from fractions import Fraction

    from chuangbao.rules.model import Fact, Pack, Version

__all__ = ["World"]

MONTHS = 12
OTHER = "其他"  # begins the texts that are like no text of the rules


class World:
    """Variables of facts, rows, day and place for some versions of a pack; ``loose`` leaves aggregates unbound."""

    def __init__(self, pack: Pack, versions: Iterable[Version], *, loose: bool = False) -> None:
        """Nothing is bound but the calendar."""
        self.pack, self.versions, self.loose = pack, tuple(versions), loose
        self.bounds: list[Truth] = []
        self.facts: dict[str, Term] = {}
        self.sides: dict[str, Term] = {}
        self.rows: dict[str, list[RowSlot]] = {}
        self.folded: dict[tree.Node, Term] = {}
        self.read: dict[int, tuple[tree.Node, frozenset[str]]] = {}
        self.as_of = self.day("AS_OF", date.min, date.max)
        self.place = z3.Int("REGION")
        self.bounds.append(self.within(self.place, range(len(self.places))))

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The pack's region, and every region for which a figure of the rules differs."""
        own = {v.region for version in self.versions for p in version.parameters.values() for v in p.values}
        return tuple(dict.fromkeys((self.pack.region, *sorted(own - {""}))))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every text that can matter, in order: literals, codes, and texts that begin so or otherwise."""
        nodes = [n for v in self.versions for top in v_nodes(v) for n in tree.walk(top)]
        nodes += self.pack.texts_derived_from
        literals = {n.value for n in nodes if isinstance(n, tree.Str)}
        literals |= {str(p.value) for v in self.versions for q in v.parameters.values() for p in q.values}
        literals |= {t for v in self.versions for e in v.examples for t in e.facts.values() if isinstance(t, str)}
        starts = {n.prefix for n in nodes if isinstance(n, tree.Like)} | {OTHER}
        free = sum(f.type is FactType.TEXT for f in self.pack.facts.values()) + KINDS
        codes = {code for listed in self.pack.codes.values() for code in listed.by_code}
        return tuple(sorted(literals | codes | starts | {f"{s}·{i}" for s in starts for i in range(free)}))

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each text; their order is that of the texts."""
        return {text: index for index, text in enumerate(self.texts)}

    def begins(self, prefix: str) -> list[int]:
        """The numbers of texts that begin so."""
        return [i for i, text in enumerate(self.texts) if text.startswith(prefix)]

    def within(self, variable: Any, numbers: Iterable[int]) -> Truth:
        """One of some whole numbers, written as few ranges."""
        listed = sorted(numbers)
        starts = [listed[0], *(b for a, b in pairwise(listed) if b > a + 1)] if listed else []
        ends = [*(a for a, b in pairwise(listed) if b > a + 1), listed[-1]] if listed else []
        return any_of(*(z3.And(variable >= a, variable <= b) for a, b in zip(starts, ends, strict=True)))

    def day(self, name: str, first: date, last: date) -> Moment:
        """A variable day between two days."""
        found = Moment(z3.Int(f"{name}.months"), z3.Int(f"{name}.day"))
        length = month_length(found.months)
        self.bounds += [found.day >= 1, found.day <= length]
        self.bounds += [no(less(found, moment(first))), no(less(moment(last), found))]
        return found

    def fact(self, name: str) -> Term:
        """The variable of a plain fact."""
        if name not in self.facts:
            self.facts[name] = self.variable(self.pack.facts[name], name)
        return self.facts[name]

    def side(self, name: str, mark: str) -> Term:
        """A second variable for the same fact: the same subject with another value."""
        label = f"{name}{mark}"
        if label not in self.sides:
            self.sides[label] = self.variable(self.pack.facts[name], label)
        return self.sides[label]

    def variable(self, fact: Fact, label: str) -> Term:
        """A variable of the fact's type, within its range and list."""
        absent: Truth = z3.Bool(f"{label}.absent") if fact.may_be_absent else False
        return Term(self.value(fact, label), absent=absent)

    def value(self, fact: Fact, label: str) -> Any:
        """The bare variable."""
        if fact.type is FactType.BOOLEAN:
            return z3.Bool(label)
        if fact.type is FactType.DATE:
            return self.day(label, fact.earliest or date.min, fact.latest or date.max)
        if fact.type is FactType.CODES:
            return {code: z3.Bool(f"{label}.{code}") for code in self.pack.codes[fact.codes].by_code}
        whole = fact.type in {FactType.INTEGER, FactType.CODE, FactType.TEXT}
        found = z3.Int(label) if whole else z3.Real(label)
        if fact.type is FactType.CODE:
            self.bounds.append(self.within(found, (self.numbers[c] for c in self.pack.codes[fact.codes].by_code)))
        elif fact.type is FactType.TEXT:
            self.bounds.append(self.within(found, range(len(self.texts))))
        self.bounds += [] if fact.minimum is None else [found >= limit(fact.minimum)]
        self.bounds += [] if fact.maximum is None else [found <= limit(fact.maximum)]
        return found

    def slots(self, name: str) -> list[RowSlot]:
        """The kinds of row of one sort."""
        if name not in self.rows:
            kind, self.rows[name] = self.pack.rows[name], []
            for index in range(KINDS):
                times = z3.Int(f"{name}{index}.times")
                self.bounds.append(times >= 0)
                columns = {c: self.variable(f, f"{name}{index}.{c}") for c, f in kind.columns.items()}
                self.rows[name].append(RowSlot(times, columns))
        return self.rows[name]

    def fold(self, node: tree.Aggregate, outer: Translator) -> Term:
        """An aggregate over rows."""
        slots = self.slots(node.rows)
        inner = [outer.over(slot.columns) for slot in slots]
        chosen = [Term(True) if node.where is None else t.term(node.where) for t in inner]
        values = [Term(z3.IntVal(1)) if node.value is None else t.term(node.value) for t in inner]
        found = fold(node, slots, chosen, values)
        if not self.loose:
            return found
        if node not in self.folded:
            self.folded[node] = self.unbound(node, found, len(self.folded))
        return self.folded[node]

    def unbound(self, node: tree.Aggregate, like: Term, index: int) -> Term:
        """A value of the aggregate's kind that nothing binds but that a count is none below zero."""
        name = f"rows.{index}"
        if isinstance(like.value, Moment):
            return Term(self.day(name, date.min, date.max), z3.Bool(f"{name}.known"), self.nothing(node, name))
        found = z3.Const(name, z3.BoolSort() if isinstance(like.value, bool) else like.value.sort())
        self.bounds += [found >= 0] if node.func == "COUNT" else []
        return Term(found, z3.Bool(f"{name}.known"), self.nothing(node, name))

    @staticmethod
    def nothing(node: tree.Aggregate, name: str) -> Truth:
        """Whether there are no rows to take it of: counts and sums of nothing are zero."""
        return False if node.func in {"COUNT", "SUM"} else z3.Bool(f"{name}.absent")

    def translator(
        self, lookup: Callable[[str], Term], base: Callable[[tree.Node], Term | None] = lambda _node: None
    ) -> Translator:
        """Reads expressions over ``lookup``; ``base`` gives terms that are read already."""
        return Translator(lookup, self.as_of, self.numbers.__getitem__, self.begins, self.fold, base)

    def names(self, node: tree.Node) -> frozenset[str]:
        """Every name in an expression, through derivations; columns of rows are counted as if they were facts."""
        if id(node) not in self.read:
            found = self.roots(node.name) if isinstance(node, tree.Name) else frozenset()
            self.read[id(node)] = (node, found.union(*map(self.names, tree.children(node))))
        return self.read[id(node)][1]

    def roots(self, name: str) -> frozenset[str]:
        """A name and all that it is worked out from."""
        fact = self.pack.facts.get(name)
        return frozenset({name}) | (self.names(fact.value) if fact is not None and fact.value is not None else set())

    def in_force(self, version: Version) -> Truth:
        """The day is in the version's period."""
        first, last = version.valid_from, version.valid_to
        after = True if first is None else no(less(self.as_of, moment(first)))
        return all_of(after, True if last is None else no(less(moment(last), self.as_of)))


def limit(value: Fraction) -> Any:
    """An end of a range."""
    return z3.Q(value.numerator, value.denominator)
