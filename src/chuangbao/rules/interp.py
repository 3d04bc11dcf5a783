"""The language's meaning, written to be read: one small method per kind of node.

It is the reference for the compiled engines, tells which unknown facts an answer waits for, and judges
what is too rare to compile (aggregates over rows).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from chuangbao.rules import awards, tree
from chuangbao.rules.runtime import (
    ABSENT,
    Value,
    add_months,
    exact,
    months_since,
    rounded,
    years_since,
)

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Interp"]

Row = Mapping[str, Value]
Rows = Callable[[str], "tuple[Row, ...] | None"]


@dataclass(frozen=True, slots=True)
class Interp:
    """Evaluates a checked tree: ``lookup`` gives the value of a name, ``rows`` the rows of a kind (None: unknown)."""

    lookup: Callable[[str], Value]
    as_of: date
    rows: Rows = lambda _name: None

    def value(self, node: tree.Node) -> Value:  # noqa: C901, PLR0911, PLR0912 - the language in one place, one line a kind
        """The value of ``node``; None while unknown."""
        match node:
            case tree.Num(value=v) | tree.Str(value=v) | tree.Bool(value=v) | tree.Day(value=v):
                return v
            case tree.Null():
                return ABSENT
            case tree.AsOf():
                return self.as_of
            case tree.Name(name=name):
                return self.lookup(name)
            case tree.Neg(operand=operand):
                number = self.number(operand)
                return None if number is None else -number
            case tree.Arith():
                return self.arith(node)
            case tree.Compare(op=op, left=left, right=right):
                return compare(op, self.value(left), self.value(right))
            case tree.Between(operand=operand, low=low, high=high):
                value = self.value(operand)
                return both(compare(">=", value, self.value(low)), compare("<=", value, self.value(high)))
            case tree.In(operand=operand, items=items):
                value = self.value(operand)
                return None if value is None else value in {self.value(i) for i in items}
            case tree.Like(operand=operand, prefix=prefix):
                value = self.value(operand)
                return None if value is None else str(value).startswith(prefix)
            case tree.IsNull(operand=operand):
                value = self.value(operand)
                return None if value is None else value is ABSENT
            case tree.Not(operand=operand):
                truth = self.truth(operand)
                return None if truth is None else not truth
            case tree.And(items=items):
                return self.kleene(items, stops_at=False)
            case tree.Or(items=items):
                return self.kleene(items, stops_at=True)
            case tree.Case():
                return self.case(node)
            case tree.Func(name="COALESCE", args=args):
                return self.coalesce(args)
            case tree.Func():
                return self.function(node)
            case tree.Contains(operand=operand, items=codes):
                members = self.value(operand)
                return None if members is None else bool(cast("frozenset[str]", members) & {c.value for c in codes})
            case tree.Aggregate():
                return self.aggregate(node)
        raise AssertionError(node)

    def truth(self, node: tree.Node) -> bool | None:
        """The value of a boolean node."""
        return cast("bool | None", self.value(node))

    def number(self, node: tree.Node) -> tree.Number | None:
        """The value of a numeric node."""
        return cast("tree.Number | None", self.value(node))

    def arith(self, node: tree.Arith) -> Value:
        """Exact arithmetic; anything divided by zero is unknown."""
        left, right = self.number(node.left), self.number(node.right)
        if left is None or right is None:
            return None
        if node.op == "/":
            return None if right == 0 else exact(Fraction(left) / right)
        return exact(left + right if node.op == "+" else left - right if node.op == "-" else left * right)

    def kleene(self, items: tuple[tree.Node, ...], *, stops_at: bool) -> bool | None:
        """AND (stops at False) and OR (stops at True): an unknown part decides nothing."""
        result: bool | None = not stops_at
        for item in items:
            truth = self.truth(item)
            if truth is stops_at:
                return stops_at
            if truth is None:
                result = None
        return result

    def case(self, node: tree.Case) -> Value:
        """The first arm that holds; while a WHEN is unknown, only a value that all reachable branches share."""
        reachable: list[Value] = []
        for condition, value in node.arms:
            truth = self.truth(condition)
            if truth is not False:
                reachable.append(self.value(value))
            if truth is True:
                break
        else:
            reachable.append(self.value(node.default))
        first = reachable[0]
        return first if all(same(first, other) for other in reachable[1:]) else None

    def coalesce(self, args: tuple[tree.Node, ...]) -> Value:
        """The first argument that is not absent; unknown if that is not known."""
        value: Value = ABSENT
        for arg in args:
            value = self.value(arg)
            if value is not ABSENT:
                return value
        return value

    def function(self, node: tree.Func) -> Value:
        """The other functions: unknown as soon as one argument is."""
        args = [self.value(a) for a in node.args]
        if any(a is None for a in args):
            return None
        return FUNCTIONS[node.name](args, self.as_of)

    def aggregate(self, node: tree.Aggregate) -> Value:
        """Over complete rows only: a row with an unknown WHERE or value makes the whole unknown."""
        rows = self.rows(node.rows)
        if rows is None:
            return None
        values: list[Value] = []
        for row in rows:
            inner = Interp(self.over(row), self.as_of, self.rows)
            chosen = True if node.where is None else inner.truth(node.where)
            if chosen is None:
                return None
            if chosen:
                values.append(1 if node.value is None else inner.value(node.value))
        return None if any(v is None for v in values) else total(node, values)

    def over(self, row: Row) -> Callable[[str], Value]:
        """Names looked up in a row first."""
        return lambda name: row[name] if name in row else self.lookup(name)

    def missing(self, node: tree.Node) -> tuple[str, ...]:
        """The unknown names that an unknown value waits for, in order of first use."""
        found: dict[str, None] = {}
        self.collect(node, found)
        return tuple(found)

    def collect(self, node: tree.Node, found: dict[str, None]) -> None:
        """Walk down only where the value is unknown and only into branches that can be reached."""
        if self.value(node) is not None:
            return
        match node:
            case tree.Name(name=name):
                found[name] = None
            case tree.Aggregate(rows=awards.ROWS):
                names = [awards.question_of(name) for name in awards.literals(node)]
                found |= dict.fromkeys(names or [awards.ROWS])
            case tree.Aggregate(rows=rows):
                found |= dict.fromkeys(self.beside(node) or [rows])
            case tree.Case():
                for part in self.reachable(node):
                    self.collect(part, found)
            case _:
                for child in tree.children(node):
                    self.collect(child, found)

    def beside(self, node: tree.Aggregate) -> list[str]:
        """The unknown names of the subject itself that an aggregate over given rows reads."""
        rows = self.rows(node.rows)
        return [] if not rows else [n for n in tree.outer_names(node, {node.rows: rows[0]}) if self.lookup(n) is None]

    def reachable(self, node: tree.Case) -> list[tree.Node]:
        """The parts of a CASE that can still matter."""
        parts: list[tree.Node] = []
        for condition, value in node.arms:
            truth = self.truth(condition)
            parts += [condition] if truth is None else []
            parts += [value] if truth is not False else []
            if truth is True:
                return parts
        return [*parts, node.default]


def compare(op: str, left: Value, right: Value) -> bool | None:
    """A comparison; unknown when a side is."""
    if left is None or right is None:
        return None
    return COMPARE[op](left, right)


def both(left: bool | None, right: bool | None) -> bool | None:  # noqa: FBT001 - truth values are the arguments
    """Kleene's AND of two."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def same(left: Value, right: Value) -> bool:
    """Whether two values are known and equal (True is not 1)."""
    return left is not None and right is not None and left == right


def total(node: tree.Aggregate, values: list[Value]) -> Value:
    """Fold the values of an aggregate; MIN, MAX and AVG of nothing are absent, SUM and COUNT of nothing zero."""
    if node.distinct:
        values = list(dict.fromkeys(values))
    if node.func == "COUNT":
        return len(values)
    numbers = cast("list[int]", values)
    if node.func == "SUM":
        return exact(sum(numbers))
    if not numbers:
        return ABSENT
    if node.func == "AVG":
        return exact(Fraction(sum(numbers)) / len(numbers))
    return min(numbers) if node.func == "MIN" else max(numbers)


Compare = Callable[[object, object], bool]
COMPARE: dict[str, Compare] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: cast("int", a) < cast("int", b),
    "<=": lambda a, b: cast("int", a) <= cast("int", b),
    ">": lambda a, b: cast("int", a) > cast("int", b),
    ">=": lambda a, b: cast("int", a) >= cast("int", b),
}
Args = list[Value]
FUNCTIONS: dict[str, Callable[[Args, date], Value]] = {
    "LEAST": lambda args, _: min(cast("list[int]", args)),
    "GREATEST": lambda args, _: max(cast("list[int]", args)),
    "ABS": lambda args, _: abs(cast("int", args[0])),
    "ROUND": lambda args, _: rounded(cast("int", args[0]), cast("int", args[1]) if len(args) > 1 else 0),
    "FLOOR": lambda args, _: math.floor(cast("int", args[0])),
    "CEIL": lambda args, _: math.ceil(cast("int", args[0])),
    "YEAR": lambda args, _: cast("date", args[0]).year,
    "ADD_MONTHS": lambda args, _: add_months(cast("date", args[0]), cast("int", args[1])),
    "MONTHS_SINCE": lambda args, as_of: months_since(cast("date", args[0]), as_of),
    "YEARS_SINCE": lambda args, as_of: years_since(cast("date", args[0]), as_of),
}
