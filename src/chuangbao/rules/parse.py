"""From text to tree: sqlglot reads the SQL, a whitelist lets through what the language has.

Anything else is refused with its position, the reason, and the form that would be accepted.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from chuangbao.rules import tree
from chuangbao.rules.diagnostics import Finding, RuleError, nearest
from chuangbao.rules.figures import BOUNDS, decimal_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FUNCTIONS", "MAX_DEPTH", "MAX_LENGTH", "parse"]

MAX_LENGTH = 8_000
MAX_DEPTH = 30
SHOWN = 40

ARITH: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
COMPARE: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
# name → how many arguments it takes (least, most)
FUNCTIONS: dict[str, tuple[int, int]] = {
    "LEAST": (2, 20),
    "GREATEST": (2, 20),
    "ABS": (1, 1),
    "ROUND": (1, 2),
    "FLOOR": (1, 1),
    "CEIL": (1, 1),
    "COALESCE": (2, 20),
    "YEAR": (1, 1),
    "ADD_MONTHS": (2, 2),
    "MONTHS_SINCE": (1, 1),
    "YEARS_SINCE": (1, 1),
}
SETS = {"CONTAINS": (2, 2), "CONTAINS_ANY": (2, 200)}
AGGREGATES: dict[type[exp.Expr], str] = {
    exp.Count: "COUNT",
    exp.Sum: "SUM",
    exp.Min: "MIN",
    exp.Max: "MAX",
    exp.Avg: "AVG",
}
SQL_FUNCTIONS: dict[type[exp.Expr], str] = {
    exp.Least: "LEAST",
    exp.Greatest: "GREATEST",
    exp.Abs: "ABS",
    exp.Round: "ROUND",
    exp.Floor: "FLOOR",
    exp.Ceil: "CEIL",
    exp.Coalesce: "COALESCE",
    exp.Year: "YEAR",
    exp.AddMonths: "ADD_MONTHS",
}
HINTS: dict[type[exp.Expr], str] = {
    exp.Mod: "write the remainder as x - n * FLOOR(x / n)",
    exp.If: "write CASE WHEN … THEN … ELSE … END",
    exp.Cast: "dates are written DATE '2015-06-08'; other values need no cast",
    exp.Pow: "write the product out",
    exp.ILike: "only x LIKE 'prefix%'",
    exp.CurrentDate: "the day is AS_OF; 'today' is never read inside a rule",
    exp.Interval: "write ADD_MONTHS(AS_OF, 12)",
    exp.DPipe: "texts are not joined in a rule",
}


@lru_cache(maxsize=1 << 16)
def parse(text: str) -> tree.Node:
    """Read one expression; the same text is read once.

    Raises RuleError with one finding (line and column inside ``text``) when the language does not have it.
    """
    if len(text) > MAX_LENGTH:
        refuse("too_long", f"an expression has at most {MAX_LENGTH} characters, this one {len(text)}")
    if not text.strip():
        refuse("empty", "the expression is empty", hint="write TRUE for a condition that always holds")
    if "::" in text:  # a chain of them takes the parser a time that grows by squares
        refuse("not_allowed", "'::' is not part of the rule language", hint=HINTS[exp.Cast])
    try:
        found = sqlglot.parse(text, read="duckdb")
    except (ParseError, TokenError) as error:
        refuse_syntax(error)
    except RecursionError:
        refuse("too_deep", f"an expression is nested at most {MAX_DEPTH} deep")
    if len(found) != 1 or found[0] is None:
        refuse("not_one", "one expression is expected", hint="join conditions with AND")
    return Reader().read(found[0], 0)


def refuse(code: str, message: str, *, node: exp.Expr | None = None, hint: str = "") -> NoReturn:
    """Raise the one finding that tells what is wrong and where."""
    line, column = place(node) if node is not None else (1, 1)
    raise RuleError([Finding("", line, column, code, message, hint)])


def refuse_syntax(error: ParseError | TokenError) -> NoReturn:
    """Turn sqlglot's error into ours."""
    first = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
    near = str(first.get("highlight") or "")
    message = f"this cannot be read near '{near}'" if near else "this cannot be read: a quote or bracket is open"
    line, column = int(first.get("line") or 1), int(first.get("col") or 1)
    finding = Finding("", line, max(column - len(near), 0) + 1, "syntax", message, "check brackets, quotes and commas")
    raise RuleError([finding]) from error


def place(node: exp.Expr) -> tuple[int, int]:
    """Line and column of the first token below ``node`` that knows its own."""
    for found in node.walk(bfs=False):
        if "line" in found.meta:
            length = found.meta.get("end", 0) - found.meta.get("start", 0)
            return int(found.meta["line"]), max(int(found.meta["col"]) - int(length), 1)
    return 1, 1


class Reader:
    """Turns sqlglot nodes into ours, one small method per kind."""

    def __init__(self) -> None:
        """Wire each accepted kind of sqlglot node to its method."""
        self.kinds: dict[type[exp.Expr], Callable[[exp.Expr, int], tree.Node]] = {
            exp.Literal: self.literal,
            exp.Boolean: lambda node, _: tree.Bool(bool(node.this), pos=pos(node)),
            exp.Null: lambda node, _: tree.Null(pos=pos(node)),
            exp.Column: self.name,
            exp.Paren: lambda node, depth: self.read(node.this, depth),
            exp.Neg: self.negative,
            exp.And: self.junction,
            exp.Or: self.junction,
            exp.Not: lambda node, depth: tree.Not(self.read(node.this, depth), pos=pos(node)),
            exp.Between: self.between,
            exp.In: self.member,
            exp.Like: self.like,
            exp.Is: self.is_null,
            exp.Case: self.case,
            exp.Cast: self.day,
            exp.Anonymous: self.named_function,
            exp.Contains: self.contains,
            exp.Subquery: self.subquery,
        }
        self.kinds |= dict.fromkeys(ARITH, self.arith)
        self.kinds |= dict.fromkeys(COMPARE, self.compare)
        self.kinds |= dict.fromkeys(SQL_FUNCTIONS, self.sql_function)

    def read(self, node: exp.Expr, depth: int) -> tree.Node:
        """Read one node; refuses kinds that the language does not have."""
        if depth > MAX_DEPTH:
            refuse("too_deep", f"an expression is nested at most {MAX_DEPTH} deep", node=node)
        method = self.kinds.get(type(node))
        if method is None:
            hint = HINTS.get(type(node), "see the grammar in docs/rules.md")
            refuse("not_allowed", f"{what(node)} is not part of the rule language", node=node, hint=hint)
        return method(node, depth + 1)

    def literal(self, node: exp.Expr, _depth: int) -> tree.Node:
        """A text or an exact number."""
        if node.args["is_string"]:
            return tree.Str(str(node.this), pos=pos(node))
        try:
            number = decimal_of(str(node.this))
        except ValueError:
            refuse("number", f"'{short(str(node.this))}' is out of range", node=node, hint=BOUNDS)
        return tree.Num(number, pos=pos(node))

    def name(self, node: exp.Expr, _depth: int) -> tree.Node:
        """A bare ASCII name, or AS_OF."""
        identifier = node.this
        if node.args.get("table") or not isinstance(identifier, exp.Identifier):
            refuse("name", f"'{node.sql()}' has a prefix; names are bare", node=node, hint="names are unique in a pack")
        text = str(identifier.this)
        if identifier.args.get("quoted"):
            refuse("name", f'"{text}" is a quoted name', node=node, hint=f"write text in single quotes: '{text}'")
        if text.upper() == "AS_OF":
            return tree.AsOf(pos=pos(node))
        if not (text.isascii() and text.isidentifier() and text == text.lower()):
            refuse("name", f"'{text}' is not an ASCII snake_case name", node=node, hint="Chinese belongs in the label")
        return tree.Name(text, pos=pos(node))

    def negative(self, node: exp.Expr, depth: int) -> tree.Node:
        """A negative literal is a literal."""
        operand = self.read(node.this, depth)
        if isinstance(operand, tree.Num):
            return tree.Num(-operand.value, pos=pos(node))
        return tree.Neg(operand, pos=pos(node))

    def junction(self, node: exp.Expr, depth: int) -> tree.Node:
        """AND and OR, flattened so that long lists are not deep."""
        kind = type(node)
        parts: list[exp.Expr] = []
        stack: list[exp.Expr] = [node]
        while stack:
            current = stack.pop()
            if type(current) is kind:
                stack += [current.args["expression"], current.this]
            else:
                parts.append(current)
        items = tuple(self.read(part, depth) for part in parts)
        return tree.And(items, pos=pos(node)) if kind is exp.And else tree.Or(items, pos=pos(node))

    def arith(self, node: exp.Expr, depth: int) -> tree.Node:
        """Plus, minus, times, divided by."""
        left, right = self.pair(node, depth)
        return tree.Arith(ARITH[type(node)], left, right, pos=pos(node))

    def compare(self, node: exp.Expr, depth: int) -> tree.Node:
        """The six comparisons; comparing with NULL is refused, it never asks what people mean."""
        left, right = self.pair(node, depth)
        if isinstance(left, tree.Null) or isinstance(right, tree.Null):
            refuse("null_compare", "nothing equals NULL", node=node, hint="write x IS NULL or x IS NOT NULL")
        return tree.Compare(COMPARE[type(node)], left, right, pos=pos(node))

    def pair(self, node: exp.Expr, depth: int) -> tuple[tree.Node, tree.Node]:
        """Both operands of a binary node."""
        return self.read(node.this, depth), self.read(node.args["expression"], depth)

    def between(self, node: exp.Expr, depth: int) -> tree.Node:
        """BETWEEN with both ends included."""
        if node.args.get("symmetric"):
            refuse("not_allowed", "BETWEEN SYMMETRIC is not part of the rule language", node=node)
        low, high = self.read(node.args["low"], depth), self.read(node.args["high"], depth)
        return tree.Between(self.read(node.this, depth), low, high, pos=pos(node))

    def member(self, node: exp.Expr, depth: int) -> tree.Node:
        """IN over literals."""
        items = tuple(self.read(item, depth) for item in node.expressions)
        if not items or not all(isinstance(i, (tree.Num, tree.Str, tree.Day)) for i in items):
            refuse("in_list", "IN takes a list of literals", node=node, hint="x IN ('a', 'b')")
        return tree.In(self.read(node.this, depth), items, pos=pos(node))

    def like(self, node: exp.Expr, depth: int) -> tree.Node:
        """LIKE with one percent sign at the end."""
        pattern = node.args["expression"]
        text = str(pattern.this) if isinstance(pattern, exp.Literal) and pattern.is_string else ""
        if not text.endswith("%") or text == "%" or set(text[:-1]) & set("%_\\"):
            refuse("like", "LIKE takes a prefix", node=node, hint="industry LIKE '65%'")
        return tree.Like(self.read(node.this, depth), text[:-1], pos=pos(node))

    def is_null(self, node: exp.Expr, depth: int) -> tree.Node:
        """IS NULL (IS NOT NULL arrives as NOT … IS NULL)."""
        if not isinstance(node.args["expression"], exp.Null):
            refuse("is", "IS goes with NULL only", node=node, hint="write x = TRUE, or just x")
        return tree.IsNull(self.read(node.this, depth), pos=pos(node))

    def case(self, node: exp.Expr, depth: int) -> tree.Node:
        """Searched CASE with an ELSE."""
        if node.this is not None:
            refuse("case", "CASE x WHEN 1 … is not allowed", node=node, hint="CASE WHEN x = 1 THEN … ELSE … END")
        if node.args.get("default") is None:
            refuse("case_else", "CASE has no ELSE", node=node, hint="say what holds otherwise: … ELSE 0 END")
        arms = tuple((self.read(i.this, depth), self.read(i.args["true"], depth)) for i in node.args["ifs"])
        return tree.Case(arms, self.read(node.args["default"], depth), pos=pos(node))

    def day(self, node: exp.Expr, _depth: int) -> tree.Node:
        """DATE 'yyyy-mm-dd'."""
        literal = node.this
        if not (node.args["to"].is_type("date") and isinstance(literal, exp.Literal) and literal.is_string):
            refuse("not_allowed", "a cast is not part of the rule language", node=node, hint=HINTS[exp.Cast])
        try:
            value = date.fromisoformat(str(literal.this))
        except ValueError:
            refuse("date", f"'{literal.this}' is no calendar day", node=node, hint="DATE '2015-06-08'")
        return tree.Day(value, pos=pos(node))

    def sql_function(self, node: exp.Expr, depth: int) -> tree.Node:
        """A function that sqlglot knows by itself."""
        extra = [node.args.get("decimals"), node.args.get("expression")]
        args = [node.this, *[a for a in extra if a is not None], *node.expressions]
        return self.function(SQL_FUNCTIONS[type(node)], args, node, depth)

    def named_function(self, node: exp.Expr, depth: int) -> tree.Node:
        """A function that only we know."""
        name = str(node.this).upper()
        if name in SETS:
            return self.set_function(name, node.expressions, node, depth)
        if name not in FUNCTIONS:
            guess = nearest(name, [*FUNCTIONS, *SETS])
            hint = f"did you mean {guess}?" if guess else f"there are {', '.join([*FUNCTIONS, *SETS])}"
            refuse("function", f"there is no function {name}", node=node, hint=hint)
        return self.function(name, node.expressions, node, depth)

    def function(self, name: str, args: list[exp.Expr], node: exp.Expr, depth: int) -> tree.Node:
        """A function with the right number of arguments."""
        least, most = FUNCTIONS[name]
        if not least <= len(args) <= most:
            refuse("arguments", f"{name} takes {least} to {most} arguments, not {len(args)}", node=node)
        return tree.Func(name, tuple(self.read(a, depth) for a in args), pos=pos(node))

    def contains(self, node: exp.Expr, depth: int) -> tree.Node:
        """CONTAINS, which sqlglot knows by itself."""
        return self.set_function("CONTAINS", [node.this, node.args["expression"]], node, depth)

    def set_function(self, name: str, args: list[exp.Expr], node: exp.Expr, depth: int) -> tree.Node:
        """CONTAINS and CONTAINS_ANY over text literals."""
        least, most = SETS[name]
        read = [self.read(a, depth) for a in args]
        codes = tuple(a for a in read[1:] if isinstance(a, tree.Str))
        if not least <= len(args) <= most or len(codes) != len(read) - 1:
            refuse("arguments", f"{name} takes a set and text literals", node=node, hint=f"{name}(person_group, 'x')")
        return tree.Contains(read[0], codes, pos=pos(node))

    def subquery(self, node: exp.Expr, depth: int) -> tree.Node:
        """One aggregate over the rows of the same subject."""
        select = node.this
        allowed = {"expressions", "from_", "where", "kind"}
        used = {k for k, v in select.args.items() if v} if isinstance(select, exp.Select) else {"?"}
        source = select.args.get("from_")
        if not used <= allowed or len(select.expressions) != 1 or not (source and isinstance(source.this, exp.Table)):
            hint = "(SELECT COUNT(*) FROM hires WHERE hired_on > ADD_MONTHS(AS_OF, -12))"
            refuse("aggregate", "an aggregate has SELECT, FROM and WHERE only", node=node, hint=hint)
        where = select.args.get("where")
        func, value, distinct = self.aggregate(select.expressions[0], depth)
        condition = self.read(where.this, depth) if where else None
        return tree.Aggregate(func, str(source.this.name), value, condition, distinct, pos=pos(node))

    def aggregate(self, node: exp.Expr, depth: int) -> tuple[str, tree.Node | None, bool]:
        """Name, operand and DISTINCT of an aggregate; COUNT(*) has no operand."""
        func = AGGREGATES.get(type(node))
        if func is None:
            refuse("aggregate", f"{what(node)} is no aggregate", node=node, hint="COUNT, SUM, MIN, MAX, AVG")
        operand = node.this
        if isinstance(operand, exp.Star):
            return func, None, False
        if isinstance(operand, exp.Distinct):
            return func, self.read(operand.expressions[0], depth), True
        return func, self.read(operand, depth), False


def pos(node: exp.Expr) -> tree.Pos:
    """Our position of a sqlglot node."""
    return tree.Pos(*place(node))


def what(node: exp.Expr) -> str:
    """A short name for a refused node."""
    return f"'{short(node.sql(dialect='duckdb'))}'"


def short(text: str) -> str:
    """A text that is no longer than a message can carry."""
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "…"
