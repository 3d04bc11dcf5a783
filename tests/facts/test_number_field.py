"""A field for a figure says what is expected of it, with an example that fits its unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.facts.forms import FactsForm, NumberField, field_of
from chuangbao.rules.model import FactType

SHARE = Decimal("0.01")


@pytest.mark.parametrize(
    ("field", "example"),
    [
        (NumberField(unit="CNY"), "例如200000或20万"),
        (NumberField(unit="CNY/year"), "例如200000或20万"),
        (NumberField(percent=SHARE), "如 3 或 3%"),
        (NumberField(unit="person", is_whole=True), "整数，如 12"),
        (NumberField(unit="desk", is_whole=True), "整数，如 12"),
        (NumberField(unit="month"), "如 6"),
        (NumberField(unit="calendar_year", is_whole=True), "如 2025"),
    ],
)
def test_what_is_no_figure_is_answered_with_an_example_of_its_unit(field, example):
    with override("zh-hans"), pytest.raises(ValidationError) as refusal:
        field.clean("很多")
    assert example in refusal.value.messages[0]
    with override("zh-hans"):
        assert refusal.value.messages[0] == field.describe_expected()


@pytest.mark.parametrize("typed", ["没有", "无", "none", " 没有 "])
def test_that_there_is_none_is_zero_where_a_figure_always_exists(typed):
    assert NumberField(unit="CNY").clean(typed) == 0
    assert NumberField(unit="person", is_whole=True).clean(typed) == 0
    assert NumberField(unit="CNY", may_be_absent=True).clean(typed) != 0


def test_only_a_field_that_may_be_left_out_says_so():
    with override("zh-hans"):
        assert "留空" in NumberField(unit="person", required=False).describe_expected()
        assert "留空" not in NumberField(unit="person").describe_expected()


@pytest.mark.parametrize(("unit", "fits"), [("CNY", True), ("CNY/year", True), ("m2", False), ("month", False)])
def test_an_m_stands_for_millions_of_money_alone(unit, fits):
    field = NumberField(unit=unit)
    if fits:
        assert field.clean("1.5m") == 1_500_000
    else:
        with pytest.raises(ValidationError):
            field.clean("1.5m")


def test_every_figure_of_the_catalogue_can_be_typed_as_its_example_is():
    pack = current_pack()
    numeric = [fact for fact in pack.facts.values() if fact.type.numeric and not fact.derived and not fact.award]
    with override("zh-hans"):
        for fact in numeric:
            expected = field_of(pack, fact).describe_expected()
            example = "".join(sign for sign in expected.partition("如")[2].partition("或")[0] if sign in "0123456789.")
            form = FactsForm({fact.name: example}, engine=current_engine(), names=[fact.name], as_of=date(2026, 11, 27))
            assert form.is_valid(), (fact.name, example, form.errors)
            assert "20万" not in expected or fact.type is FactType.MONEY or not fact.unit, fact.name
