"""Every expression of the language, made by chance and well typed, with values for what it reads."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st

from chuangbao.rules import tree

names = lambda *words: st.sampled_from(words).map(tree.Name)  # noqa: E731 - a word for a strategy
whole = st.integers(-40, 40)
digits = st.integers(-4000, 4000).map(lambda n: Fraction(n, 100))
days = st.dates(date(2010, 1, 1), date(2020, 12, 31))
literal = st.one_of(whole, digits).map(lambda n: tree.Num(int(n) if n == int(n) else n))
codes = st.sampled_from(["red", "green", "blue"]).map(tree.Str)
short = lambda part, low=2: st.lists(part, min_size=low, max_size=3).map(tuple)  # noqa: E731

column = st.one_of(names("hours"), st.builds(tree.Arith, st.just("*"), names("hours"), literal))
inside = st.one_of(
    names("full"),
    st.builds(tree.Compare, st.sampled_from(["<", ">=", "="]), names("hours"), literal),
    names("open"),
    st.builds(lambda n: tree.Compare(">", tree.Func("COALESCE", (tree.Name("debt"), n)), n), literal),
    st.builds(tree.Compare, st.sampled_from(["<", ">="]), names("hours"), names("weight")),
)
aggregates = st.one_of(
    st.builds(tree.Aggregate, st.just("COUNT"), st.just("hires"), st.none(), st.none() | inside),
    st.builds(
        tree.Aggregate,
        st.sampled_from(["SUM", "COUNT"]),
        st.just("hires"),
        column,
        st.none() | inside,
        st.booleans(),
    ),
    # of no rows there is none of these
    st.builds(
        lambda *parts: tree.Func("COALESCE", (tree.Aggregate(*parts), tree.Num(7))),
        st.sampled_from(["MIN", "MAX", "AVG"]),
        st.just("hires"),
        column,
        st.none() | inside,
        st.booleans(),
    ),
)
nonzero = st.integers(1, 9).map(tree.Num)


@cache
def dates(depth: int) -> st.SearchStrategy[tree.Node]:
    """Days."""
    plain = st.one_of(days.map(tree.Day), st.just(tree.AsOf()), names("founded", "left_on"))
    if depth == 0:
        return plain
    moved = st.builds(lambda d, n: tree.Func("ADD_MONTHS", (d, tree.Num(n))), names("founded", "left_on"), whole)
    chosen = st.builds(lambda arm, d: tree.Case((arm,), d), st.tuples(truths(depth - 1), plain), plain)
    return st.one_of(plain, moved, chosen)


@cache
def numbers(depth: int) -> st.SearchStrategy[tree.Node]:
    """Numbers of no unit."""
    plain = st.one_of(literal, names("staff", "weight"))
    if depth == 0:
        return plain
    part, test = numbers(depth - 1), truths(depth - 1)
    return st.one_of(
        plain,
        part.map(minus),
        st.builds(tree.Arith, st.sampled_from(["+", "-", "*"]), part, part),
        st.builds(tree.Arith, st.just("/"), part, nonzero),
        st.builds(tree.Func, st.sampled_from(["LEAST", "GREATEST"]), short(part)),
        st.builds(tree.Func, st.sampled_from(["ABS", "FLOOR", "CEIL", "ROUND"]), st.tuples(part)),
        st.builds(lambda x, n: tree.Func("ROUND", (x, tree.Num(n))), part, st.integers(0, 6)),
        st.builds(lambda d: tree.Func("YEAR", (d,)), dates(depth - 1)),
        st.builds(lambda x: tree.Func("COALESCE", (tree.Name("debt"), x)), part),
        st.builds(guarded, part),
        st.builds(tree.Case, st.lists(st.tuples(test, part), min_size=1, max_size=3).map(tuple), part),
        aggregates,
    )


@cache
def truths(depth: int) -> st.SearchStrategy[tree.Node]:
    """Conditions."""
    plain = st.one_of(
        names("open", "insured"),
        st.booleans().map(tree.Bool),
        st.builds(tree.Compare, st.sampled_from(["=", "<>"]), names("colour"), codes),
        st.builds(tree.In, names("colour"), short(codes, 1)),
        st.builds(tree.Like, names("trade"), st.sampled_from(["65", "6", "软件"])),
        st.just(tree.IsNull(tree.Name("debt"))),
        st.builds(tree.Contains, names("colours"), short(codes, 1)),
    )
    if depth == 0:
        return plain
    part, number, day = truths(depth - 1), numbers(depth - 1), dates(depth - 1)
    orders = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    return st.one_of(
        plain,
        st.builds(tree.Compare, orders, number, number),
        st.builds(tree.Compare, orders, day, day),
        st.builds(tree.Between, number, number, number),
        st.builds(tree.Between, day, day, day),
        st.builds(tree.In, number, short(literal, 1)),
        part.map(tree.Not),
        short(part).map(tree.And),
        short(part).map(tree.Or),
        st.builds(tree.Case, st.lists(st.tuples(part, part), min_size=1, max_size=2).map(tuple), part),
    )


def minus(node: tree.Node) -> tree.Node:
    """A negative literal is a literal, as the parser has it."""
    return tree.Num(-node.value) if isinstance(node, tree.Num) else tree.Neg(node)


def guarded(divisor: tree.Node) -> tree.Node:
    """A division that is asked only where it is possible."""
    staff = tree.Name("staff")
    test = tree.Compare(">", staff, tree.Num(0))
    return tree.Case(((test, tree.Arith("/", divisor, staff)),), tree.Num(0))


VALUES = {
    "staff": whole,
    "weight": digits.map(lambda n: str(n.numerator / n.denominator)).map(float),
    "open": st.booleans(),
    "insured": st.booleans(),
    "trade": st.sampled_from(["6510", "61", "软件"]),
    "colour": st.sampled_from(["red", "green", "blue"]),
    "colours": st.lists(st.sampled_from(["red", "green", "blue"]), max_size=3, unique=True),
    "founded": days,
    "left_on": days,
    "debt": st.none() | whole,
    "hires": st.lists(st.fixed_dictionaries({"hours": whole, "full": st.booleans()}), max_size=3),
}


@st.composite
def subjects(draw: st.DrawFn) -> tuple[dict[str, object], dict[str, object]]:
    """What is known at first, and everything: the second only adds to the first."""
    every = draw(st.fixed_dictionaries(VALUES))
    kept = draw(st.sets(st.sampled_from(sorted(VALUES))))
    some = {name: value for name, value in every.items() if name in kept}
    if "hires" in some:
        hidden = draw(st.sets(st.sampled_from(["hours", "full"])))
        some["hires"] = [{k: v for k, v in row.items() if k not in hidden} for row in some["hires"]]
    return some, every
