"""The checked tree of an expression: the few node kinds that the language has, and nothing else.

Every engine (one subject, columns, a cluster) reads this tree; sqlglot is only the door.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Mapping
    from datetime import date

__all__ = [
    "Aggregate",
    "And",
    "Arith",
    "AsOf",
    "Between",
    "Bool",
    "Case",
    "Compare",
    "Contains",
    "Day",
    "Func",
    "In",
    "IsNull",
    "Like",
    "Name",
    "Neg",
    "Node",
    "Not",
    "Null",
    "Num",
    "Or",
    "Pos",
    "Str",
    "names",
    "outer_names",
    "walk",
]

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Pos:
    """Line and column inside the expression, both from 1."""

    line: int = 1
    column: int = 1


HERE = Pos()


@dataclass(frozen=True, slots=True)
class Node:
    """What all nodes share: a position that takes no part in equality."""

    pos: Pos = field(default=HERE, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Num(Node):
    """An exact number."""

    value: Number


@dataclass(frozen=True, slots=True)
class Str(Node):
    """A text or a code."""

    value: str


@dataclass(frozen=True, slots=True)
class Bool(Node):
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class Day(Node):
    """A calendar day."""

    value: date


@dataclass(frozen=True, slots=True)
class Null(Node):
    """Known absence."""


@dataclass(frozen=True, slots=True)
class AsOf(Node):
    """The day for which the question is asked."""


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A fact, a parameter, or an earlier line of a benefit."""

    name: str


@dataclass(frozen=True, slots=True)
class Given(Node):
    """A fact: what was said, else the pack's own figure of the day and the place. Only a planner makes it."""

    fact: Name
    figure: Node


@dataclass(frozen=True, slots=True)
class Neg(Node):
    """Minus."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arith(Node):
    """``left op right`` with ``+ - * /``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """``left op right`` with ``= <> < <= > >=``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``x BETWEEN low AND high``, both ends included."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """``x IN (…)`` over literals."""

    operand: Node
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Like(Node):
    """``x LIKE 'prefix%'``."""

    operand: Node
    prefix: str


@dataclass(frozen=True, slots=True)
class IsNull(Node):
    """``x IS NULL``: asks for known absence."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Kleene's NOT."""

    operand: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """Kleene's AND."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Kleene's OR."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Case(Node):
    """``CASE WHEN … THEN … ELSE … END``."""

    arms: tuple[tuple[Node, Node], ...]
    default: Node


@dataclass(frozen=True, slots=True)
class Func(Node):
    """One of the named functions over values."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Contains(Node):
    """``CONTAINS`` and ``CONTAINS_ANY``: whether a set has one of the codes."""

    operand: Node
    items: tuple[Str, ...]


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """``(SELECT f(x) FROM rows WHERE …)`` over the rows of the same subject."""

    func: str
    rows: str
    value: Node | None
    where: Node | None
    distinct: bool = False


def children(node: Node) -> Iterator[Node]:
    """The nodes right below ``node``, left to right."""
    for name in operands(cast("Hashable", type(node))):
        yield from nodes_in(getattr(node, name))


@cache
def operands(kind: Hashable) -> tuple[str, ...]:
    """The fields of a kind of node in which nodes can lie."""
    return tuple(
        spec.name for spec in fields(cast("type[Node]", kind)) if "Node" in str(spec.type) or "Str" in str(spec.type)
    )


def nodes_in(value: object) -> Iterator[Node]:
    """Nodes inside a field: a node, or tuples of nodes to any depth."""
    if isinstance(value, Node):
        yield value
    for part in value if isinstance(value, tuple) else ():
        yield from nodes_in(part)


def walk(node: Node) -> Iterator[Node]:
    """``node`` and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def names(node: Node) -> tuple[str, ...]:
    """The names that an expression reads, in order of first use (columns of rows are not names)."""
    found: dict[str, None] = {}
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Name):
            found[current.name] = None
        elif not isinstance(current, Aggregate):
            waiting += reversed(list(children(current)))
    return tuple(found)


def outer_names(node: Node, columns: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The names that an expression reads of the subject itself, inside aggregates too, in order of first use.

    ``columns`` gives the columns of each kind of rows: inside these rows they come before all other names.
    """
    found: dict[str, None] = {}
    waiting: list[tuple[Node, frozenset[str]]] = [(node, frozenset())]
    while waiting:
        current, hidden = waiting.pop()
        if isinstance(current, Name):
            found |= {} if current.name in hidden else {current.name: None}
            continue
        if isinstance(current, Aggregate):
            hidden |= frozenset(columns.get(current.rows, ()))
        waiting += [(child, hidden) for child in reversed(list(children(current)))]
    return tuple(found)
