"""The language's meaning over columns: the reference interpreter, one line a kind of node, for all rows at once."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from chuangbao.rules import tree
from chuangbao.rules.batch import arith, days
from chuangbao.rules.batch.frame import Frame, Sets, Words
from chuangbao.rules.batch.masks import Mask, both, count, either, inverse, packed, pick, spread, without
from chuangbao.rules.batch.values import NotColumnarError, Truth, Vec, as_truth, as_vec
from chuangbao.rules.check import FLIPPED
from chuangbao.rules.model import FactType
from chuangbao.rules.runtime import exact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chuangbao.rules.batch.frame import Plain
    from chuangbao.rules.batch.plan import Derivation

__all__ = ["UNKNOWN", "Vector"]

Value = Vec | Truth
UNKNOWN = tree.Name("")  # a parameter without a value on the day; no fact has an empty name
TEXTS = {FactType.TEXT, FactType.CODE}


class Vector:
    """Evaluates trees over one frame and remembers every part: equal parts must be the same object."""

    def __init__(self, frame: Frame, facts: Mapping[str, Derivation], as_of: date, words: Words) -> None:
        """``words`` number the texts of the frame."""
        self.frame, self.facts, self.as_of, self.words = frame, facts, as_of, words
        self.held: dict[int, Value] = {}
        self.met: dict[tuple[str, int, int], Truth] = {}

    def value(self, node: tree.Node) -> Value:
        """The column of values of a node."""
        found = self.held.get(id(node))
        if found is None:
            found = self.held[id(node)] = KINDS[type(node)](self, node)
        return found

    def truth(self, node: tree.Node) -> Truth:
        """The verdicts of a condition."""
        return as_truth(self.value(node))

    def number(self, node: tree.Node) -> Vec:
        """The numbers of a node."""
        return as_vec(self.value(node), self.frame.size)

    def absent(self, _node: tree.Null) -> Value:
        """Known absence."""
        return Vec(0, known=False, absent=True)

    def name(self, node: tree.Name) -> Value:
        """A fact: what is given, else what follows from other facts."""
        return self.fact(node.name)

    def fact(self, name: str) -> Value:
        """See ``name``."""
        fact, column = self.facts.get(name), self.frame.plain(name)
        if fact is None or fact.value is None:
            return Vec(0, known=False) if column is None else column.value()
        return self.said(column, fact.value)

    def known_figure(self, node: tree.Given) -> Value:
        """A fact that the pack knows by itself where nothing is said."""
        return self.said(self.frame.plain(node.fact.name), node.figure)

    def said(self, column: Plain | None, other: tree.Node) -> Value:
        """What a column says, else what another part gives."""
        derived = self.value(other)
        if column is None:
            return derived
        return mixed(either(column.known, column.absent), column.value(), derived, self.frame.size)

    def arith(self, node: tree.Arith) -> Value:
        """Sum, difference, product, quotient."""
        left, right = self.number(node.left), self.number(node.right)
        match node.op:
            case "+":
                return arith.add(left, right)
            case "-":
                return arith.add(left, arith.negative(right))
            case "*":
                return arith.times(left, right)
        return arith.divide(left, right)

    def compare(self, node: tree.Compare) -> Value:
        """A comparison."""
        return self.compared(node.op, node.left, node.right)

    def compared(self, op: str, left: tree.Node, right: tree.Node) -> Truth:
        """The same, worked out once for equal parts in whatever node they stand."""
        key = (op, id(left), id(right))
        found = self.met.get(key)
        if found is None:
            found = self.met[key] = self.shortest(op, left, right)
        return found

    def shortest(self, op: str, left: tree.Node, right: tree.Node) -> Truth:
        """A comparison by the way that has the least to work out; every way says the same."""
        for one, other, sign in ((left, right, op), (right, left, FLIPPED[op])):
            found = self.shortcut(sign, one, other)
            if found is not None:
                return found
        return arith.compare(op, self.number(left), self.number(right))

    def shortcut(self, op: str, one: tree.Node, other: tree.Node) -> Truth | None:
        """A column meets a constant as it is; what is chosen out of some is compared before the choice, not after."""
        if isinstance(one, tree.Arith) and one.op == "/":
            return arith.compare_quotient(op, self.number(one.left), self.number(one.right), self.number(other))
        if isinstance(one, tree.Case) and all(
            isinstance(v, tree.Num) for v in (one.default, *(v for _, v in one.arms))
        ):
            return self.arms(op, one, other)
        if not isinstance(other, tree.Num):
            return None
        if isinstance(one, tree.Name):
            return self.straight(op, one.name, other)
        if isinstance(one, tree.Func) and one.name == "COALESCE":
            return self.first(op, one.args, other)
        return None

    def first(self, op: str, args: tuple[tree.Node, ...], constant: tree.Num) -> Truth:
        """COALESCE against a constant: the comparison of the first that is not absent."""
        found = self.compared(op, args[-1], constant)
        for arg in reversed(args[:-1]):
            here = self.compared(op, arg, constant)
            found = cast("Truth", mixed(inverse(self.absence(arg)), here, found, self.frame.size))
        return found

    def absence(self, node: tree.Node) -> Mask:
        """Where a part is known to be absent; of a given fact its numbers are not looked at."""
        if isinstance(node, tree.Name) and self.given(node.name):
            column = self.frame.plain(node.name)
            if column is not None:
                return column.absent
        return self.value(node).absent

    def arms(self, op: str, node: tree.Case, other: tree.Node) -> Truth:
        """CASE over constants: where only one of them can be meant, its comparison; elsewhere unknown."""
        reached: dict[tree.Node, Mask] = {}
        reach: Mask = True
        doubt: Mask = False
        for condition, value in node.arms:
            test = self.truth(condition)
            reached[value] = either(reached.get(value, False), both(reach, inverse(test.no)))
            reach, doubt = both(reach, inverse(test.yes)), either(doubt, test.doubt)
        reached[node.default] = either(reached.get(node.default, False), reach)
        found = Truth(False, False, doubt=doubt)
        for value, here in reached.items():
            for another, there in reached.items():
                here = here if another is value else both(here, inverse(there))  # noqa: PLW2901 - narrowed
            one = self.compared(op, value, other)
            yes, no = either(found.yes, both(here, one.yes)), either(found.no, both(here, one.no))
            found = Truth(yes, no, doubt=either(found.doubt, both(here, one.doubt)))
        return found

    def given(self, name: str) -> bool:
        """Whether a fact is only ever given, never worked out."""
        fact = self.facts.get(name)
        return fact is not None and fact.value is None

    def straight(self, op: str, name: str, constant: tree.Num) -> Truth | None:
        """A column as it lies in memory against a constant, where that is exact.

        The order of doubles is the order of their shortest decimals; a whole number meets whole numbers of its unit.
        """
        column = self.frame.plain(name)
        if column is None or not self.given(name) or column.kind not in {"float", "int"}:
            return None
        near: float | None
        if column.kind == "float":
            near = faithful(constant.value)
        else:
            near = int(constant.value * column.d) if (constant.value * column.d).denominator == 1 else None
        if near is None:
            return None
        yes = both(column.known, packed(arith.ORDERS[op](column.values, near)))
        return Truth(yes, without(column.known, yes), doubt=column.doubt)

    def between(self, node: tree.Between) -> Value:
        """Kleene's AND of both ends."""
        pairs = ((">=", node.low), ("<=", node.high))
        ends = [self.compared(op, node.operand, end) for op, end in pairs]
        return joined(ends, stops=False)

    def member(self, node: tree.In) -> Value:
        """IN: one equality after the other, over the same operand."""
        parts = [self.compared("=", node.operand, item) for item in node.items]
        yes: Mask = False
        doubt: Mask = False
        for part in parts:
            yes, doubt = either(yes, part.yes), either(doubt, part.doubt)
        return Truth(yes, both(self.number(node.operand).known, inverse(yes)), doubt=doubt)

    def like(self, node: tree.Like) -> Value:
        """A prefix, looked up by the number of the text."""
        operand = self.number(node.operand)
        if isinstance(operand.n, int):
            self.words.number("")
        table = self.words.beginning(node.prefix)
        yes = both(operand.known, packed(table[operand.n])) if len(table) else False
        return Truth(yes, without(operand.known, yes), doubt=operand.doubt)

    def is_null(self, node: tree.IsNull) -> Value:
        """Known absence against a value."""
        value = self.value(node.operand)
        if isinstance(value, Truth):
            return Truth(value.absent, either(value.yes, value.no), doubt=value.doubt)
        return Truth(value.absent, value.known, doubt=value.doubt)

    def negation(self, node: tree.Not) -> Value:
        """NOT turns both masks round."""
        value = self.truth(node.operand)
        return Truth(value.no, value.yes, doubt=value.doubt)

    def junction(self, node: tree.And | tree.Or) -> Value:
        """Kleene's AND and OR."""
        return joined([self.truth(item) for item in node.items], stops=isinstance(node, tree.Or))

    def case(self, node: tree.Case) -> Value:
        """The first arm that holds; while a WHEN is unknown, only a value that all reachable branches share."""
        arms: list[tuple[Mask, Value]] = []
        reach: Mask = True
        doubt: Mask = False
        for condition, value in node.arms:
            test = self.truth(condition)
            arms.append((both(reach, inverse(test.no)), self.value(value)))
            reach, doubt = both(reach, inverse(test.yes)), either(doubt, test.doubt)
        arms.append((reach, self.value(node.default)))
        found = arms[-1][1]
        taken = reach
        for here, branch in reversed(arms[:-1]):
            found = merged(here, branch, taken, found, self.frame.size)
            taken = either(taken, here)
        return doubted(found, doubt)

    def function(self, node: tree.Func) -> Value:
        """The named functions."""
        args = node.args
        match node.name:
            case "COALESCE":
                return self.coalesce(args)
            case "LEAST" | "GREATEST":
                return arith.extreme([self.number(a) for a in args], least=node.name == "LEAST")
            case "ROUND":
                digits = args[1].value if len(args) > 1 and isinstance(args[1], tree.Num) else 0
                return arith.rounded(self.number(args[0]), int(digits))
            case "ADD_MONTHS":
                return days.add_months(self.number(args[0]), self.number(args[1]))
        return self.simple(node.name, self.number(args[0]))

    def simple(self, name: str, x: Vec) -> Value:
        """The functions of one argument."""
        match name:
            case "ABS":
                return arith.absolute(x)
            case "FLOOR" | "CEIL":
                return arith.whole(x, up=name == "CEIL")
            case "YEAR":
                return days.year(x)
            case "MONTHS_SINCE":
                return days.months_since(x, self.as_of)
        return days.years_since(x, self.as_of)

    def coalesce(self, args: tuple[tree.Node, ...]) -> Value:
        """The first that is not absent."""
        found = self.value(args[-1])
        for arg in reversed(args[:-1]):
            value = self.value(arg)
            found = mixed(inverse(value.absent), value, found, self.frame.size)
        return found

    def contains(self, node: tree.Contains) -> Value:
        """Whether a set has one of the codes."""
        column = self.sets(node.operand)
        if column is None:
            return Truth(False, False)
        yes = both(column.known, column.having([self.words.number(item.value) for item in node.items]))
        return Truth(yes, without(column.known, yes))

    def sets(self, node: tree.Node) -> Sets | None:
        """The column of a set; none where nothing is known of it."""
        fact = self.facts.get(node.name) if isinstance(node, tree.Name) else None
        if fact is None or fact.value is not None:
            raise NotColumnarError("CONTAINS")
        return cast("Sets | None", self.frame.column(fact.name))

    def aggregate(self, node: tree.Aggregate) -> Value:
        """Over complete rows only: a row with an unknown WHERE or value makes the whole unknown."""
        rows = cast("Sets | None", self.frame.column(node.rows))
        if rows is None:
            return Vec(0, known=False)
        inner = Inner(self, rows)
        chosen = Truth(True, False) if node.where is None else inner.truth(node.where)
        values = Vec(1, 1, 1, 1) if node.value is None else inner.number(node.value)
        if node.func in {"MIN", "MAX"} and node.value is not None and self.wordy(rows, node.value):
            raise NotColumnarError(node.func)
        if chosen.doubt is not False or values.doubt is not False or values.err is not None or node.distinct:
            raise NotColumnarError(node.func)
        size = inner.frame.size
        taken = spread(chosen.yes, size)
        open_ = either(inverse(either(chosen.yes, chosen.no)), both(chosen.yes, inverse(values.known)))
        known = both(rows.known, packed(rows.sums(spread(open_, size)) == 0))
        return folded(node, rows, taken, values, known)

    def wordy(self, rows: Sets, node: tree.Node) -> bool:
        """Whether texts come into a value: their numbers have another order than they."""
        return any(
            rows.items[name].kind == "id"
            if name in rows.items
            else name in self.facts and self.facts[name].type in TEXTS
            for name in tree.names(node)
        )


class Inner(Vector):
    """Inside the rows of subjects: columns of the rows first, then what is known of the subject itself."""

    def __init__(self, outer: Vector, rows: Sets) -> None:
        """All items of all the subjects of the frame."""
        flat = rows.flat()
        columns = {name: column.take(flat) for name, column in rows.items.items()}
        super().__init__(Frame(len(flat), columns), outer.facts, outer.as_of, outer.words)
        self.outer, self.owners = outer, rows.owners()

    def fact(self, name: str) -> Value:
        """A column of the rows, or a fact of their subject."""
        column = self.frame.plain(name)
        return column.value() if column is not None else repeated(self.outer.fact(name), self.owners, self.outer)

    def known_figure(self, node: tree.Given) -> Value:
        """What a subject says of a fact, or the pack of its place, is the same for all its rows."""
        return repeated(self.outer.known_figure(node), self.owners, self.outer)

    def sets(self, node: tree.Node) -> Sets | None:
        """A set inside a row, or beside it, is left to the exact engine."""
        raise NotColumnarError(type(node).__name__)

    def aggregate(self, node: tree.Aggregate) -> Value:
        """So are rows inside of rows."""
        raise NotColumnarError(node.func)


@lru_cache(maxsize=1 << 14)
def faithful(number: tree.Number) -> float | None:
    """The double whose shortest decimal form is this number."""
    try:
        near = float(number)
    except OverflowError:
        return None
    return near if exact(near) == number else None


def repeated(value: Value, owners: Any, outer: Vector) -> Value:
    """What is known of subjects, for each of their rows."""

    def each(mask: Mask) -> Mask:
        return mask if isinstance(mask, bool) else packed(spread(mask, outer.frame.size)[owners])

    def numbers(part: Any) -> Any:
        return part[owners] if isinstance(part, np.ndarray) and part.ndim else part

    if isinstance(value, Truth):
        return Truth(each(value.yes), each(value.no), each(value.absent), each(value.doubt))
    masks = [each(m) for m in (value.known, value.absent, value.doubt)]
    return Vec(numbers(value.n), value.d, value.low, value.high, masks[0], masks[1], masks[2], numbers(value.err))


def folded(node: tree.Aggregate, rows: Sets, taken: Any, values: Vec, known: Mask) -> Value:
    """One number for each subject; MIN, MAX and AVG of nothing are absent, SUM and COUNT of nothing zero."""
    counts = rows.sums(taken)
    most = len(taken)
    number = Vec(counts, 1, 0, most, known)
    if node.func == "COUNT":
        return number
    n = np.where(taken, values.n, 0)
    if node.func in {"MIN", "MAX"}:
        return ends(node.func, rows, Vec(np.where(taken, values.n, 0), values.d, values.low, values.high), taken, known)
    low, high = min(values.low, 0) * most, max(values.high, 0) * most
    if not arith.fits(low, high):
        raise NotColumnarError(node.func)
    total = Vec(rows.sums(n), values.d, low, high, known)
    if node.func == "SUM":
        return total
    return replace(arith.divide(total, number), absent=both(known, packed(counts == 0)))


def ends(func: str, rows: Sets, values: Vec, taken: Any, known: Mask) -> Value:
    """The least or the largest value of each subject's rows."""
    owners = rows.owners()[taken]
    limit = values.high if func == "MIN" else values.low
    found = np.full(len(rows.lengths), limit, np.int64)
    (np.minimum if func == "MIN" else np.maximum).at(found, owners, values.n[taken])
    some = packed(rows.sums(taken) > 0)
    return Vec(found, values.d, values.low, values.high, both(known, some), both(known, inverse(some)))


def joined(parts: list[Truth], *, stops: bool) -> Truth:
    """Kleene's AND (stops at no) and OR (stops at yes)."""
    yes, no, doubt = parts[0].yes, parts[0].no, parts[0].doubt
    for part in parts[1:]:
        yes = either(yes, part.yes) if stops else both(yes, part.yes)
        no = both(no, part.no) if stops else either(no, part.no)
        doubt = either(doubt, part.doubt)
    return Truth(yes, no, doubt=doubt)


def mixed(mask: Mask, a: Value, b: Value, size: int) -> Value:
    """Row by row ``a`` where the mask holds, else ``b``; verdicts stay verdicts."""
    if isinstance(mask, bool):
        return a if mask else b
    if isinstance(a, Truth) and isinstance(b, Truth):
        pairs = ((a.yes, b.yes), (a.no, b.no), (a.absent, b.absent), (a.doubt, b.doubt))
        return Truth(*(pick(mask, x, y) for x, y in pairs))
    return arith.choose(mask, as_vec(a, size), as_vec(b, size), size)


def doubted(value: Value, doubt: Mask) -> Value:
    """The same with more doubt (never changing what is remembered elsewhere)."""
    if doubt is False:
        return value
    if isinstance(value, Truth):
        return Truth(value.yes, value.no, value.absent, either(value.doubt, doubt))
    return Vec(
        value.n, value.d, value.low, value.high, value.known, value.absent, either(value.doubt, doubt), value.err
    )


def merged(here: Mask, a: Value, there: Mask, b: Value, size: int) -> Value:
    """Branches ``a`` (reachable ``here``) and ``b`` (reachable ``there``): a value where only one is, or both agree."""
    torn = both(here, there)
    if not count(torn, size):
        return mixed(here, a, b, size)
    x, y = arith.common(as_vec(a, size), as_vec(b, size))
    equal = arith.compare("=", x, y)
    alike = either(equal.yes, both(x.absent, y.absent))
    apart = both(torn, inverse(alike))
    both_ways = as_vec(mixed(here, a, b, size), size)
    doubt = either(both_ways.doubt, both(torn, either(equal.doubt, y.doubt)))
    found = Vec(
        both_ways.n, both_ways.d, both_ways.low, both_ways.high,
        both(both_ways.known, inverse(apart)), both(both_ways.absent, inverse(apart)), doubt, both_ways.err,
    )  # fmt: skip
    return as_truth(found) if isinstance(a, Truth) and isinstance(b, Truth) else found


KINDS: dict[type[tree.Node], Any] = {
    tree.Num: lambda _, node: arith.literal(node.value),
    tree.Str: lambda self, node: Vec(n := self.words.number(node.value), 1, n, n),
    tree.Bool: lambda _, node: Truth(node.value, not node.value),
    tree.Day: lambda _, node: Vec(n := days.day_number(node.value), 1, n, n),
    tree.AsOf: lambda self, _: Vec(n := days.day_number(self.as_of), 1, n, n),
    tree.Null: Vector.absent,
    tree.Name: Vector.name,
    tree.Given: lambda self, node: self.known_figure(node),
    tree.Neg: lambda self, node: arith.negative(self.number(node.operand)),
    tree.Arith: Vector.arith,
    tree.Compare: Vector.compare,
    tree.Between: Vector.between,
    tree.In: Vector.member,
    tree.Like: Vector.like,
    tree.IsNull: Vector.is_null,
    tree.Not: Vector.negation,
    tree.And: Vector.junction,
    tree.Or: Vector.junction,
    tree.Case: Vector.case,
    tree.Func: Vector.function,
    tree.Contains: Vector.contains,
    tree.Aggregate: lambda self, node: self.aggregate(node),
}
