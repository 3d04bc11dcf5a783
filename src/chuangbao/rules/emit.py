"""Compile checked trees to Python for one subject: straight-line code over locals, no dispatch, no tree.

Each expression becomes statements that leave its value in a local; unknown is None. Blocks follow one another
instead of lying inside one another, so that long lists never grow deep.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from chuangbao.rules import tree
from chuangbao.rules.unparse import unparse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

__all__ = ["Emitter"]

OPS = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
CALLS = {"LEAST": "min({})", "GREATEST": "max({})", "ABS": "abs({})", "ROUND": "_rounded({})", "FLOOR": "_floor({})"}
CALLS |= {"CEIL": "_ceil({})", "YEAR": "{}.year", "ADD_MONTHS": "_add_months({})"}
CALLS |= {"MONTHS_SINCE": "_months_since({}, T)", "YEARS_SINCE": "_years_since({}, T)"}


class Emitter:
    """Writes the body of one function; ``names`` says how each name is read."""

    def __init__(self, names: Mapping[str, str], constants: dict[str, str]) -> None:
        """``constants`` is shared by a module: what has no literal of its own, by its text."""
        self.names = dict(names)
        self.constants = constants
        self.lines: list[str] = []
        self.depth = 1
        self.count = 0
        self.loaded: dict[str, str] = {}
        self.own: set[str] = set()

    def write(self, line: str) -> None:
        """Add a statement at the current depth."""
        self.lines.append("    " * self.depth + line)

    def fresh(self) -> str:
        """A new local."""
        self.count += 1
        return f"v{self.count}"

    def load(self, node: tree.Node) -> None:
        """Read the names that an expression needs into locals, once per function."""
        for name in (*tree.names(node), *self.inside(node)):
            if name not in self.loaded:
                self.count += 1
                self.loaded[name] = f"n{self.count}"
                self.write(f"{self.loaded[name]} = {self.names[name]}")

    def inside(self, node: tree.Node) -> tuple[str, ...]:
        """The names inside aggregates that are no facts: the reference engine is handed their values."""
        folds = [part for part in tree.walk(node) if isinstance(part, tree.Aggregate)]
        read = (part.name for fold in folds for part in tree.walk(fold) if isinstance(part, tree.Name))
        return tuple(dict.fromkeys(name for name in read if name in self.own))

    def shadow(self, names: Mapping[str, str]) -> None:
        """From here on these names are read elsewhere (the parameters of one version)."""
        self.names |= names
        self.own |= names.keys()

    def forget(self, names: Mapping[str, str]) -> None:
        """These names were only shadowed for a while."""
        for name in names:
            self.loaded.pop(name, None)
            self.names.pop(name)
            self.own.discard(name)

    def define(self, name: str, local: str) -> None:
        """A benefit line is a name for the lines after it."""
        self.loaded[name] = local
        self.own.add(name)

    def value(self, node: tree.Node) -> str:
        """Write what computes ``node``; returns an atom (a local or a literal) that holds its value."""
        match node:
            case tree.Num() | tree.Str() | tree.Bool() | tree.Day():
                return self.literal(node.value)
            case tree.Null():
                return "_ABSENT"
            case tree.AsOf():
                return "T"
            case tree.Name(name=name):
                return self.loaded[name]
        target = self.fresh()
        EMITTERS[type(node)](self, node, target)
        return target

    def literal(self, value: object) -> str:
        """A literal, or a constant of the module for dates and fractions."""
        if isinstance(value, (bool, int, str)):
            return repr(value)
        if isinstance(value, date):
            return self.constant(f"_date({value.year}, {value.month}, {value.day})")
        fraction = cast("Fraction", value)
        return self.constant(f"_Fraction({fraction.numerator}, {fraction.denominator})")

    def constant(self, text: str) -> str:
        """The module's name for a value that is made once."""
        return self.constants.setdefault(text, f"_C{len(self.constants)}")

    def guarded(self, target: str, atoms: list[str], expression: str) -> None:
        """Assign ``expression``, unknown when one of the atoms is."""
        tests = [f"{a} is None" for a in dict.fromkeys(atoms) if a[0] in "vn"]
        head = f"None if {' or '.join(tests)} else " if tests else ""
        self.write(f"{target} = {head}{expression}")

    def block(self, test: str, body: Callable[[], None]) -> None:
        """An if-block."""
        self.write(f"if {test}:")
        self.depth += 1
        body()
        self.depth -= 1


def emit_neg(out: Emitter, node: tree.Neg, target: str) -> None:
    """Minus."""
    atom = out.value(node.operand)
    out.guarded(target, [atom], f"-{atom}")


def emit_arith(out: Emitter, node: tree.Arith, target: str) -> None:
    """Exact arithmetic; a quotient by zero is unknown."""
    left, right = out.value(node.left), out.value(node.right)
    if node.op == "/":
        out.guarded(target, [left, right], f"_divide({left}, {right})")
    else:
        out.guarded(target, [left, right], f"{left} {node.op} {right}")


def emit_compare(out: Emitter, node: tree.Compare, target: str) -> None:
    """A comparison."""
    left, right = out.value(node.left), out.value(node.right)
    out.guarded(target, [left, right], f"{left} {OPS[node.op]} {right}")


def emit_between(out: Emitter, node: tree.Between, target: str) -> None:
    """Kleene's AND of the two ends."""
    value, low, high = out.value(node.operand), out.value(node.low), out.value(node.high)
    ends = [a for a in (low, high) if a[0] in "vn"]
    if ends:
        out.write(f"{target} = _between({value}, {low}, {high})")
    else:
        out.guarded(target, [value], f"{low} <= {value} <= {high}")


def emit_in(out: Emitter, node: tree.In, target: str) -> None:
    """Membership in a tuple of literals."""
    atom = out.value(node.operand)
    items = ", ".join(out.value(i) for i in node.items)
    out.guarded(target, [atom], f"{atom} in ({items},)")


def emit_like(out: Emitter, node: tree.Like, target: str) -> None:
    """A prefix."""
    atom = out.value(node.operand)
    out.guarded(target, [atom], f"{atom}.startswith({node.prefix!r})")


def emit_is_null(out: Emitter, node: tree.IsNull, target: str) -> None:
    """Known absence."""
    atom = out.value(node.operand)
    out.guarded(target, [atom], f"{atom} is _ABSENT")


def emit_not(out: Emitter, node: tree.Not, target: str) -> None:
    """Kleene's NOT."""
    atom = out.value(node.operand)
    out.guarded(target, [atom], f"not {atom}")


def emit_junction(out: Emitter, node: tree.And | tree.Or, target: str) -> None:
    """Kleene's AND and OR, left to right, stopping where the result is settled."""
    stop = "False" if isinstance(node, tree.And) else "True"
    out.write(f"{target} = {out.value(node.items[0])}")
    for item in node.items[1:]:
        out.block(f"{target} is not {stop}", lambda item=item: emit_join(out, item, target, stop))  # type: ignore[misc]


def emit_join(out: Emitter, item: tree.Node, target: str, stop: str) -> None:
    """One more part of an AND or OR: it counts when it stops the rest or is unknown."""
    atom = out.value(item)
    out.write(f"if {atom} is {stop} or {atom} is None:")
    out.write(f"    {target} = {atom}")


def emit_case(out: Emitter, node: tree.Case, target: str) -> None:
    """Arms in turn; while a WHEN is unknown the value must be shared by all that can still be reached."""
    more = out.fresh()
    out.write(f"{target} = _UNSET")
    out.write(f"{more} = True")
    for arm in node.arms:
        out.block(more, lambda arm=arm: emit_arm(out, arm, target, more))  # type: ignore[misc] # bound now
    out.block(more, lambda: emit_branch(out, node.default, target))


def emit_arm(out: Emitter, arm: tuple[tree.Node, tree.Node], target: str, more: str) -> None:
    """One WHEN and THEN; ``more`` tells whether later arms can still be reached."""
    test = out.value(arm[0])
    out.block(f"{test} is not False", lambda: emit_branch(out, arm[1], target))
    out.write(f"{more} = {test} is not True and {target} is not None")


def emit_branch(out: Emitter, value: tree.Node, target: str) -> None:
    """Join a reachable branch with those before it."""
    atom = out.value(value)
    out.write(f"{target} = {atom} if {target} is _UNSET or {target} == {atom} else None")


def emit_func(out: Emitter, node: tree.Func, target: str) -> None:
    """A function of its arguments; unknown as soon as one is."""
    if node.name == "COALESCE":
        emit_coalesce(out, node, target)
        return
    atoms = [out.value(a) for a in node.args]
    out.guarded(target, atoms, CALLS[node.name].format(", ".join(atoms)))


def emit_coalesce(out: Emitter, node: tree.Func, target: str) -> None:
    """The first that is not absent, later arguments only when needed."""
    out.write(f"{target} = {out.value(node.args[0])}")
    for arg in node.args[1:]:
        out.block(f"{target} is _ABSENT", lambda arg=arg: out.write(f"{target} = {out.value(arg)}"))  # type: ignore[misc]


def emit_contains(out: Emitter, node: tree.Contains, target: str) -> None:
    """Whether a set has one of the codes."""
    atom = out.value(node.operand)
    codes = ", ".join(repr(c.value) for c in node.items)
    out.guarded(target, [atom], f"not {atom}.isdisjoint(({codes},))")


def emit_aggregate(out: Emitter, node: tree.Aggregate, target: str) -> None:
    """Rows are few: the reference engine folds them, with the figures and lines of the version that it reads."""
    own = "".join(f"{name!r}: {out.loaded[name]}, " for name in out.inside(node))
    out.write(f"{target} = R({out.constant(f'_parse({unparse(node)!r})')}, {{{own}}})")


EMITTERS: dict[type[tree.Node], Callable[..., None]] = {
    tree.Neg: emit_neg,
    tree.Arith: emit_arith,
    tree.Compare: emit_compare,
    tree.Between: emit_between,
    tree.In: emit_in,
    tree.Like: emit_like,
    tree.IsNull: emit_is_null,
    tree.Not: emit_not,
    tree.And: emit_junction,
    tree.Or: emit_junction,
    tree.Case: emit_case,
    tree.Func: emit_func,
    tree.Contains: emit_contains,
    tree.Aggregate: emit_aggregate,
}
