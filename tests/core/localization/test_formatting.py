"""Figures, days and texts in words, in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from chuangbao.core.localization import formatting
from chuangbao.rules.model import Text


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (None, None, "—", "—"),
        (True, None, "是", "yes"),
        (False, None, "否", "no"),
        (date(2015, 6, 8), None, "2015年6月8日", "8 June 2015"),
        (Decimal("1200.50"), "CNY", "¥1,200.50", "¥1,200.50"),
        (Decimal("-0.001"), "CNY", "−¥0.001", "−¥0.001"),
        (Decimal(5000), "CNY/year", "每年¥5,000.00", "¥5,000.00 a year"),
        (2024, "calendar_year", "2024", "2024"),
        (Decimal("55.0"), "percent", "55%", "55%"),
        (Decimal("0.70"), "ratio", "70%", "70%"),
        (500, "m2", "500平方米", "500 m²"),
        (1, "person", "1人", "1 person"),
        (3, "furlong", "3 furlong", "3 furlong"),
        (3, "none", "3", "3"),
        ((1, 2), None, "1、2", "1、2"),
        ((), None, "—", "—"),
        (Text("工业", "Industry"), None, "工业", "Industry"),
        ("plain", None, "plain", "plain"),
    ],
)
def test_a_value_in_words(value, unit, zh, en):
    with override("zh-hans"):
        assert formatting.value_words(value, unit).replace(" ", "") == zh.replace(" ", "")
    with override("en"):
        assert formatting.value_words(value, unit) == en


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (30000, "3万元", "¥30,000"),
        (500, "500元", "¥500"),
        ("500.50", "500.50元", "¥500.50"),
        (10050, "10,050元", "¥10,050"),
    ],
)
def test_money_as_people_say_it(value, zh, en):
    with override("zh-hans"):
        assert formatting.plain_money(Decimal(value)) == zh
    with override("en"):
        assert formatting.plain_money(Decimal(value)) == en


def test_no_text_is_an_empty_one():
    assert formatting.text(None) == ""


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("CNY", "元"),
        ("CNY/year", "元/年"),
        ("none", ""),
        ("ratio", "比例"),
        ("m2", "平方米"),
        ("person", "人"),
        ("odd", "odd"),
    ],
)
def test_a_unit_is_said_in_words(unit, words):
    from chuangbao.core.localization.formatting import unit_words

    with override("zh-hans"):
        assert unit_words(unit) == words
