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


def test_a_bare_sum_is_asked_back_and_then_said_in_its_unit(client, library):
    address = client.post("/checkup/", {"who": "company", "want": "", "region": "222403"}).url
    asked = client.post(f"{address}answer/", {"fact": "loan_amount", "loan_amount": "15"})
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "您是说15万元（150,000元）还是15元？" in page
    sent = {"fact": "loan_amount", "asked-loan_amount": "15"}
    large = client.post(f"{address}answer/", {**sent, "loan_amount": ["15", "15万元"]}, follow=True).content.decode()
    assert "15万元 = 150,000 元" in large
    small = client.post(f"{address}answer/", {**sent, "loan_amount": "15"}, follow=True).content.decode()
    assert "15 = 15 元" in small


def test_money_without_a_unit_is_said_in_its_unit(client, library):
    address = client.post("/checkup/", {"who": "company", "want": "", "region": "222403"}).url
    page = client.post(f"{address}answer/", {"fact": "loan_amount", "loan_amount": "200000"}, follow=True)
    assert "200000 = 200,000 元" in page.content.decode()
