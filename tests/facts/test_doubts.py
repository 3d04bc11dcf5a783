"""A bare sum far below what is usual is asked back about once, and the unit stands beside each figure."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils.translation import override

from chuangbao.checkup.forms import QuestionForm
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.facts.domain.doubts import list_readings
from chuangbao.facts.forms import FactsForm, StatementForm, example_words
from chuangbao.ui.templatetags.ui import draw_field

pytestmark = pytest.mark.usefixtures("library")


def ask(typed, *, name="loan_amount", kind=QuestionForm, **more):
    return kind({name: typed, **more}, engine=current_engine(), names=[name], as_of=date(2026, 11, 28))


@pytest.mark.parametrize("typed", ["15", "１５", "72", "999", "1.5"])
def test_a_bare_sum_far_below_the_example_is_doubted(typed):
    large, small = list_readings(current_pack().facts["loan_amount"], typed, "20万")
    assert large.typed.endswith("万元")
    assert small.typed.endswith("元")


@pytest.mark.parametrize("typed", ["15万", "15元", "0", "无", "150000", "1000", "-15", "", "十五"])
def test_a_sum_with_a_unit_or_of_the_usual_size_is_not(typed):
    assert list_readings(current_pack().facts["loan_amount"], typed, "20万") == ()


def test_a_small_sum_is_not_doubted_where_small_sums_are_usual():
    assert list_readings(current_pack().facts["loan_amount"], "800", "3000元") == ()
    assert list_readings(current_pack().facts["employees_avg"], "8", "8人") == ()


def test_it_is_asked_back_once_with_both_as_buttons():
    with override("zh-hans"):
        form = ask("15")
        assert not form.is_valid()
        assert form.errors["loan_amount"] == ["您是说15万元（150,000元）还是15元？"]
        drawn = draw_field(form["loan_amount"])
    assert re.findall(r'name="loan_amount" value="([^"]+)">', drawn) == ["15万元", "15元"]
    assert 'name="asked-loan_amount" value="15"' in drawn
    assert drawn.index('aria-hidden="true"') < drawn.index('value="15万元"'), "Enter does not choose"
    again = ask("15", **{"asked-loan_amount": "15"})
    assert again.is_valid()
    assert again.facts() == {"loan_amount": 15}
    assert not ask("16", **{"asked-loan_amount": "15"}).is_valid()


def test_a_button_sends_its_reading():
    for typed, figure in (("15万元", 150_000), ("15元", 15)):
        form = ask(typed)
        assert form.is_valid()
        assert form.facts() == {"loan_amount": figure}


def test_what_is_only_tried_out_is_not_asked_back():
    assert ask("15", kind=FactsForm).is_valid()
    assert StatementForm.asks_back


def test_the_unit_stands_beside_each_figure():
    with override("zh-hans"):
        form = FactsForm(engine=current_engine(), names=["loan_amount", "employees_avg", "area_m2", "operating_months"],
                         as_of=date(2026, 11, 28))  # fmt: skip
        signs = [re.findall(r'cb-unit">([^<]+)<', draw_field(field))[0] for field in form]
    assert signs == ["元", "人", "平方米", "个月"]


def test_an_example_in_digits_has_marks_of_thousands():
    with override("en"):
        assert example_words("200000") == "For example: 200,000."
        assert example_words("1200 m²") == "For example: 1200 m²."
