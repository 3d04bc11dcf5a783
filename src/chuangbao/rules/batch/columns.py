"""Conditions as Polars expressions with exactly the language's meaning, or a plain refusal.

What is not provably the same over columns raises NotColumnarError: the caller asks the interactive engine.
A float column is read by its shortest decimal form, so a comparison of doubles is the exact one wherever
the threshold is itself the shortest decimal form of its double; other thresholds are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from chuangbao.rules import tree
from chuangbao.rules.check import FLIPPED
from chuangbao.rules.model import FactType
from chuangbao.rules.runtime import Value, exact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.rules.model import Fact

__all__ = ["Columns", "NotColumnarError"]

INT64 = 1 << 63


class NotColumnarError(ValueError):
    """This part of an expression is judged subject by subject."""


@dataclass(frozen=True)
class Columns:
    """Compiles conditions: ``schema`` is the file's, ``constants`` the parameters' values on the day."""

    facts: Mapping[str, Fact]
    schema: Mapping[str, pl.DataType]
    as_of: date
    constants: Mapping[str, Value] = field(default_factory=dict)

    def condition(self, node: tree.Node) -> pl.Expr:
        """A boolean column, null where the verdict is unknown."""
        match node:
            case tree.Bool(value=value):
                return pl.lit(value)
            case tree.Name(name=name) if name not in self.constants:
                return self.column(name, FactType.BOOLEAN)
            case tree.Not(operand=operand):
                return ~self.condition(operand)
            case tree.And(items=items):
                return pl.all_horizontal(self.condition(i) for i in items)
            case tree.Or(items=items):
                return pl.any_horizontal(self.condition(i) for i in items)
            case tree.Between(operand=operand, low=low, high=high):
                ends = (tree.Compare(">=", operand, low), tree.Compare("<=", operand, high))
                return pl.all_horizontal(self.condition(end) for end in ends)
            case _:
                return self.atom(node)

    def atom(self, node: tree.Node) -> pl.Expr:
        """A condition on one fact."""
        match node:
            case tree.Compare(op=op, left=tree.Name(name=name), right=right) if name not in self.constants:
                return self.compare(op, name, self.constant(right))
            case tree.Compare(op=op, left=left, right=tree.Name(name=name)) if name not in self.constants:
                return self.compare(FLIPPED[op], name, self.constant(left))
            case tree.In(operand=tree.Name(name=name), items=items):
                codes = [i.value for i in items if isinstance(i, tree.Str)]
                if len(codes) == len(items):
                    return self.column(name, FactType.CODE).is_in(codes)
            case tree.Like(operand=tree.Name(name=name), prefix=prefix):
                return self.column(name, FactType.CODE).str.starts_with(prefix)
        raise NotColumnarError(type(node).__name__)

    def constant(self, node: tree.Node) -> Value:
        """The value of a literal, the day, or a parameter."""
        match node:
            case tree.Num(value=v) | tree.Str(value=v) | tree.Bool(value=v) | tree.Day(value=v):
                return v
            case tree.AsOf():
                return self.as_of
            case tree.Name(name=name) if name in self.constants:
                return self.constants[name]
        raise NotColumnarError(type(node).__name__)

    def compare(self, op: str, name: str, value: Value) -> pl.Expr:
        """A fact against a constant; an unknown constant leaves it unknown."""
        if value is None:
            return pl.lit(None, dtype=pl.Boolean)
        column = self.column(name, kind_of(value))
        return OPERATORS[op](column, pl.lit(self.threshold(name, value)))

    def threshold(self, name: str, value: Value) -> object:
        """A number as the column's own type, where that loses nothing."""
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            return value
        if self.schema[name] == pl.Float64:
            try:
                near = float(value)
            except OverflowError:
                raise NotColumnarError(name) from None
            if exact(near) == value:
                return near
        elif self.schema[name] == pl.Int64 and isinstance(value, int) and -INT64 <= value < INT64:
            return value
        raise NotColumnarError(name)

    def column(self, name: str, kind: FactType) -> pl.Expr:
        """The column of a plain fact that is always there, of the kind the condition needs."""
        fact = self.facts.get(name)
        if fact is None or fact.value is not None or fact.may_be_absent or name not in self.schema:
            raise NotColumnarError(name)
        if self.schema[name] not in HELD[kind]:
            raise NotColumnarError(name)
        return pl.col(name)


def kind_of(value: Value) -> FactType:
    """The kind of fact that a constant compares with."""
    if isinstance(value, bool):
        return FactType.BOOLEAN
    if isinstance(value, int | Fraction):
        return FactType.DECIMAL
    return FactType.DATE if isinstance(value, date) else FactType.CODE


HELD: dict[FactType, tuple[object, ...]] = {
    FactType.BOOLEAN: (pl.Boolean,),
    FactType.DECIMAL: (pl.Float64, pl.Int64),
    FactType.DATE: (pl.Date,),
    FactType.CODE: (pl.String,),
}
OPERATORS = {
    "=": pl.Expr.__eq__,
    "<>": pl.Expr.__ne__,
    "<": pl.Expr.__lt__,
    "<=": pl.Expr.__le__,
    ">": pl.Expr.__gt__,
    ">=": pl.Expr.__ge__,
}
