"""Rows in the browser: whatever the builder shows, posted back unchanged, says the same to the letter."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangbao.authoring.building import (
    Card,
    Line,
    cards_of,
    conditions_of,
    posted_cards,
    row_from,
    shown_cards,
)
from chuangbao.core.engine.current import current_pack
from chuangbao.rules import tree
from chuangbao.rules.builder import OPS, Hand, Row, Sheet, Value, expression, sheet_of
from chuangbao.rules.unparse import number
from chuangbao.ui.presentation.conditions import op_words

ORDER = ["<", "<=", ">", ">=", "=", "<>"]
figures = st.one_of(st.integers(0, 3_000_000), st.integers(0, 10**6).map(lambda n: Fraction(n, 100)))
numbers = figures.map(lambda f: Value("number", number(tree.Num(f))))
shares = st.integers(0, 1000).map(lambda n: Value("number", number(tree.Num(Fraction(n, 1000)))))
days = st.dates(date(2000, 1, 1), date(2040, 1, 1)).map(lambda d: Value("day", d.isoformat()))
kinds = st.sampled_from(["industrial", "other"]).map(lambda code: Value("text", code))


def rows_about(fact, values):
    one = st.builds(Row, st.just(fact), st.sampled_from(ORDER), values.map(lambda v: (v,)))
    return st.one_of(one, st.builds(Row, st.just(fact), st.just("between"), st.tuples(values, values)))


rows = st.one_of(
    rows_about("taxable_income", numbers),
    rows_about("employees_avg", numbers),
    rows_about("tech_staff_share", shares),
    st.builds(Row, st.just("is_hnte"), st.sampled_from(["is_true", "is_false"])),
    st.builds(Row, st.just("industry_kind"), st.sampled_from(["=", "<>"]), kinds.map(lambda v: (v,))),
    st.builds(Row, st.just("industry_kind"), st.sampled_from(["in", "not_in"]), st.just((Value("text", "industrial"), Value("text", "other")))),
    st.just(Hand("(employees_avg <= 3) OR (NOT is_hnte)")),
    st.just(Row("taxable_income", "<=", (Value("name", "ceiling"),))),
)  # fmt: skip
sheets = (
    st.lists(rows, min_size=2, max_size=4).map(tuple).flatmap(lambda r: st.sampled_from([Sheet(r), Sheet(r, "any")]))
)


def as_posted(shown):
    """What a browser sends for the shown cards."""
    data = QueryDict(mutable=True)
    data["cards"] = str(len(shown))
    for one in shown:
        at, card = one["at"], one["card"]
        data.update({f"{at}-id": card.id, f"{at}-zh": card.zh, f"{at}-en": card.en, f"{at}-join": card.join})
        data[f"{at}-rows"] = str(len(one["lines"]))
        for line in one["lines"]:
            row = line["at"]
            if line["line"].hand:
                data[f"{row}-hand"] = line["line"].hand
                continue
            data[f"{row}-fact"] = line["line"].fact
            data[f"{row}-op"] = next(op for op, _words, chosen in line["ops"] if chosen)
            data[f"{row}-unit"] = next((unit for unit, _words, chosen in line["units"] if chosen), "")
            chosen = [code for code, _words, on in line["codes"] if on]
            data.setlist(f"{row}-value", chosen if line["kind"] == "codes" else [line["first"], line["second"]])
    return data


@settings(deadline=None)  # the first case loads the pack
@given(sheets)
def test_what_is_shown_and_posted_back_says_the_same_to_the_letter(sheet):
    pack, text = current_pack(), expression(sheet)
    cards = cards_of([{"id": "a", "zh": "甲", "en": "A", "when": text}], pack)
    again = posted_cards(as_posted(shown_cards(cards, pack, {})))
    assert again == cards
    conditions, errors = conditions_of(again, pack)
    assert (conditions, errors) == ([{"id": "a", "zh": "甲", "en": "A", "when": text}], {})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (Line("taxable_income", "<=", ("20",), "10000"), "taxable_income <= 200000"),
        (Line("taxable_income", "<=", ("20万",), "1"), "taxable_income <= 200000"),
        (Line("taxable_income", "<=", ("１,２００",), "1"), "taxable_income <= 1200"),
        (Line("tech_staff_share", ">=", ("70",), "0.01"), "tech_staff_share >= 0.7"),
        (Line("tech_staff_share", ">=", ("70%",), "0.01"), "tech_staff_share >= 0.7"),
        (Line("employees_avg", "<=", ("ceiling",)), "employees_avg <= ceiling"),
        (Line("industry_kind", "in", ("industrial",)), "industry_kind = 'industrial'"),
        (Line("unheard_of", ">", ("3",)), "unheard_of > 3"),
    ],
)
def test_figures_are_written_as_people_write_them(line, said):
    assert expression(Sheet((row_from(line, current_pack()),))) == said


@pytest.mark.parametrize(
    "line",
    [
        Line("taxable_income", "<=", ("很多",)),
        Line("taxable_income", "<=", ()),
        Line("taxable_income", "between", ("1",)),
        Line("taxable_income", "<=", ("9" * 5000 + "e",)),
    ],
)
def test_what_is_no_value_is_told_in_words(line):
    with pytest.raises(ValueError, match=r"[。\.]"):
        row_from(line, current_pack())


def test_a_day_is_a_day():
    name = next(f.name for f in current_pack().facts.values() if str(f.type) == "date")
    assert row_from(Line(name, ">=", ("2026-01-31",)), current_pack()) == Row(name, ">=", (Value("day", "2026-01-31"),))
    with pytest.raises(ValueError, match="2026-01-31"):
        row_from(Line(name, ">=", ("31.1.2026",)), current_pack())
    assert shown_cards((Card(lines=(Line(name, ">="),)),), current_pack(), {})[0]["lines"][0]["kind"] == "day"


def test_the_words_of_an_expression_that_means_the_same_stay():
    before = [{"id": "a", "zh": "甲", "when": "is_hnte  AND (employees_avg<=3)", "clause": "2.2.4"}]
    pack = current_pack()
    assert conditions_of(cards_of(before, pack), pack, before) == (before, {})


def test_what_cannot_be_read_stays_as_it_was_typed():
    pack, before = current_pack(), [{"id": "a", "zh": "甲", "when": "is_hnte AND ("}]
    cards = cards_of(before, pack)
    assert cards[0].lines == (Line(hand="is_hnte AND ("),)
    assert conditions_of(cards, pack, before) == (before, {})
    more = (Card("a", "甲", lines=(*cards[0].lines, Line("is_hnte", "is_true"))),)
    assert conditions_of(more, pack, before)[0][0]["when"] == "(is_hnte AND () AND is_hnte"


def test_a_new_condition_gets_an_id_of_its_own_and_needs_words():
    conditions, errors = conditions_of((Card("c1", "甲"), Card(zh="乙"), Card()), current_pack())
    assert [c["id"] for c in conditions] == ["c1", "c2", "c3"]
    assert list(errors) == ["c2-zh"]


def test_every_comparison_has_words():
    assert all(op_words(op) for op in OPS)
    assert sheet_of("is_hnte") == Sheet((Row("is_hnte", "is_true"),))


@pytest.mark.parametrize("typed", ["3-1", "03-01", "3/1", "3.1", "3月1日", "3 月 1 日"])
def test_a_day_of_the_window_is_read_as_people_write_it(typed):
    from chuangbao.authoring.basics import tidy_days, wrong_window

    fields = {"window_from": typed, "window_to": "4月30日", "window_count": "", "window_of": ""}
    assert (tidy_days(fields)["window_from"], tidy_days(fields)["window_to"]) == ("03-01", "04-30")
    assert wrong_window(tidy_days(fields)) == {}
    assert set(wrong_window(tidy_days(fields | {"window_to": "13-45"}))) == {"b-window_to"}


def test_a_window_of_five_thousand_digits_is_refused_beside_its_field():
    from chuangbao.authoring.basics import wrong_window

    fields = {"window_from": "", "window_to": "", "window_of": "registered_on"}
    assert set(wrong_window(fields | {"window_count": "9" * 5000})) == {"b-window_count"}
    assert wrong_window(fields | {"window_count": "6"}) == {}
