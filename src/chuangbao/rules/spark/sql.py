"""Trees as Spark SQL with exactly the language's meaning, or a plain refusal (NotSqlError).

Unknown is NULL, and AND, OR and NOT of SQL are Kleene's. What differs is compiled around: LEAST and GREATEST skip
NULLs, CASE takes an unknown WHEN for false, decimals lose digits, and a quotient by zero is an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from chuangbao.rules import tree
from chuangbao.rules.batch.schema import ABSENT
from chuangbao.rules.batch.vector import UNKNOWN
from chuangbao.rules.model import FactType
from chuangbao.rules.spark import numbers
from chuangbao.rules.spark.numbers import NotSqlError, Number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chuangbao.rules.model import Fact, Pack

__all__ = ["NotSqlError", "Number", "Plain", "Words", "text_literal"]

ARMS = 3  # of a CASE: the text grows threefold with each
MONTHS_IN_YEAR = 12
DOUBLES = {FactType.MONEY: (13, 2), FactType.AREA: (11, 4)}  # digits before and after the point, 15 in all: a double
OTHER_DOUBLES = (9, 6)  # has one decimal of so many digits
WHOLES = {"tinyint": 3, "smallint": 5, "int": 10, "bigint": 19}


@dataclass(frozen=True, slots=True)
class Plain:
    """SQL text of a verdict, a day or a text."""

    text: str


Value = Number | Plain


@dataclass
class Words:
    """Words trees for one frame: ``columns`` are its columns by their SQL type, ``as_of`` is the day.

    ``odd`` gathers tests of rows that must be judged elsewhere: values that the columns of decimals cannot hold, and
    codes given by their label.
    """

    pack: Pack
    columns: Mapping[str, str]
    as_of: date
    odd: dict[str, str] = field(default_factory=dict)
    held: dict[str, Value] = field(default_factory=dict)

    def value(self, node: tree.Node) -> Value:
        """The SQL of any node."""
        if type(node) not in KINDS:
            raise NotSqlError(type(node).__name__)
        return KINDS[type(node)](self, node)

    def truth(self, node: tree.Node) -> str:
        """The SQL of a condition: a boolean."""
        found = self.value(node)
        if isinstance(found, Number):
            raise NotSqlError("a number where a verdict is expected")
        return found.text

    def number(self, node: tree.Node) -> Number:
        """The SQL of a number."""
        found = self.value(node)
        if isinstance(found, Plain):
            raise NotSqlError("no number")
        return found

    def cents(self, node: tree.Node) -> Number:
        """An amount as it is paid."""
        return numbers.rounded(self.number(node), 2)

    def name(self, node: tree.Name) -> Value:
        """A fact: given, or else worked out."""
        if node == UNKNOWN or node.name not in self.pack.facts:
            raise NotSqlError("a figure without a value")
        if node.name not in self.held:
            self.held[node.name] = self.fact(self.pack.facts[node.name])
        return self.held[node.name]

    def fact(self, fact: Fact) -> Value:
        """A column, a derivation, or both."""
        if fact.value is None:
            return self.column(fact)
        return self.said(fact, fact.value)

    def known_figure(self, node: tree.Given) -> Value:
        """A fact that the pack knows by itself where nothing is said."""
        return self.said(self.pack.facts[node.fact.name], node.figure)

    def said(self, fact: Fact, other: tree.Node) -> Value:
        """What a column says, else what another part gives."""
        derived = self.value(other)
        if fact.name not in self.columns:
            return derived
        return first_known(self.column(fact), derived)

    def column(self, fact: Fact) -> Value:
        """What the frame says; without a column nothing is known."""
        kind = self.columns.get(fact.name, "")
        if not kind:
            return unknown(fact)
        name = f"`{fact.name}`"
        if not fact.type.numeric:
            self.listed(fact, name)
            return Plain(name)
        if kind in WHOLES:
            return Number(f"CAST({name} AS DECIMAL({WHOLES[kind]}, 0))", WHOLES[kind])
        if kind.startswith("decimal("):
            precision, scale = map(int, kind.removeprefix("decimal(").rstrip(")").split(","))
            return Number(name, precision - scale, scale)
        return self.doubles(fact, name)

    def doubles(self, fact: Fact, name: str) -> Number:
        """Doubles as decimals; a row where one of them has more digits is odd."""
        whole, scale = DOUBLES.get(fact.type, OTHER_DOUBLES)
        text = f"try_cast({name} AS DECIMAL({whole + scale}, {scale}))"
        back = f"CAST({text} AS DOUBLE)"
        self.odd[fact.name] = f"({name} IS NOT NULL AND NOT coalesce({back} = {name}, FALSE))"
        return Number(text, whole, scale, plain=name)

    def listed(self, fact: Fact, name: str) -> None:
        """A code that is not in its list as it stands makes a row odd."""
        if fact.type not in {FactType.CODE, FactType.CODES}:
            return
        codes = quoted(self.pack.codes[fact.codes].by_code)
        inside = f"{name} IN ({codes})"
        if fact.type is FactType.CODES:
            inside = f"forall({name}, c -> c IN ({codes}))"
        self.odd[fact.name] = f"({name} IS NOT NULL AND NOT {inside})"

    def absent(self, name: str) -> str:
        """Whether a fact is known to be absent."""
        flag = name + ABSENT
        return f"coalesce(`{flag}`, FALSE)" if flag in self.columns else "FALSE"

    def sides(self, left: tree.Node, right: tree.Node, op: str) -> str:
        """A comparison of two nodes."""
        a, b = self.value(left), self.value(right)
        if isinstance(a, Number) and isinstance(b, Number):
            return numbers.compare(op, a, b)
        return f"({a.text} {op} {b.text})"

    def case(self, node: tree.Case) -> Value:
        """Arms from the last to the first: while a WHEN is unknown, only what both ways share."""
        if len(node.arms) > ARMS:
            raise NotSqlError(f"a CASE of {len(node.arms)} arms")
        found = self.value(node.default)
        for condition, value in reversed(node.arms):
            found = chosen(self.truth(condition), self.value(value), found)
        return found


def quoted(texts: Mapping[str, object] | tuple[str, ...]) -> str:
    """Texts as literals."""
    return ", ".join(text_literal(text) for text in texts)


def text_literal(text: str) -> str:
    """A text; what SQL could read otherwise is escaped."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def unknown(fact: Fact) -> Value:
    """Nothing is known of anybody."""
    if fact.type.numeric:
        return Number("CAST(NULL AS DECIMAL(1, 0))", 1)
    kinds = {FactType.BOOLEAN: "BOOLEAN", FactType.DATE: "DATE", FactType.CODES: "ARRAY<STRING>"}
    return Plain(f"CAST(NULL AS {kinds.get(fact.type, 'STRING')})")


def first_known(given: Value, derived: Value) -> Value:
    """An answer wins over its derivation."""
    if isinstance(given, Plain) or isinstance(derived, Plain):
        return Plain(f"coalesce({given.text}, {derived.text})")
    left, right = numbers.common(given, derived)
    whole, scale = max(left.whole, right.whole), max(left.scale, right.scale)
    return Number(f"coalesce({left.cast(whole, scale)}, {right.cast(whole, scale)})", whole, scale, left.over)


def chosen(test: str, yes: Value, other: Value) -> Value:
    """One WHEN: what holds, or what is the same either way."""
    if isinstance(yes, Number) and isinstance(other, Number):
        left, right = numbers.common(yes, other)
        whole, scale = max(left.whole, right.whole), max(left.scale, right.scale)
        a, b = left.cast(whole, scale), right.cast(whole, scale)
        return Number(branches(test, a, b), whole, scale, left.over)
    return Plain(branches(test, yes.text, other.text))


def branches(test: str, yes: str, other: str) -> str:
    """The text of one WHEN."""
    return f"CASE WHEN {test} THEN {yes} WHEN NOT {test} THEN {other} WHEN {yes} = {other} THEN {yes} END"


def emit_arith(words: Words, node: tree.Arith) -> Value:
    """Exact arithmetic."""
    left, right = words.number(node.left), words.number(node.right)
    if node.op == "/":
        return numbers.quotient(left, right)
    return numbers.times(left, right) if node.op == "*" else numbers.add(node.op, left, right)


def emit_negative(words: Words, node: tree.Neg) -> Value:
    """Minus."""
    number = words.number(node.operand)
    return Number(f"(- {number.text})", number.whole, number.scale, number.over)


def emit_between(words: Words, node: tree.Between) -> Value:
    """Kleene's AND of both ends."""
    low, high = words.sides(node.operand, node.low, ">="), words.sides(node.operand, node.high, "<=")
    return Plain(f"({low} AND {high})")


def emit_in(words: Words, node: tree.In) -> Value:
    """One of some literals."""
    return Plain("(" + " OR ".join(words.sides(node.operand, item, "=") for item in node.items) + ")")


def emit_is_null(words: Words, node: tree.IsNull) -> Value:
    """Known absence of a fact."""
    if not isinstance(node.operand, tree.Name):
        raise NotSqlError("absence of what is worked out")
    there, flag = words.value(node.operand).text, words.absent(node.operand.name)
    return Plain(f"CASE WHEN {flag} THEN TRUE WHEN {there} IS NOT NULL THEN FALSE END")


def emit_coalesce(words: Words, node: tree.Func) -> Value:
    """The SQL of absence."""
    found = words.value(node.args[-1])
    for arg in reversed(node.args[:-1]):
        if not isinstance(arg, tree.Name):
            raise NotSqlError("absence of what is worked out")
        found = replaced(words.absent(arg.name), found, words.value(arg))
    return found


def replaced(flag: str, other: Value, given: Value) -> Value:
    """``other`` where the flag is set."""
    if isinstance(other, Number) and isinstance(given, Number):
        left, right = numbers.common(other, given)
        whole, scale = max(left.whole, right.whole), max(left.scale, right.scale)
        text = f"CASE WHEN {flag} THEN {left.cast(whole, scale)} ELSE {right.cast(whole, scale)} END"
        return Number(text, whole, scale, left.over)
    return Plain(f"CASE WHEN {flag} THEN {other.text} ELSE {given.text} END")


def emit_func(words: Words, node: tree.Func) -> Value:
    """A named function."""
    if node.name not in FUNCTIONS:
        raise NotSqlError(node.name)
    return FUNCTIONS[node.name](words, node)


def emit_round(words: Words, node: tree.Func) -> Value:
    """ROUND to a literal number of decimals."""
    digits = node.args[1] if len(node.args) > 1 else tree.Num(0)
    return numbers.rounded(words.number(node.args[0]), int(digits.value) if isinstance(digits, tree.Num) else 0)


def emit_abs(words: Words, node: tree.Func) -> Value:
    """ABS."""
    number = words.number(node.args[0])
    return Number(f"abs({number.text})", number.whole, number.scale, number.over)


def emit_whole(words: Words, node: tree.Func) -> Value:
    """FLOOR and CEIL."""
    number = words.number(node.args[0])
    if number.over != 1:
        raise NotSqlError("the whole part of a quotient")
    whole = numbers.checked(number.whole + 1, 0)
    return Number(f"CAST({node.name.lower()}({number.text}) AS DECIMAL({whole}, 0))", whole)


def emit_year(words: Words, node: tree.Func) -> Value:
    """YEAR."""
    return Number(f"CAST(year({words.value(node.args[0]).text}) AS DECIMAL(10, 0))", 10)


def emit_since(words: Words, node: tree.Func) -> Value:
    """Full months or years up to the day; negative for a later one."""
    day, as_of = words.value(node.args[0]).text, words.as_of
    own = f"(year({day}) * 12 + month({day}))"
    last = as_of.year * MONTHS_IN_YEAR + as_of.month
    before = f"CASE WHEN day({day}) > {as_of.day} THEN 1 ELSE 0 END"
    after = f"CASE WHEN day({day}) < {as_of.day} THEN 1 ELSE 0 END"
    early = f"{day} <= {day_literal(as_of)}"
    months = f"CASE WHEN {early} THEN {last} - {own} - {before} ELSE {last} - {own} + {after} END"
    # whole years are whole twelves of months, towards zero, as `div` has it
    text = months if node.name == "MONTHS_SINCE" else f"(({months}) div {MONTHS_IN_YEAR})"
    return Number(f"CAST(CASE WHEN {day} IS NOT NULL THEN {text} END AS DECIMAL(10, 0))", 10)


def emit_add_months(words: Words, node: tree.Func) -> Value:
    """ADD_MONTHS by a literal; outside the calendar unknown."""
    months = node.args[1]
    if not isinstance(months, tree.Num):
        raise NotSqlError("ADD_MONTHS by a column")
    day, moved = words.value(node.args[0]).text, int(months.value)
    index = f"(year({day}) * 12 + month({day}) - 1 + {moved})"
    inside = f"{index} BETWEEN 12 AND {date.max.year * MONTHS_IN_YEAR + 11}"
    return Plain(f"CASE WHEN {inside} THEN add_months({day}, {moved}) END")


def day_literal(day: date) -> str:
    """A day."""
    return f"DATE '{day.isoformat()}'"


def joined(op: str) -> Callable[[Words, tree.And | tree.Or], Value]:
    """AND and OR."""
    return lambda words, node: Plain("(" + f" {op} ".join(words.truth(item) for item in node.items) + ")")


FUNCTIONS: dict[str, Callable[[Words, tree.Func], Value]] = {
    "LEAST": lambda words, node: numbers.extreme("least", [words.number(a) for a in node.args]),
    "GREATEST": lambda words, node: numbers.extreme("greatest", [words.number(a) for a in node.args]),
    "COALESCE": emit_coalesce,
    "ROUND": emit_round,
    "ABS": emit_abs,
    "FLOOR": emit_whole,
    "CEIL": emit_whole,
    "YEAR": emit_year,
    "MONTHS_SINCE": emit_since,
    "YEARS_SINCE": emit_since,
    "ADD_MONTHS": emit_add_months,
}
KINDS: dict[type[tree.Node], Callable[..., Value]] = {
    tree.Num: lambda _, node: numbers.literal(node.value),
    tree.Str: lambda _, node: Plain(text_literal(node.value)),
    tree.Bool: lambda _, node: Plain(str(node.value).upper()),
    tree.Day: lambda _, node: Plain(day_literal(node.value)),
    tree.AsOf: lambda words, _: Plain(day_literal(words.as_of)),
    tree.Name: Words.name,
    tree.Given: Words.known_figure,
    tree.Neg: emit_negative,
    tree.Arith: emit_arith,
    tree.Compare: lambda words, node: Plain(words.sides(node.left, node.right, node.op)),
    tree.Between: emit_between,
    tree.In: emit_in,
    tree.Like: lambda words, node: Plain(f"startswith({words.value(node.operand).text}, {text_literal(node.prefix)})"),
    tree.IsNull: emit_is_null,
    tree.Not: lambda words, node: Plain(f"(NOT {words.truth(node.operand)})"),
    tree.And: joined("AND"),
    tree.Or: joined("OR"),
    tree.Case: Words.case,
    tree.Func: emit_func,
    tree.Contains: lambda words, node: Plain(
        f"arrays_overlap({words.value(node.operand).text}, array({quoted(tuple(i.value for i in node.items))}))"
    ),
}
