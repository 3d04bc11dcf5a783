"""A figure is said again only where it was read otherwise than it was typed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chuangbao.checkup.views.echo import is_as_typed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("3", "3"),
        ("3人", "3"),
        ("３ 人", "3"),
        ("25家", "25"),
        ("3.45%", "3.45"),
        ("8.50", "8.5"),
        ("600,000元", "600000"),
        ("-20", "-20"),
        ("12个月", "12"),
    ],
)
def test_what_was_typed_in_digits_is_not_repeated(typed, read):
    assert is_as_typed(typed, Decimal(read))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("60w", "600000"),
        ("六十万", "600000"),
        ("8.5万", "85000"),
        ("半年", "6"),
        ("两年", "24"),
        ("2年", "24"),
        ("0.0345", "3.45"),
        ("3-5人", "4"),
        ("", "0"),
    ],
)
def test_what_was_read_otherwise_is_said(typed, read):
    assert not is_as_typed(typed, Decimal(read))
