"""One meaning of percent: 3 and 3% are the same wherever a person types them, kept once, shown with the sign."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils.translation import override
from openpyxl import Workbook

from chuangbao.authoring.building import Line, line_of, row_from, units_of, without_sign
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.core.localization.formatting import quantity
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.sheets import lines_of
from chuangbao.facts.domain.values import describe_expected, read, share_scale, share_text, typed_figure
from chuangbao.facts.forms import FactsForm, NumberField
from chuangbao.facts.words import fact_value
from chuangbao.rules import FactError
from chuangbao.rules.builder import Row, Value
from chuangbao.rules.profile import coerce

HUNDREDTH, ONE = Decimal("0.01"), Decimal(1)


@pytest.fixture
def share():
    return current_pack().facts["tech_staff_share"]


@pytest.fixture
def counted():
    """Kept as the figure itself: 3 is three percent."""
    return replace(current_pack().facts["tsme_rd_sales_pct"], unit="%")


@pytest.fixture
def pack(counted):
    known = current_pack()
    return replace(known, facts={**known.facts, counted.name: counted})


TYPED = [("3", 3), ("3%", 3), ("3 %", 3), ("３％", 3), (" 3 % ", 3), ("0.5", "0.5"), ("0.5%", "0.5"), ("100", 100),
         ("12.5％", "12.5"), ("0", 0)]  # fmt: skip


@pytest.mark.parametrize(("text", "percent"), TYPED)
def test_a_percentage_is_read_with_and_without_its_sign(text, percent):
    assert typed_figure(text, ONE) == Decimal(percent)
    assert typed_figure(text, HUNDREDTH) == Decimal(percent) / 100


@pytest.mark.parametrize("text", ["3%%", "3万", "3万%", "3元", "¥3", "％", "", "3 4"])
def test_what_is_no_percentage_is_none(text):
    assert typed_figure(text, ONE) is None


@pytest.mark.parametrize("text", ["3%", "70 ％"])
def test_a_figure_of_another_kind_takes_no_sign_of_percent(text):
    assert typed_figure(text) is None
    with pytest.raises(Refused):
        read(current_pack(), current_pack().facts["revenue"], text)


def test_the_kind_of_a_fact_says_what_one_percent_is(share, counted):
    assert (share_scale(share), share_scale(counted)) == (HUNDREDTH, ONE)
    assert share_scale(replace(counted, unit="percent")) == ONE
    assert share_scale(current_pack().facts["revenue"]) is None


@pytest.mark.parametrize(("kept", "scale", "text"), [("0.03", HUNDREDTH, "3"), ("3", ONE, "3"), ("0.125", HUNDREDTH, "12.5"),
                                                     ("1", HUNDREDTH, "100"), (Fraction(1, 8), HUNDREDTH, "12.5")])  # fmt: skip
def test_a_kept_value_is_typed_again(kept, scale, text):
    assert share_text(kept if isinstance(kept, Fraction) else Decimal(kept), scale) == text


# the builder


@pytest.mark.parametrize("text", ["3%", "3", "3 ％"])
def test_the_builder_keeps_three_percent(share, counted, pack, text):
    for fact, kept in ((share, "0.03"), (counted, "3")):
        row = row_from(Line(fact.name, ">=", (text,), units_of(fact)[0][0]), pack)
        assert row == Row(fact.name, ">=", (Value("number", kept),))
        shown = line_of(row, pack)
        assert (shown.values, units_of(fact)) == (("3",), ((shown.unit, "%"),))
        assert row_from(shown, pack) == row


def test_the_builder_shows_the_sign_once(share, pack):
    assert without_sign(Line(share.name, "between", ("3%", "5 ％"), "0.01"), pack).values == ("3", "5")
    for line in (Line("revenue", ">=", ("3",), "1"), Line(hand="x"), Line("gone", "=", ("3%",))):
        assert without_sign(line, pack) == line


def test_the_builder_says_what_a_percentage_is(share, pack):
    with override("zh-hans"), pytest.raises(ValueError, match="百分数"):
        row_from(Line(share.name, ">=", ("3万",), "0.01"), pack)
    with override("zh-hans"), pytest.raises(ValueError, match="数字"):
        row_from(Line("revenue", ">=", ("3%",), "1"), pack)


# files


def workbook(value, shown):
    book = Workbook()
    sheet = book.active
    sheet.append(["统一社会信用代码", "信息项", "取值", "截至日期或所属期"])
    sheet.append(["", "x", value, ""])
    sheet["C2"].number_format = shown
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [(0.05, "0%", "5%"), (0.055, "0.00%", "5.5%"), (1, "0%", "100%"), (5, "General", "5"), ("5%", "General", "5%"),
     (True, "0%", "true")],
)  # fmt: skip
def test_a_cell_is_read_as_the_workbook_shows_it(value, shown, text):
    assert [line.value for line in lines_of("a.xlsx", workbook(value, shown), most=9)] == [text]


@pytest.mark.parametrize("text", ["5%", "5", "5 ％"])
def test_a_file_keeps_five_percent(share, counted, pack, text):
    assert (read(pack, share, text), read(pack, counted, text)) == (Decimal("0.05"), 5)


@pytest.mark.parametrize("text", ["0.7", "1", "0.05"])
def test_a_bare_share_in_a_file_is_asked_about(share, counted, pack, text):
    with override("zh-hans"), pytest.raises(Refused) as found:
        read(pack, share, text)
    assert (found.value.code, "百分号" in str(found.value)) == ("unclear", True)
    assert read(pack, share, f"{text}%") == Decimal(text) / 100
    assert read(pack, counted, text) == Decimal(text)


def test_what_can_be_written_is_told_in_percent(share, pack):
    with override("zh-hans"):
        assert "3%" in describe_expected(pack, share)
        assert "100%" in describe_expected(pack, share)


def test_more_than_all_is_refused(share, pack):
    with pytest.raises(Refused):
        read(pack, share, "101")


# forms


@pytest.mark.parametrize("text", ["3", "3%", " 3 ％"])
def test_a_form_keeps_three_percent_and_shows_it_with_the_sign(share, text):
    form = FactsForm({share.name: text}, engine=current_engine(), names=[share.name], as_of=date(2026, 1, 1))
    assert form.is_valid(), form.errors
    assert form.facts() == {share.name: Decimal("0.03")}
    with override("zh-hans"):
        assert fact_value(share, form.facts()[share.name]) == "3%"


def test_a_form_shows_what_is_kept_as_it_is_typed(share):
    form = FactsForm(engine=current_engine(), names=[share.name], as_of=date(2026, 1, 1), initial={share.name: "0.125"})
    assert form[share.name].value() == "12.5"
    assert form.fields[share.name].unit_sign == "%"
    assert NumberField(percent=ONE).write_share("__absent__") == "__absent__"
    assert NumberField().write_share("0.5") == "0.5"


def test_a_form_says_what_a_percentage_is(share):
    form = FactsForm({share.name: "3万"}, engine=current_engine(), names=[share.name], as_of=date(2026, 1, 1))
    with override("zh-hans"):
        assert "百分数" in str(form.errors)


# words, and what programs give


def test_a_figure_counted_in_percent_is_shown_with_the_sign(counted):
    assert quantity(Decimal(3), "%") == quantity(Decimal(3), "percent") == quantity(Decimal("0.03"), "ratio") == "3%"
    with override("zh-hans"):
        assert fact_value(counted, 3) == "3%"


def test_programs_give_kept_values_or_a_text_with_the_sign(share, counted, pack):
    assert (coerce(pack, share, "3%"), coerce(pack, counted, "3 %")) == (Fraction(3, 100), 3)
    assert (coerce(pack, share, 0.03), coerce(pack, counted, 3)) == (Fraction(3, 100), 3)
    for fact, text in ((share, "3"), (counted, "x%"), (current_pack().facts["revenue"], "3%")):
        with pytest.raises(FactError):
            coerce(pack, fact, text)


def test_a_quotient_is_said_with_two_places_and_money_to_the_cent():
    with override("zh-hans"):
        assert quantity(Decimal("3.166666666667"), "year") == "3.17年"
        assert quantity(Decimal("0.125"), "person") == "0.125人"
        assert quantity(Decimal("0.0000005"), "CNY") == "¥0.0000005"
