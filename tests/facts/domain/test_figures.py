"""A figure is read however a person writes it, and what is none or means another unit is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chuangbao.facts.domain.figures import read_figure, read_span
from chuangbao.facts.domain.values import figure, typed_figure


@pytest.mark.parametrize(
    ("text", "value"),
    [("六十万", 600_000), ("60w", 600_000), ("8.5W", 85_000), ("60万左右", 600_000), ("大约60万元", 600_000), ("8人", 8), ("12场", 12), ("30个工位", 30), ("八个", 8),
     ("百分之十", "0.1"), ("千分之五", "0.005"), ("-20万", -200_000), ("负20万元", -200_000), ("亏损3万", -30_000), ("６０万", 600_000),
     ("8万块钱", 80_000), ("两千元", 2000), ("三点五万", 35_000), ("120平方米", 120), ("1,200 元", 1200), ("5k", 5000), ("十", 10),
     ("三百二十万", 3_200_000), ("1亿5", None), ("０．５", "0.5"), ("￥3000", 3000), ("3百万", 3_000_000),
     ("1.2 million", 1_200_000), ("200k", 200_000), ("1.5m", 1_500_000), ("1.5M yuan", 1_500_000), ("RMB 300 thousand", 300_000),
     ("2 million RMB", 2_000_000), ("0.1 billion", 100_000_000), ("120m2", 120)],
)  # fmt: skip
def test_a_figure_is_read_as_it_is_written(text, value):
    assert figure(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    "text",
    ["半年", "两年", "18个月", "3天", "一些", "很多", "", "万", "60万或70万", "60-70万", "3+4", "e5", "1.2.3", "viel"],
)
def test_what_is_no_figure_or_a_time_is_refused(text):
    assert figure(text) is None


def test_a_figure_before_its_point_may_be_missing():
    assert read_figure(".5") == Decimal("0.5")


@pytest.mark.parametrize(
    ("text", "share", "counted"),
    [
        ("百分之十", "0.1", 10),
        ("千分之五", "0.005", "0.5"),
        ("5‰", "0.005", "0.5"),
        ("十", "0.1", 10),
        ("八成", "0.8", 80),
        ("8成", "0.8", 80),
        ("七成半", "0.75", 75),
        ("三成三", "0.33", 33),
        ("一半", "0.5", 50),
        ("大约六成左右", "0.6", 60),
        ("十成", 1, 100),
    ],
)
def test_a_share_in_words_is_the_share_that_it_says(text, share, counted):
    assert typed_figure(text, Decimal("0.01")) == Decimal(share)
    assert typed_figure(text, Decimal(1)) == Decimal(counted)


@pytest.mark.parametrize("text", ["百分之十", "5‰", "百分之很多", "八成", "一半"])
def test_a_share_is_no_figure_where_none_is_asked_for(text):
    assert typed_figure(text) is None


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("半年", "month", "6"), ("两年", "month", "24"), ("一年半", "month", "18"), ("18个月", "month", "18"),
        ("１８个月", "month", "18"), ("两年零三个月", "month", "27"), ("大约3年", "year", "3"), ("一个半月", "month", "1.5"),
        ("6个月", "year", "0.5"), ("半个月", "month", "0.5"), ("2年多", "year", "2"),
    ],
)  # fmt: skip
def test_a_span_of_time_is_read_in_the_unit_that_is_asked_for(text, unit, value):
    assert read_span(text, unit) == Decimal(value)


@pytest.mark.parametrize(("text", "unit"), [("两年", "person"), ("", "month"), ("年", "month"), ("24", "month")])
def test_what_is_no_span_or_not_asked_for_is_none(text, unit):
    assert read_span(text, unit) is None
