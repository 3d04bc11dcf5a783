"""Types, units and absence, checked before anything runs.

A checked expression cannot fail at run time: names exist, units agree, nothing divides by zero unsaid,
and a fact that may be absent is only used where absence has been dealt with.
"""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - the table of sizes names it
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from chuangbao.rules import tree
from chuangbao.rules.diagnostics import Finding, RuleError, nearest
from chuangbao.rules.model import FactType
from chuangbao.rules.sizes import FACT, WHOLE, Size, size_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuangbao.rules.model import CodeList, Fact, Parameter

MOST_DECIMALS = 6

__all__ = ["Kind", "Scope", "check"]

SIZES: dict[str, Callable[[Size, Size], Size]] = {
    "+": Size.__add__,
    "-": Size.__add__,
    "*": Size.__mul__,
    "/": Size.__truediv__,
}
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}


@dataclass(frozen=True, slots=True)
class Kind:
    """The static type of an expression: type, unit (empty for a bare number), code list, absence, zero, size.

    ``unit`` None marks a product of units that the language does not name. ``most`` is the largest figure that a share
    is compared with (1 where its fact declares no more), ``largest`` the largest value of a parameter.
    """

    type: FactType
    unit: str | None = ""
    codes: str = ""
    absent: bool = False
    nonzero: bool = False
    size: Size = WHOLE
    most: Fraction = Fraction(1)
    largest: Fraction | None = None


BOOLEAN = Kind(FactType.BOOLEAN)
DATE = Kind(FactType.DATE)
TEXT = Kind(FactType.TEXT)
INTEGER = Kind(FactType.INTEGER)
NUMBER = Kind(FactType.DECIMAL)


@dataclass(frozen=True)
class Scope:
    """The names an expression may read, with the rows and code lists it may use."""

    names: Mapping[str, Kind]
    codes: Mapping[str, CodeList]
    rows: Mapping[str, Mapping[str, Kind]]
    # thousands of conditions of a pack read the same: each is checked once per scope
    held: dict[tuple[str, FactType | None], Kind] = field(default_factory=dict, compare=False)

    def with_names(self, extra: Mapping[str, Kind]) -> Scope:
        """The same scope with more names (parameters, earlier lines)."""
        return replace(self, names={**self.names, **extra}, held={}) if extra else self


def kind_of_fact(fact: Fact | Parameter) -> Kind:
    """The static type of a fact or a parameter."""
    low, high = getattr(fact, "minimum", None), getattr(fact, "maximum", None)
    values = [v.value for v in getattr(fact, "values", ())]
    never_zero = (low is not None and low > 0) or (high is not None and high < 0)
    never_zero = never_zero or (bool(values) and all(isinstance(v, (int, Fraction)) and v != 0 for v in values))
    unit = "CNY" if fact.type is FactType.MONEY else "m2" if fact.type is FactType.AREA else fact.unit
    unit = "" if fact.type is FactType.RATIO or unit in {"none", "ratio", "1"} else unit
    figures = [abs(Fraction(v)) for v in values if isinstance(v, (int, Fraction))]
    return Kind(
        fact.type,
        unit,
        fact.codes,
        getattr(fact, "may_be_absent", False),
        never_zero,
        size_of_fact(fact),
        most=max(Fraction(1), Fraction(high or 1)),
        largest=max(figures, default=None),
    )


def size_of_fact(fact: Fact | Parameter) -> Size:
    """By its figures where it is a parameter, by its range where it is a fact; 15 and 8 digits where it has none."""
    values = [v.value for v in getattr(fact, "values", ()) if isinstance(v.value, (int, Fraction))]
    if values:
        return Size.widest(size_of(value) for value in values)
    fine = 0 if fact.type is FactType.INTEGER else FACT.fine
    ends = [getattr(fact, end, None) for end in ("minimum", "maximum")]
    known = [size_of(end).whole for end in ends if end is not None]
    return Size(max(known) if len(known) == len(ends) else FACT.whole, fine)


def check(node: tree.Node, scope: Scope, expected: FactType | None = None) -> Kind:
    """The kind of ``node``.

    Raises RuleError with every finding when the expression does not hold together.
    """
    checker = Checker(scope)
    kind = checker.kind(node, Known())
    if expected is not None:
        checker.expect(node, kind, expected)
    if checker.findings:
        raise RuleError(checker.findings)
    return kind


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier parts of an expression have ruled out: absence and zero, by name."""

    present: frozenset[str] = frozenset()
    nonzero: frozenset[str] = frozenset()

    def __or__(self, other: Known) -> Known:
        """Both together."""
        return Known(self.present | other.present, self.nonzero | other.nonzero)


def learned(node: tree.Node, *, holds: bool) -> Known:
    """What is known of names once ``node`` is true (or, with ``holds`` False, once it is not true)."""
    match node:
        case tree.Not(operand=inner):
            return learned(inner, holds=not holds)
        case tree.IsNull(operand=tree.Name(name=name)) if not holds:
            return Known(present=frozenset({name}))
        case tree.And(items=items) if holds:
            return union(learned(item, holds=True) for item in items)
        case tree.Or(items=items) if not holds:
            return union(learned(item, holds=False) for item in items)
        case tree.Compare() as compare:
            return learned_from_compare(compare, holds=holds)
    return Known()


def union(parts: Iterable[Known]) -> Known:
    """All that is known."""
    known = Known()
    for part in parts:
        known |= part
    return known


def learned_from_compare(node: tree.Compare, *, holds: bool) -> Known:
    """``x > 0``, ``x >= 1``, ``x <> 0`` rule out zero; so does the failure of ``x = 0`` and ``x <= 0``."""
    match node:
        case tree.Compare(left=tree.Name(name=name), right=tree.Num(value=value)):
            op = node.op
        case tree.Compare(left=tree.Num(value=value), right=tree.Name(name=name)):
            op = FLIPPED[node.op]
        case _:
            return Known()
    if not holds:
        op = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}[op]
    zero_fails = {"<": value <= 0, "<=": value < 0, ">": value >= 0, ">=": value > 0, "=": value != 0, "<>": value == 0}
    return Known(nonzero=frozenset({name})) if zero_fails[op] else Known()


def figure_of(node: tree.Node, kind: Kind) -> Fraction | None:
    """The size of a number or, of a parameter, of its largest value; None of anything else."""
    match node:
        case tree.Num(value=value):
            return abs(Fraction(value))
        case tree.Neg(operand=operand):
            return figure_of(operand, kind)
        case tree.Name():
            return kind.largest
    return None


class Checker:
    """Walks a tree once, collecting findings."""

    def __init__(self, scope: Scope) -> None:
        """Start with no findings."""
        self.scope = scope
        self.findings: list[Finding] = []
        self.kinds: dict[type[tree.Node], Callable[..., Kind]] = {
            tree.Num: self.number,
            tree.Str: lambda *_: TEXT,
            tree.Bool: lambda *_: BOOLEAN,
            tree.Day: lambda *_: DATE,
            tree.AsOf: lambda *_: DATE,
            tree.Null: lambda *_: Kind(FactType.TEXT, None, absent=True),
            tree.Name: self.name,
            tree.Neg: self.negative,
            tree.Arith: self.arith,
            tree.Compare: self.compare,
            tree.Between: self.between,
            tree.In: self.member,
            tree.Like: self.like,
            tree.IsNull: self.is_null,
            tree.Not: self.negation,
            tree.And: self.junction,
            tree.Or: self.junction,
            tree.Case: self.case,
            tree.Func: self.function,
            tree.Contains: self.contains,
            tree.Aggregate: self.aggregate,
        }

    def kind(self, node: tree.Node, known: Known) -> Kind:
        """The kind of any node."""
        return self.kinds[type(node)](node, known)

    def value(self, node: tree.Node, known: Known) -> Kind:
        """The kind of an operand, which must not be absent."""
        kind = self.kind(node, known)
        if kind.absent:
            name = node.name if isinstance(node, tree.Name) else called(node)
            mended = f"COALESCE({name}, 0)" if kind.type.numeric else f"{name} IS NOT NULL AND …"
            self.say(node, "absent", f"{name} may be absent (known to have none)", f"write {mended}")
        return replace(kind, absent=False)

    def say(self, node: tree.Node, code: str, message: str, hint: str = "") -> None:
        """Add a finding at ``node``."""
        self.findings.append(Finding("", node.pos.line, node.pos.column, code, message, hint))

    def expect(self, node: tree.Node, kind: Kind, wanted: FactType) -> None:
        """The kind must be usable as ``wanted`` (any number serves as a number)."""
        same = kind.type is wanted or (kind.type.numeric and wanted.numeric)
        text = wanted in {FactType.TEXT, FactType.CODE} and kind.type in {FactType.TEXT, FactType.CODE}
        if not (same or text):
            hint = f"compare it: {node.name} = …" if isinstance(node, tree.Name) and wanted is FactType.BOOLEAN else ""
            self.say(node, "type", f"a {wanted} is expected here, this is a {kind.type}", hint)

    def number(self, node: tree.Num, _known: Known) -> Kind:
        """A bare number; whole ones are integers."""
        kind = INTEGER if isinstance(node.value, int) else NUMBER
        return replace(kind, nonzero=node.value != 0, size=size_of(node.value))

    def name(self, node: tree.Name, known: Known) -> Kind:
        """A known name; otherwise the error names the nearest right one."""
        kind = self.scope.names.get(node.name)
        if kind is None:
            guess = nearest(node.name, self.scope.names)
            hint = f"did you mean {guess}?" if guess else "declare it in facts/ or as a parameter of the measure"
            self.say(node, "unknown_name", f"there is no fact or parameter '{node.name}'", hint)
            return Kind(FactType.DECIMAL, None)
        if node.name in known.present:
            kind = replace(kind, absent=False)
        return replace(kind, nonzero=True) if node.name in known.nonzero else kind

    def negative(self, node: tree.Neg, known: Known) -> Kind:
        """Minus a number."""
        kind = self.value(node.operand, known)
        self.expect(node.operand, kind, FactType.DECIMAL)
        return kind

    def arith(self, node: tree.Arith, known: Known) -> Kind:
        """Sums need equal units; products and quotients work their unit out; none may grow beyond all amounts."""
        left, right = self.value(node.left, known), self.value(node.right, known)
        for side, kind in ((node.left, left), (node.right, right)):
            self.expect(side, kind, FactType.DECIMAL)
        return replace(self.result(node, left, right), size=self.bounded(node, SIZES[node.op](left.size, right.size)))

    def bounded(self, node: tree.Node, size: Size) -> Size:
        """A size within what can be computed; beyond it a finding, once."""
        if size.is_bounded:
            return size
        self.say(node, "too_large", "this can exceed 45 digits", "bound it: LEAST(x, 100000000)")
        return FACT

    def result(self, node: tree.Arith, left: Kind, right: Kind) -> Kind:
        """Type and unit of a sum, product or quotient."""
        if node.op in "+-":
            self.same_unit(node, left, right)
            kind = left if left.unit else right
            return replace(kind, nonzero=False, type=kind.type if kind.unit else FactType.DECIMAL)
        if node.op == "/" and not right.nonzero:
            shown = node.right.name if isinstance(node.right, tree.Name) else "the divisor"
            hint = f"CASE WHEN {shown} > 0 THEN … / {shown} ELSE 0 END"
            self.say(node, "zero_division", f"{shown} can be zero", hint)
        return self.product(node.op, left, right)

    def product(self, op: str, left: Kind, right: Kind) -> Kind:
        """Unit of a product or quotient: money stays money beside counts; equal units cancel."""
        nonzero = left.nonzero and (right.nonzero or op == "/")
        if op == "/" and left.unit and left.unit == right.unit:
            return replace(NUMBER, nonzero=nonzero)
        money = [k for k in (left, right) if k.type is FactType.MONEY]
        if len(money) == 1 and not (op == "/" and right in money):
            return replace(money[0], nonzero=nonzero)
        if not right.unit and right.unit is not None:
            return replace(left, type=as_decimal(left.type), codes="", nonzero=nonzero)
        if op == "*" and not left.unit and left.unit is not None:
            return replace(right, type=as_decimal(right.type), nonzero=nonzero)
        return Kind(FactType.DECIMAL, None, nonzero=nonzero)

    def same_unit(self, node: tree.Node, left: Kind, right: Kind) -> None:
        """Units must agree, unless one side is a bare number."""
        if left.unit and right.unit and left.unit != right.unit:
            hint = "multiply by a parameter with a unit, or compare like with like"
            self.say(node, "unit", f"{left.unit} and {right.unit} do not go together", hint)

    def comparable(self, node: tree.Node, left: Kind, right: Kind, sides: tuple[tree.Node, tree.Node]) -> None:
        """Both sides of a comparison must be of one family, one unit, one code list."""
        if left.type.numeric and right.type.numeric:
            self.same_unit(node, left, right)
            self.percentage(sides[1], right, left)
            self.percentage(sides[0], left, right)
        elif FactType.DATE in {left.type, right.type} and FactType.TEXT in {left.type, right.type}:
            text = next((s.value for s in sides if isinstance(s, tree.Str)), "2015-06-08")
            self.say(node, "type", "a date is compared with a text", f"write DATE '{text}'")
        elif {left.type, right.type} <= {FactType.CODE, FactType.TEXT}:
            self.same_list(node, left, right)
            self.code(sides[1], left)
            self.code(sides[0], right)
        elif left.type is not right.type:
            self.say(node, "type", f"a {left.type} is compared with a {right.type}", "compare like with like")

    def percentage(self, node: tree.Node, given: Kind, share: Kind) -> None:
        """A share (比例) is compared with a number or a parameter from 0 to 1, or to what its fact declares at most."""
        figure = figure_of(node, given)
        if share.type is not FactType.RATIO or figure is None or figure <= share.most:
            return
        most, said = float(share.most), node.name if isinstance(node, tree.Name) else f"{float(figure):g}"
        hint = f"write {float(figure / 100):g}"
        self.say(node, "percentage", f"{said} is above {most:g}; a ratio here runs from 0 to {most:g}", hint)

    def same_list(self, node: tree.Node, left: Kind, right: Kind) -> None:
        """Two codes are comparable only within one list."""
        if left.codes and right.codes and left.codes != right.codes:
            self.say(node, "code_list", f"codes of {left.codes} and {right.codes} do not go together")

    def code(self, literal: tree.Node, kind: Kind) -> None:
        """A literal compared with a code must be in its list."""
        if kind.codes and isinstance(literal, tree.Str):
            known = self.scope.codes[kind.codes].by_code if kind.codes in self.scope.codes else {}
            if literal.value not in known:
                guess = nearest(literal.value, known)
                hint = f"did you mean '{guess}'?" if guess else f"the list has {', '.join(list(known)[:8])}"
                self.say(literal, "code", f"'{literal.value}' is not in the list {kind.codes}", hint)

    def compare(self, node: tree.Compare, known: Known) -> Kind:
        """One of the six comparisons; only numbers and dates have an order."""
        left, right = self.value(node.left, known), self.value(node.right, known)
        self.comparable(node, left, right, (node.left, node.right))
        ordered = left.type.numeric or left.type is FactType.DATE
        if node.op not in {"=", "<>"} and not ordered:
            self.say(node, "type", f"a {left.type} has no order", "use = or IN")
        if FactType.CODES in {left.type, right.type}:
            self.say(node, "type", "a set is not compared as a whole", "CONTAINS(person_group, 'x')")
        return BOOLEAN

    def between(self, node: tree.Between, known: Known) -> Kind:
        """BETWEEN over numbers or dates."""
        kind = self.value(node.operand, known)
        for end in (node.low, node.high):
            self.comparable(end, kind, self.value(end, known), (node.operand, end))
        if not (kind.type.numeric or kind.type is FactType.DATE):
            self.say(node, "type", f"a {kind.type} has no order", "use = or IN")
        return BOOLEAN

    def member(self, node: tree.In, known: Known) -> Kind:
        """IN over literals of the operand's kind."""
        kind = self.value(node.operand, known)
        for item in node.items:
            self.comparable(item, kind, self.kind(item, known), (node.operand, item))
        return BOOLEAN

    def like(self, node: tree.Like, known: Known) -> Kind:
        """LIKE over texts and codes."""
        self.expect(node.operand, self.value(node.operand, known), FactType.TEXT)
        return BOOLEAN

    def is_null(self, node: tree.IsNull, _known: Known) -> Kind:
        """IS NULL over a fact that may be absent; elsewhere it would never hold."""
        kind = self.kind(node.operand, Known())
        if not kind.absent:
            shown = node.operand.name if isinstance(node.operand, tree.Name) else "this value"
            hint = "mark the fact may_be_absent, or leave the question out: unknown is not absent"
            self.say(node, "never_absent", f"{shown} is never absent", hint)
        return BOOLEAN

    def negation(self, node: tree.Not, known: Known) -> Kind:
        """NOT over a boolean."""
        self.expect(node.operand, self.value(node.operand, known), FactType.BOOLEAN)
        return BOOLEAN

    def junction(self, node: tree.And | tree.Or, known: Known) -> Kind:
        """AND and OR, left to right: an earlier part can rule out absence or zero for a later one."""
        holds = isinstance(node, tree.And)
        for item in node.items:
            self.expect(item, self.value(item, known), FactType.BOOLEAN)
            known |= learned(item, holds=holds)
        return BOOLEAN

    def case(self, node: tree.Case, known: Known) -> Kind:
        """All branches are of one kind; an arm knows that the earlier ones did not hold."""
        kinds: list[tuple[tree.Node, Kind]] = []
        for condition, value in node.arms:
            self.expect(condition, self.value(condition, known), FactType.BOOLEAN)
            kinds.append((value, self.kind(value, known | learned(condition, holds=True))))
            known |= learned(condition, holds=False)
        kinds.append((node.default, self.kind(node.default, known)))
        return self.one_kind(kinds)

    def one_kind(self, kinds: list[tuple[tree.Node, Kind]]) -> Kind:
        """The common kind of several branches or arguments."""
        told = [k for n, k in kinds if not isinstance(n, tree.Null)] or [TEXT]
        first = next((k for k in told if k.unit or k.codes), told[0])
        for node, kind in kinds:
            if not isinstance(node, tree.Null):
                self.expect(node, kind, first.type)
                self.same_unit(node, first, kind)
        absent, nonzero = any(k.absent for _, k in kinds), all(k.nonzero for _, k in kinds)
        kind_type = first.type if len({k.type for k in told}) == 1 or first.unit else widest(told)
        size = Size.widest(k.size for k in told)
        return replace(first, type=kind_type, absent=absent, nonzero=nonzero, size=size)

    def function(self, node: tree.Func, known: Known) -> Kind:
        """The named functions."""
        if node.name == "COALESCE":
            return self.coalesce(node, known)
        kinds = [(a, self.value(a, known)) for a in node.args]
        wanted = [FactType.DATE] if node.name in {"YEAR", "ADD_MONTHS", "MONTHS_SINCE", "YEARS_SINCE"} else []
        for i, (arg, kind) in enumerate(kinds):
            self.expect(arg, kind, wanted[i] if i < len(wanted) else FactType.DECIMAL)
        if node.name == "ROUND" and len(node.args) > 1 and not rounding_digits(node.args[1]):
            self.say(node.args[1], "round", "ROUND takes a literal number of decimals from 0 to 6", "ROUND(x, 2)")
        if node.name in {"LEAST", "GREATEST"}:
            return self.one_kind(kinds)
        units = {"MONTHS_SINCE": "month", "YEARS_SINCE": "year", "YEAR": ""}
        if node.name in units:
            return replace(INTEGER, unit=units[node.name])
        first = kinds[0][1]
        return DATE if node.name == "ADD_MONTHS" else replace(first, nonzero=False, size=first.size.after(node.name))

    def coalesce(self, node: tree.Func, known: Known) -> Kind:
        """COALESCE replaces absence: absent only if its last argument may be."""
        kinds = [(a, self.kind(a, known)) for a in node.args]
        return replace(self.one_kind(kinds), absent=kinds[-1][1].absent)

    def contains(self, node: tree.Contains, known: Known) -> Kind:
        """A set of codes and codes of its list."""
        kind = self.value(node.operand, known)
        if kind.type is not FactType.CODES:
            self.say(node.operand, "type", f"CONTAINS takes a set, this is a {kind.type}", "use = or IN")
        for item in node.items:
            self.code(item, kind)
        return BOOLEAN

    def aggregate(self, node: tree.Aggregate, known: Known) -> Kind:
        """One aggregate over declared rows; its WHERE and operand read the columns."""
        columns = self.scope.rows.get(node.rows)
        if columns is None:
            guess = nearest(node.rows, self.scope.rows)
            self.say(
                node, "unknown_rows", f"there are no rows '{node.rows}'", f"did you mean {guess}?" if guess else ""
            )
            return NUMBER
        inner = Checker(self.scope.with_names(columns))
        if node.where is not None:
            inner.expect(node.where, inner.value(node.where, known), FactType.BOOLEAN)
        kind = inner.value(node.value, known) if node.value is not None else INTEGER
        if node.func in {"SUM", "AVG"} and node.value is not None:
            inner.expect(node.value, kind, FactType.DECIMAL)
        self.findings += inner.findings
        if node.func == "COUNT":
            return INTEGER
        absent = node.func != "SUM"  # of no rows there is no least, greatest or average
        return replace(kind, nonzero=False, size=kind.size.after(node.func), absent=absent)


def called(node: tree.Node) -> str:
    """What to call a part of an expression that is no name."""
    return f"{node.func} of no rows" if isinstance(node, tree.Aggregate) else "this value"


def as_decimal(kind: FactType) -> FactType:
    """A product of integers with anything is a number; money and area stay what they are."""
    return kind if kind in {FactType.MONEY, FactType.AREA, FactType.RATIO} else FactType.DECIMAL


def widest(kinds: list[Kind]) -> FactType:
    """The type that holds all of several: numbers become decimals, codes and texts texts."""
    return FactType.DECIMAL if kinds[0].type.numeric else FactType.TEXT


def rounding_digits(node: tree.Node) -> bool:
    """Whether ``node`` is a literal number of decimals."""
    return isinstance(node, tree.Num) and isinstance(node.value, int) and 0 <= node.value <= MOST_DECIMALS
