"""Conditions as rows (条件搭建): fact, comparison, value, for people who do not write expressions.

A condition is one list of rows, all of which or any of which must hold. What is nested deeper stays as the text
that someone wrote by hand: it is shown, kept and never taken apart. ``rows(expression(sheet)) == sheet`` for
every sheet, and the text that comes out means what the text that went in meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from chuangbao.rules import tree
from chuangbao.rules.parse import parse
from chuangbao.rules.unparse import number, unparse

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["OPS", "Hand", "Row", "Sheet", "Value", "expression", "literal", "sheet_of"]

OPS = ("=", "<>", "<", "<=", ">", ">=", "between", "in", "not_in", "like", "contains", "is_true", "is_false",
       "is_absent", "is_present")  # fmt: skip
COMPARISONS = OPS[:6]


@dataclass(frozen=True, slots=True)
class Value:
    """What a fact is compared with: a ``number``, a ``text``, a ``day`` or the ``name`` of a parameter or fact."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison."""

    fact: str
    op: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Hand:
    """A part written by hand: read-only here, edited in the text."""

    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One condition: rows of which all or any must hold."""

    rows: tuple[Row | Hand, ...]
    join: str = "all"


def sheet_of(text: str) -> Sheet:
    """The rows of an expression.

    Raises RuleError when the language does not have it.
    """
    node = parse(text)
    if isinstance(node, tree.And | tree.Or):
        return Sheet(tuple(row_of(item) for item in node.items), "all" if isinstance(node, tree.And) else "any")
    return Sheet((row_of(node),))


def expression(sheet: Sheet) -> str:
    """The text of a sheet; TRUE where it has no row, since nothing is asked then."""
    nodes = tuple(node_of(row) for row in sheet.rows)
    if len(nodes) < 2:  # noqa: PLR2004 - one row is joined with nothing
        return unparse(nodes[0]) if nodes else "TRUE"
    return unparse(tree.And(nodes) if sheet.join == "all" else tree.Or(nodes))


def row_of(node: tree.Node) -> Row | Hand:
    """The row that says the same, or the text where no row can."""
    match node:
        case tree.Name(name=name):
            return Row(name, "is_true")
        case tree.Not(operand=inner):
            found = turned(inner)
        case _:
            found = plain_row(node)
    return found or Hand(unparse(node))


def turned(node: tree.Node) -> Row | None:
    """The row for NOT something."""
    match node:
        case tree.Name(name=name):
            return Row(name, "is_false")
        case tree.IsNull(operand=tree.Name(name=name)):
            return Row(name, "is_present")
        case tree.In(operand=tree.Name(name=name), items=items):
            return with_values(name, "not_in", items)
    return None


def plain_row(node: tree.Node) -> Row | None:
    """The row for what is not turned round."""
    match node:
        case tree.Compare(op=op, left=tree.Name(name=name), right=right):
            return with_values(name, op, (right,))
        case tree.Between(operand=tree.Name(name=name), low=low, high=high):
            return with_values(name, "between", (low, high))
        case tree.In(operand=tree.Name(name=name), items=items):
            return with_values(name, "in", items)
        case tree.Contains(operand=tree.Name(name=name), items=items):
            return with_values(name, "contains", items)
        case tree.Like(operand=tree.Name(name=name), prefix=prefix):
            return Row(name, "like", (Value("text", prefix),))
        case tree.IsNull(operand=tree.Name(name=name)):
            return Row(name, "is_absent")
    return None


def with_values(name: str, op: str, nodes: Sequence[tree.Node]) -> Row | None:
    """A row with values; None where one of them is more than a word."""
    values = [value_of(node) for node in nodes]
    known = tuple(value for value in values if value is not None)
    return Row(name, op, known) if len(known) == len(values) else None


def value_of(node: tree.Node) -> Value | None:
    """A literal or a name."""
    match node:
        case tree.Num():
            return Value("number", number(node))
        case tree.Str(value=text):
            return Value("text", text)
        case tree.Day(value=day):
            return Value("day", day.isoformat())
        case tree.Name(name=name):
            return Value("name", name)
    return None


def literal(value: Value) -> tree.Node:
    """The node of a value.

    Raises ValueError for a figure or a day that is none.
    """
    if value.kind == "number":
        figure = Fraction(value.text)
        return tree.Num(figure.numerator if figure.denominator == 1 else figure)
    if value.kind == "day":
        return tree.Day(date.fromisoformat(value.text))
    return tree.Str(value.text) if value.kind == "text" else tree.Name(value.text)


def node_of(row: Row | Hand) -> tree.Node:
    """The expression of a row."""
    if isinstance(row, Hand):
        return parse(row.text)
    name, values = tree.Name(row.fact), tuple(literal(value) for value in row.values)
    if row.op in COMPARISONS:
        return tree.Compare(row.op, name, values[0])
    if row.op == "between":
        return tree.Between(name, values[0], values[1])
    return {
        "in": lambda: tree.In(name, values),
        "not_in": lambda: tree.Not(tree.In(name, values)),
        "like": lambda: tree.Like(name, row.values[0].text),
        "contains": lambda: tree.Contains(name, tuple(v for v in values if isinstance(v, tree.Str))),
        "is_true": lambda: name,
        "is_false": lambda: tree.Not(name),
        "is_absent": lambda: tree.IsNull(name),
        "is_present": lambda: tree.Not(tree.IsNull(name)),
    }[row.op]()
