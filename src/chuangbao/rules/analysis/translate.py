"""From the checked tree to z3: one small method per kind of node, as in the interpreter, whose meaning it keeps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import z3

from chuangbao.rules import tree
from chuangbao.rules.analysis.terms import (
    Moment,
    Term,
    Truth,
    all_of,
    any_of,
    choose,
    equal,
    less,
    moment,
    no,
    number,
    real,
    same_term,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Translator", "month_length"]

MONTHS = 12


@dataclass(frozen=True)
class Translator:
    """``lookup`` gives the term of a name, ``text`` the number of a text, ``begins`` the numbers of texts so begun."""

    lookup: Callable[[str], Term]
    as_of: Moment
    text: Callable[[str], int]
    begins: Callable[[str], list[int]]
    fold: Callable[[tree.Aggregate, Translator], Term]
    base: Callable[[tree.Node], Term | None] = lambda _node: None
    held: dict[int, tuple[tree.Node, Term]] = field(default_factory=dict)

    def over(self, columns: Mapping[str, Term]) -> Translator:
        """Names looked up in a row first."""
        lookup = lambda name: columns[name] if name in columns else self.lookup(name)  # noqa: E731 - short
        return replace(self, lookup=lookup, base=lambda _node: None, held={})

    def term(self, node: tree.Node) -> Term:
        """The term of ``node``, read once; ``base`` gives it where it has been read elsewhere."""
        if id(node) not in self.held:
            known = self.base(node)
            self.held[id(node)] = (node, self.read(node) if known is None else known)
        return self.held[id(node)][1]

    def read(self, node: tree.Node) -> Term:  # noqa: PLR0911 - the language in one place, one line a kind
        """See ``term``."""
        match node:
            case tree.Num() | tree.Str() | tree.Bool() | tree.Day():
                return self.constant(node.value)
            case tree.Null():
                return Term(None, absent=True)
            case tree.AsOf():
                return Term(self.as_of)
            case tree.Name(name=name):
                return self.lookup(name)
            case tree.Case(arms=arms, default=default):
                return self.case(arms, default)
            case tree.Func(name="COALESCE", args=args):
                return self.coalesce([self.term(a) for a in args])
            case tree.And(items=items) | tree.Or(items=items):
                return self.junction([self.term(i) for i in items], holds=isinstance(node, tree.And))
            case tree.Between(operand=operand, low=low, high=high):
                ends = (tree.Compare(">=", operand, low), tree.Compare("<=", operand, high))
                return self.term(tree.And(ends))
            case tree.Aggregate():
                return self.fold(node, self)
        return self.plain(node)

    def constant(self, value: object) -> Term:
        """A literal, or a parameter's value."""
        if isinstance(value, bool):
            return Term(value)
        if isinstance(value, date):
            return Term(moment(value))
        return Term(number(value) if isinstance(value, int | Fraction) else z3.IntVal(self.text(str(value))))

    def plain(self, node: tree.Node) -> Term:  # noqa: C901, PLR0911 - the same
        """What is unknown as soon as one of its parts is."""
        parts = [self.term(child) for child in tree.children(node) if not isinstance(node, tree.Contains)]
        if isinstance(node, tree.Contains):
            parts = [self.term(node.operand)]
        if any(p.value is None for p in parts) and not isinstance(node, tree.IsNull):
            return Term(None, known=False)  # a figure that the pack does not have yet: nothing to tell the solver
        known = all_of(*(p.known for p in parts))
        values = [p.value for p in parts]
        match node:
            case tree.Neg():
                return Term(-values[0], known)
            case tree.Arith(op=op):
                return arith(op, parts[0], parts[1])
            case tree.Compare(op=op):
                return Term(compare(op, values[0], values[1]), known)
            case tree.In():
                return Term(any_of(*(equal(values[0], v) for v in values[1:])), known)
            case tree.Like(prefix=prefix):
                return Term(any_of(*(values[0] == n for n in self.begins(prefix))), known)
            case tree.IsNull():
                return Term(parts[0].absent, known)
            case tree.Not():
                return Term(no(values[0]), known)
            case tree.Contains(items=items):
                return Term(any_of(*(values[0].get(i.value, False) for i in items)), known)
        found = FUNCTIONS[cast("tree.Func", node).name](values, self.as_of)
        return Term(found.value, all_of(known, found.known))

    def junction(self, parts: list[Term], *, holds: bool) -> Term:
        """Kleene's AND and OR."""
        if holds:
            true, false = all_of(*(p.holds for p in parts)), any_of(*(p.fails for p in parts))
        else:
            true, false = any_of(*(p.holds for p in parts)), all_of(*(p.fails for p in parts))
        known = True if all(p.known is True for p in parts) else any_of(true, false)
        return Term(true, known)

    def case(self, arms: tuple[tuple[tree.Node, tree.Node], ...], default: tree.Node) -> Term:
        """The first arm that holds; where a WHEN is unknown, only a value that all reachable branches share."""
        result = self.term(default)
        for when, then in reversed(arms):
            condition, value = self.term(when), self.term(then)
            shared = Term(value.value, all_of(value.known, same_term(value, result)), value.absent)
            result = choose(condition.holds, value, choose(condition.fails, result, shared))
        return result

    def coalesce(self, parts: list[Term]) -> Term:
        """The first part that is not absent."""
        result = parts[-1]
        for part in reversed(parts[:-1]):
            result = choose(all_of(part.known, part.absent), result, part)
        return result


def arith(op: str, left: Term, right: Term) -> Term:
    """Exact arithmetic; divided by zero is unknown."""
    known = all_of(left.known, right.known)
    if op == "/":
        return Term(real(left.value) / real(right.value), all_of(known, certainly(right.value != 0)))
    value = left.value + right.value if op == "+" else left.value - right.value if op == "-" else None
    return Term(left.value * right.value if value is None else value, known)


def certainly(truth: Any) -> Truth:
    """A truth that needs no solver, where it is one."""
    plain = z3.simplify(truth)
    return True if z3.is_true(plain) else False if z3.is_false(plain) else truth


def compare(op: str, left: Any, right: Any) -> Truth:
    """One of the six comparisons."""
    if op in {"=", "<>"}:
        return equal(left, right) if op == "=" else no(equal(left, right))
    if op in {"<", ">="}:
        return less(left, right) if op == "<" else no(less(left, right))
    return less(right, left) if op == ">" else no(less(right, left))


def extreme(values: list[Any], *, least: bool) -> Term:
    """LEAST and GREATEST."""
    best = values[0]
    for value in values[1:]:
        one, other = real(best), real(value)
        best = z3.If(one <= other if least else one >= other, one, other)
    return Term(best)


def rounded(value: Any, digits: int) -> Any:
    """Half away from zero."""
    scaled = real(value) * 10**digits
    whole = z3.If(scaled >= 0, z3.ToInt(scaled + z3.Q(1, 2)), -z3.ToInt(-scaled + z3.Q(1, 2)))
    return z3.ToReal(whole) / 10**digits if digits else whole


def floor(value: Any) -> Any:
    """The whole number not above."""
    return value if z3.is_int(value) else z3.ToInt(value)


def truncated(value: Any) -> Any:
    """The whole number toward zero."""
    return value if z3.is_int(value) else z3.If(value >= 0, z3.ToInt(value), -z3.ToInt(-value))


def month_length(months: Any) -> Any:
    """Days in the month."""
    year, month = months / MONTHS, months % MONTHS
    leap = z3.And(year % 4 == 0, z3.Or(year % 100 != 0, year % 400 == 0))
    short = z3.Or(*(month == m for m in (3, 5, 8, 10)))
    return z3.If(month == 1, z3.If(leap, z3.IntVal(29), z3.IntVal(28)), z3.If(short, z3.IntVal(30), z3.IntVal(31)))


def add_months(day: Moment, months: Any) -> Term:
    """The same day months later, clipped to the month's last day; unknown outside the calendar."""
    moved = day.months + truncated(months)
    length = month_length(moved)
    inside = z3.And(moved >= date.min.year * MONTHS, moved < (date.max.year + 1) * MONTHS)
    return Term(Moment(moved, z3.If(day.day < length, day.day, length)), certainly(inside))


def months_since(day: Moment, as_of: Moment) -> Any:
    """Full months; negative before the day."""

    def full(start: Moment, end: Moment) -> Any:
        return end.months - start.months - z3.If(end.day < start.day, z3.IntVal(1), z3.IntVal(0))

    return z3.If(less(as_of, day), -full(as_of, day), full(day, as_of))


def years_since(day: Moment, as_of: Moment) -> Any:
    """Full years: full months in twelves (a month is full on the same day, so 29 February is full on 1 March)."""
    months = months_since(day, as_of)
    return z3.If(months >= 0, months / MONTHS, -((-months) / MONTHS))


FUNCTIONS: dict[str, Callable[[list[Any], Moment], Term]] = {
    "LEAST": lambda values, _: extreme(values, least=True),
    "GREATEST": lambda values, _: extreme(values, least=False),
    "ABS": lambda values, _: Term(z3.If(values[0] >= 0, values[0], -values[0])),
    "ROUND": lambda values, _: Term(rounded(values[0], values[1].as_long() if len(values) > 1 else 0)),
    "FLOOR": lambda values, _: Term(floor(values[0])),
    "CEIL": lambda values, _: Term(-floor(-values[0])),
    "YEAR": lambda values, _: Term(values[0].months / MONTHS),
    "ADD_MONTHS": lambda values, _: add_months(values[0], values[1]),
    "MONTHS_SINCE": lambda values, as_of: Term(months_since(values[0], as_of)),
    "YEARS_SINCE": lambda values, as_of: Term(years_since(values[0], as_of)),
}
