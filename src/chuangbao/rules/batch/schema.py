"""What the columns of a snapshot may be, and what is wrong with them: reported per column, with counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

import polars as pl

from chuangbao.rules.diagnostics import nearest
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from chuangbao.rules.model import Fact, Pack

__all__ = ["ABSENT", "REGION", "SUBJECT", "Problem", "SnapshotError", "checks", "coded", "is_place", "schema_problems"]

SUBJECT = "subject"
REGION = "region"
ABSENT = "__absent"
INTEGERS = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32)
NUMBERS = (*INTEGERS, pl.Float64)
WORDS = (pl.String, pl.Categorical, pl.Enum)
HELD: dict[FactType, tuple[tuple[type[pl.DataType], ...], str]] = {
    FactType.BOOLEAN: ((pl.Boolean,), "boolean"),
    FactType.DATE: ((pl.Date,), "date"),
    FactType.TEXT: (WORDS, "text"),
    FactType.CODE: (WORDS, "text"),
    FactType.CODES: ((pl.List,), "list of text"),
}
NUMERIC = ((*NUMBERS, pl.Decimal), "whole number, double or decimal")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a column, with the number of rows it concerns (0: the column as a whole)."""

    column: str
    message: str
    count: int = 0
    hint: str = ""

    def __str__(self) -> str:
        """One line for a terminal."""
        rows = f"{self.count} row{'s' if self.count > 1 else ''}: " if self.count else ""
        return f"{self.column}: {rows}{self.message}" + (f" ({self.hint})" if self.hint else "")


class SnapshotError(Exception):
    """A snapshot that cannot be judged; carries every problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems; the message lists them all."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


def schema_problems(pack: Pack, schema: Mapping[str, pl.DataType], *, subject: bool) -> list[Problem]:
    """What is wrong before a single row is read."""
    found = []
    if SUBJECT in schema and not isinstance(schema[SUBJECT], (*WORDS, *INTEGERS, pl.UInt64)):
        found.append(Problem(SUBJECT, f"an id is a text or a whole number, not {schema[SUBJECT]}"))
    if subject and SUBJECT not in schema:
        found.append(Problem(SUBJECT, "the column with the id of each subject is missing"))
    for name, dtype in schema.items():
        if name != SUBJECT:
            found += column_problems(pack, name, dtype, schema)
    return found


def is_place(pack: Pack, name: str) -> bool:
    """Whether a column says where each subject is, in a pack that has no fact of that name."""
    return name == REGION and REGION not in pack.facts


def column_problems(pack: Pack, name: str, dtype: pl.DataType, schema: Mapping[str, pl.DataType]) -> list[Problem]:
    """What is wrong with one column."""
    if name.endswith(ABSENT) and name.removesuffix(ABSENT) in pack.facts:
        return absent_problems(pack.facts[name.removesuffix(ABSENT)], name, dtype, schema)
    if name in pack.rows:
        return row_problems(pack, name, dtype)
    if is_place(pack, name):
        fine = isinstance(dtype, WORDS) or dtype == pl.Null
        return [] if fine else [Problem(name, f"a column of text is expected for a region, not {dtype}")]
    fact = pack.facts.get(name)
    if fact is None:
        guess = nearest(name, [*pack.facts, *pack.rows, SUBJECT])
        return [Problem(name, "no such fact", hint=f"did you mean {guess}?" if guess else "")]
    return type_problems(fact, name, dtype)


def absent_problems(fact: Fact, name: str, dtype: pl.DataType, schema: Mapping[str, pl.DataType]) -> list[Problem]:
    """A mark of absence is beside a fact that may be absent."""
    if not fact.may_be_absent:
        return [Problem(name, f"{fact.name} is never absent", hint="a null already means unknown")]
    if dtype != pl.Boolean:
        return [Problem(name, f"a column of boolean is expected, not {dtype}")]
    return [] if fact.name in schema else [Problem(name, f"the column {fact.name} beside it is missing")]


def type_problems(fact: Fact, name: str, dtype: pl.DataType) -> list[Problem]:
    """The column must hold values of the fact's type."""
    allowed, words = HELD.get(fact.type, NUMERIC)
    inner = dtype.inner if isinstance(dtype, pl.List) else None
    fine = isinstance(dtype, allowed) and (inner is None or isinstance(inner, WORDS))
    if fine or dtype == pl.Null:
        return []
    hint = "a single-precision number is not the decimal that was meant" if dtype == pl.Float32 else ""
    return [Problem(name, f"a column of {words} is expected for {fact.type}, not {dtype}", hint=hint)]


def row_problems(pack: Pack, name: str, dtype: pl.DataType) -> list[Problem]:
    """Rows are lists of structs with the declared columns."""
    inner = dtype.inner if isinstance(dtype, pl.List) else None
    if not isinstance(inner, pl.Struct):
        return [Problem(name, f"a column of lists of structs is expected for rows, not {dtype}")]
    found = []
    for entry in inner.fields:
        where, fact = f"{name}.{entry.name}", pack.rows[name].columns.get(entry.name)
        if fact is None:
            guess = nearest(entry.name, pack.rows[name].columns)
            found.append(Problem(where, "no such column", hint=f"did you mean {guess}?" if guess else ""))
        else:
            found += type_problems(fact, where, instance(entry.dtype))
    return found


def instance(kind: object) -> pl.DataType:
    """A field's type as an instance."""
    return kind if isinstance(kind, pl.DataType) else kind()  # type: ignore[operator]


Checked = tuple[str, str, pl.Expr]  # column, message, how many rows


def checks(pack: Pack, schema: Mapping[str, pl.DataType]) -> list[Checked]:
    """What is counted in every partition; all must be zero."""
    found: list[Checked] = []
    for name, dtype in schema.items():
        column = pl.col(name)
        if name == SUBJECT:
            found.append((name, "the id is missing", column.null_count()))
        elif name.endswith(ABSENT):
            both = column & pl.col(name.removesuffix(ABSENT)).is_not_null()
            found.append((name, "a value is given and marked as absent", both.sum()))
        elif is_place(pack, name):
            known = pl.col(name).cast(pl.String).is_in(list(pack.regions.periods))
            found.append((name, "there is no such region", (~known).sum()))
        elif name in pack.facts:
            found += value_checks(pack, pack.facts[name], name, column, dtype)
        else:
            found += rows_checks(pack, name, dtype)
    return found


def rows_checks(pack: Pack, name: str, dtype: pl.DataType) -> list[Checked]:
    """The same for the columns of rows."""
    holes = pl.col(name).list.eval(pl.element().is_null().sum()).explode().sum()
    found: list[Checked] = [(name, "a row of the list is null", holes)]
    for entry in cast("pl.Struct", cast("pl.List", dtype).inner).fields:
        fact = pack.rows[name].columns[entry.name]
        column = pl.col(name).explode().struct.field(entry.name)
        found += value_checks(pack, fact, f"{name}.{entry.name}", column, instance(entry.dtype))
    return found


def value_checks(pack: Pack, fact: Fact, where: str, column: pl.Expr, dtype: pl.DataType) -> list[Checked]:
    """What is counted of one column."""
    if dtype == pl.Null:
        return []
    if fact.type.numeric:
        return number_checks(fact, where, column, dtype)
    if fact.type is FactType.DATE:
        outside = ~column.is_between(date.min, date.max)
        return [(where, "the day lies outside the calendar (years 1 to 9999)", outside.sum())]
    if fact.type is FactType.CODE and "." in where:
        odd = ~column.cast(pl.String).is_in(list(pack.codes[fact.codes].spellings))
        return [(where, f"the code is not in the list {fact.codes}", odd.sum())]
    return []


def coded(pack: Pack, schema: Mapping[str, pl.DataType]) -> dict[str, pl.Expr]:
    """Columns of codes and of their sets as places in a list; what is in none becomes null, and is counted as that."""
    found = {}
    for name, dtype in schema.items():
        fact = pack.facts.get(name)
        if fact is None or fact.type not in {FactType.CODE, FactType.CODES} or dtype == pl.Null:
            continue
        places = pl.Enum(list(pack.codes[fact.codes].spellings))
        of_set = fact.type is FactType.CODES
        words, kind = (pl.List(pl.String), pl.List(places)) if of_set else (pl.String(), places)
        column = pl.col(name) if dtype == words else pl.col(name).cast(words)
        found[name] = column.cast(kind, strict=False)
    return found


def number_checks(fact: Fact, where: str, column: pl.Expr, dtype: pl.DataType) -> list[Checked]:
    """Finite, whole where the fact counts, within the range."""
    found: list[Checked] = []
    if dtype == pl.Float64:
        found.append((where, "not a number, or infinite", (~column.is_finite()).sum()))
    if fact.type is FactType.INTEGER and not isinstance(dtype, INTEGERS):
        broken = column % 1 != 0
        finite = column.is_finite() if dtype == pl.Float64 else True
        found.append((where, "a whole number is expected", (finite & broken).sum()))
    if fact.minimum is not None:
        text = f"below the least possible {float(fact.minimum):g}"
        found.append((where, text, (column < bound(fact.minimum)).sum()))
    if fact.maximum is not None:
        text = f"above the most possible {float(fact.maximum):g}"
        found.append((where, text, (column > bound(fact.maximum)).sum()))
    return found


def bound(number: Fraction) -> int | float:
    """An end of a range as a literal."""
    return number.numerator if number.denominator == 1 else float(number)
