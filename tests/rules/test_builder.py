"""Conditions as rows: every sheet survives the way through the text, and every text means the same afterwards."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from expressions import truths
from hypothesis import given
from hypothesis import strategies as st

from chuangbao.rules import tree
from chuangbao.rules.builder import COMPARISONS, Hand, Row, Sheet, Value, expression, literal, row_of, sheet_of
from chuangbao.rules.parse import parse
from chuangbao.rules.unparse import number, unparse

names = st.sampled_from(["staff", "weight", "founded", "colour"])
figures = st.fractions(-1000, 1000, max_denominator=100).filter(lambda f: (f * 10**6).denominator == 1)
numbers = figures.map(lambda f: Value("number", number(tree.Num(f))))
texts = st.sampled_from(["red", "o'clock", "软件", "AS_OF", "1"]).map(lambda t: Value("text", t))
days = st.dates(date(1990, 1, 1), date(2090, 1, 1)).map(lambda d: Value("day", d.isoformat()))
words = st.sampled_from(["ceiling", "debt"]).map(lambda n: Value("name", n))
scalars = st.one_of(numbers, texts, days, words)
literals = st.one_of(numbers, texts, days)


def listed(part, low=1, high=4):
    return st.lists(part, min_size=low, max_size=high).map(tuple)


rows = st.one_of(
    st.builds(Row, names, st.sampled_from(COMPARISONS), scalars.map(lambda v: (v,))),
    st.builds(Row, names, st.just("between"), st.tuples(scalars, scalars)),
    st.builds(Row, names, st.sampled_from(["in", "not_in"]), listed(literals)),
    st.builds(Row, names, st.just("contains"), listed(texts)),
    st.builds(Row, names, st.just("like"), st.sampled_from(["6", "软"]).map(lambda t: (Value("text", t),))),
    st.builds(Row, names, st.sampled_from(["is_true", "is_false", "is_absent", "is_present"])),
)
hands = truths(2).map(lambda node: row_of(parse(unparse(node)))).filter(lambda row: isinstance(row, Hand))
alone = hands.filter(lambda hand: not isinstance(parse(hand.text), tree.And | tree.Or))
sheets = st.one_of(
    st.builds(Sheet, st.one_of(rows, alone).map(lambda row: (row,)), st.just("all")),
    st.builds(Sheet, listed(st.one_of(rows, hands), 2), st.sampled_from(["all", "any"])),
)


@given(sheets)
def test_every_sheet_survives_the_way_through_the_text(sheet):
    assert sheet_of(expression(sheet)) == sheet


@given(truths(3))
def test_every_expression_means_the_same_after_the_way_through_the_rows(node):
    assert parse(expression(sheet_of(unparse(node)))) == node


def test_nothing_asked_always_holds():
    assert expression(Sheet(())) == "TRUE"


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("taxable_income <= 200000", Row("taxable_income", "<=", (Value("number", "200000"),))),
        ("share >= 0.7", Row("share", ">=", (Value("number", "0.7"),))),
        ("founded >= DATE '2015-06-08'", Row("founded", ">=", (Value("day", "2015-06-08"),))),
        ("staff BETWEEN low AND 10", Row("staff", "between", (Value("name", "low"), Value("number", "10")))),
        ("NOT insured", Row("insured", "is_false")),
        ("debt IS NOT NULL", Row("debt", "is_present")),
        ("NOT (colour IN ('red'))", Row("colour", "not_in", (Value("text", "red"),))),
        ("staff <= ceiling * 2", Hand("staff <= (ceiling * 2)")),
        ("NOT (staff > 3)", Hand("NOT (staff > 3)")),
        ("5 < staff", Hand("5 < staff")),
    ],
)
def test_what_people_write_becomes_a_row_where_it_can(text, row):
    assert sheet_of(text) == Sheet((row,))


def test_a_wrong_figure_or_day_is_told_where_it_becomes_an_expression():
    with pytest.raises(ValueError, match="many"):
        literal(Value("number", "many"))
    with pytest.raises(ValueError, match="out of range"):
        literal(Value("day", "2015-02-30"))
    assert literal(Value("number", "0.5")) == tree.Num(Fraction(1, 2))
