"""From a tree back to the text that means it: one canonical form, with brackets wherever they could matter."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from chuangbao.rules import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["unparse"]


def unparse(node: tree.Node) -> str:
    """The text of a tree; ``parse(unparse(node)) == node``."""
    return WRITERS[type(node)](node)


def inner(node: tree.Node) -> str:
    """An operand: in brackets unless it is one word."""
    text = unparse(node)
    plain = isinstance(node, tree.Name | tree.Str | tree.Bool | tree.Day | tree.AsOf | tree.Func | tree.Contains)
    whole = isinstance(node, tree.Num) and node.value >= 0
    return text if plain or whole or isinstance(node, tree.Aggregate) else f"({text})"


def number(node: tree.Num) -> str:
    """A decimal as written; every number of the language ends after finitely many digits."""
    value = Fraction(node.value)
    sign, value = ("-" if value < 0 else ""), abs(value)
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    text = str((value * 10**digits).numerator).rjust(digits + 1, "0")
    return f"{sign}{text[: len(text) - digits]}.{text[len(text) - digits :]}" if digits else f"{sign}{text}"


def quoted(text: str) -> str:
    """A text literal."""
    return "'" + text.replace("'", "''") + "'"


def listed(nodes: Iterable[tree.Node]) -> str:
    """Arguments."""
    return ", ".join(unparse(node) for node in nodes)


def case(node: tree.Case) -> str:
    """All arms and the ELSE."""
    arms = " ".join(f"WHEN {unparse(test)} THEN {unparse(value)}" for test, value in node.arms)
    return f"CASE {arms} ELSE {unparse(node.default)} END"


def contains(node: tree.Contains) -> str:
    """CONTAINS for one code, CONTAINS_ANY for several."""
    name = "CONTAINS" if len(node.items) == 1 else "CONTAINS_ANY"
    return f"{name}({unparse(node.operand)}, {listed(node.items)})"


def aggregate(node: tree.Aggregate) -> str:
    """A bracketed SELECT."""
    value = "*" if node.value is None else f"{'DISTINCT ' if node.distinct else ''}{unparse(node.value)}"
    where = f" WHERE {unparse(node.where)}" if node.where is not None else ""
    return f"(SELECT {node.func}({value}) FROM {node.rows}{where})"  # noqa: S608 - our own language, no database


WRITERS: dict[type[tree.Node], Callable[..., str]] = {
    tree.Num: number,
    tree.Str: lambda node: quoted(node.value),
    tree.Bool: lambda node: str(node.value).upper(),
    tree.Day: lambda node: f"DATE '{node.value.isoformat()}'",
    tree.Null: lambda _: "NULL",
    tree.AsOf: lambda _: "AS_OF",
    tree.Name: lambda node: node.name,
    tree.Neg: lambda node: f"-{inner(node.operand)}",
    tree.Arith: lambda node: f"{inner(node.left)} {node.op} {inner(node.right)}",
    tree.Compare: lambda node: f"{inner(node.left)} {node.op} {inner(node.right)}",
    tree.Between: lambda node: f"{inner(node.operand)} BETWEEN {inner(node.low)} AND {inner(node.high)}",
    tree.In: lambda node: f"{inner(node.operand)} IN ({listed(node.items)})",
    tree.Like: lambda node: f"{inner(node.operand)} LIKE {quoted(node.prefix + '%')}",
    tree.IsNull: lambda node: f"{inner(node.operand)} IS NULL",
    tree.Not: lambda node: f"NOT {inner(node.operand)}",
    tree.And: lambda node: " AND ".join(inner(item) for item in node.items),
    tree.Or: lambda node: " OR ".join(inner(item) for item in node.items),
    tree.Case: case,
    tree.Func: lambda node: f"{node.name}({listed(node.args)})",
    tree.Contains: contains,
    tree.Aggregate: aggregate,
}
