"""A condition over columns says of every subject what the reference says of that one."""

from __future__ import annotations

from fractions import Fraction

import expressions
import polars as pl
import world
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangbao.rules import parse, tree
from chuangbao.rules.batch import Columns, NotColumnarError
from chuangbao.rules.interp import Interp
from chuangbao.rules.runtime import exact

SCHEMA = {
    "staff": pl.Int64,
    "weight": pl.Float64,
    "open": pl.Boolean,
    "insured": pl.Boolean,
    "trade": pl.String,
    "colour": pl.String,
    "founded": pl.Date,
}
VALUES = {
    "staff": st.integers(-40, 40) | st.sampled_from([2**63 - 1, -(2**63)]),
    "weight": st.integers(-4000, 4000).map(lambda n: n / 100) | st.sampled_from([0.1, 1e22, 1e-300, -0.0]),
    "open": st.booleans(),
    "insured": st.booleans(),
    "trade": st.sampled_from(["", "red", "面馆", "red面馆"]),
    "colour": st.sampled_from(["red", "green", "blue"]),
    "founded": expressions.days | st.just(world.DAY),
}
SUBJECTS = st.lists(st.fixed_dictionaries({n: st.none() | v for n, v in VALUES.items()}), min_size=1, max_size=8)
THRESHOLD = st.sampled_from([Fraction(1, 10), Fraction(1, 3), 10**22, 2**63, 10**400, 5, Fraction(25, 4)]).map(tree.Num)
OPS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
NUMBER, DAYS = (
    st.sampled_from(["staff", "weight"]).map(tree.Name),
    expressions.days.map(tree.Day) | st.just(tree.AsOf()),
)
NUMERALS = THRESHOLD | expressions.literal
ATOMS = st.one_of(
    st.builds(tree.Compare, OPS, NUMBER, NUMERALS),
    st.builds(tree.Compare, OPS, NUMERALS, NUMBER),
    st.builds(tree.Between, NUMBER, NUMERALS, NUMERALS),
    st.builds(tree.Compare, OPS, st.just(tree.Name("founded")), DAYS),
    st.builds(tree.In, st.just(tree.Name("colour")), st.lists(expressions.codes, min_size=1, max_size=3).map(tuple)),
    st.builds(tree.Like, st.just(tree.Name("trade")), st.sampled_from(["", "red", "面"])),
    st.sampled_from(["open", "insured"]).map(tree.Name),
    st.booleans().map(tree.Bool),
)
TREES = st.recursive(
    ATOMS,
    lambda part: st.one_of(
        st.builds(tree.Not, part),
        st.builds(tree.And, st.lists(part, min_size=2, max_size=3).map(tuple)),
        st.builds(tree.Or, st.lists(part, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


def told(node: tree.Node, subject: dict) -> object:
    values = {n: exact(v) if isinstance(v, float) else v for n, v in subject.items()}
    return Interp(values.get, world.DAY).value(node)


@settings(max_examples=150, deadline=None)
@given(TREES, SUBJECTS)
def test_every_verdict_over_columns_is_the_reference_verdict(node: tree.Node, subjects: list[dict]) -> None:
    try:
        found = Columns(world.FACTS, SCHEMA, world.DAY).condition(node)
    except NotColumnarError:
        return
    frame = pl.DataFrame(subjects, schema=SCHEMA)
    assert frame.with_columns(found.alias("verdict"))["verdict"].to_list() == [told(node, s) for s in subjects]


def refused(text: str) -> bool:
    try:
        Columns(world.FACTS, SCHEMA, world.DAY).condition(parse.parse(text))
    except NotColumnarError:
        return True
    return False


def test_what_is_not_provably_exact_is_left_to_the_interactive_engine() -> None:
    texts = ["debt IS NULL", "staff + 1 > 2", "staff > 0.5", "weight < 12345678901234567891", "income > 1"]
    assert [refused(t) for t in texts] == [True] * 5
    assert not refused("weight < 0.1 AND staff >= 3")


def test_a_parameter_stands_for_its_value_and_an_unknown_one_leaves_the_verdict_open() -> None:
    frame = pl.DataFrame({"staff": [1, 9, None]}, schema={"staff": pl.Int64})
    for value, verdicts in ((5, [False, True, None]), (None, [None] * 3)):
        node = tree.Compare(">", tree.Name("staff"), tree.Name("least"))
        found = Columns(world.FACTS, SCHEMA, world.DAY, {"least": value}).condition(node)
        assert frame.with_columns(found.alias("v"))["v"].to_list() == verdicts
