"""Charges are contract × days to the cent: every split adds up, whole months are whole, due and waived make the price."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangbao.billing.domain.proration import Terms, last_of_month, list_months, next_month, prorate, round_fraction
from chuangbao.billing.enums import Unit

DAY = timedelta(days=1)
CENT = Decimal("0.01")
days = st.dates(date(2023, 11, 1), date(2024, 12, 31))  # with a leap February
money = st.decimals("0", "99999.99", places=2)
quantities = st.decimals("0.01", "500", places=2)
shares = st.sampled_from([Decimal(0), Decimal("0.3333"), Decimal("0.5"), Decimal(1)])


@st.composite
def lines(draw):
    """Prices that follow one another without overlapping, the last of them open or not."""
    cuts = sorted(draw(st.sets(days, min_size=1, max_size=4)))
    ends = [later - DAY for later in cuts[1:]] + [draw(st.none() | st.just(date(2024, 12, 31)))]
    return [Terms(a, b, draw(money), draw(shares)) for a, b in zip(cuts, ends, strict=True)]


def total(parts):
    return (sum((p.gross for p in parts), Decimal(0)), sum((p.waived for p in parts), Decimal(0)))


def by_hand(terms, unit, quantity, first, last):
    """The same month by month and day by day, with fractions, rounded once a month; from the first of a month on."""
    found = Decimal(0)
    for begin, end in list_months(first, last):
        exact = Fraction(0)
        for n in range((end - begin).days + 1):
            day = begin + n * DAY
            price = next((t.price for t in terms if t.first <= day and (t.last is None or day <= t.last)), Decimal(0))
            exact += Fraction(price) * Fraction(quantity) / (1 if unit == "day" else last_of_month(day).day)
        scaled = exact * 100
        found += Decimal((scaled.numerator * 2 + scaled.denominator) // (2 * scaled.denominator)) / 100
    return found


@settings(max_examples=60, deadline=None)
@given(lines(), st.sampled_from(Unit.values), quantities, st.integers(0, 12))
def test_charges_are_contract_times_days_to_the_cent(terms, unit, quantity, months):
    first = last = date(2023, 11, 1)
    for _month in range(months):
        last = next_month(last)
    last = last_of_month(last)
    parts = prorate(terms, unit=unit, quantity=quantity, first=first, last=last)
    assert total(parts)[0] == by_hand(terms, unit, quantity, first, last)


@settings(max_examples=80, deadline=None)
@given(lines(), st.sampled_from(Unit.values), quantities, st.sets(days, min_size=2, max_size=8))
def test_the_parts_of_any_split_add_up_to_the_whole(terms, unit, quantity, cuts):
    cuts = sorted(cuts)
    how = {"unit": unit, "quantity": quantity}
    whole = prorate(terms, **how, first=cuts[0], last=cuts[-1] - DAY)
    split = [part for a, b in pairwise(cuts) for part in prorate(terms, **how, first=a, last=b - DAY)]
    assert total(whole) == total(split)


@settings(max_examples=60, deadline=None)
@given(money, shares, quantities, days, days)
def test_a_price_written_twice_costs_what_one_costs(price, share, quantity, start, cut):
    period = {"unit": "m2", "quantity": quantity, "first": date(2023, 11, 1), "last": date(2024, 12, 31)}
    one = prorate([Terms(start, None, price, share)], **period)
    if cut > start:
        two = prorate([Terms(start, cut - DAY, price, share), Terms(cut, None, price, share)], **period)
        assert total(one) == total(two)


@settings(max_examples=60, deadline=None)
@given(lines(), quantities, days, days)
def test_what_is_due_and_what_is_waived_make_the_price(terms, quantity, first, last):
    for part in prorate(terms, unit="desk", quantity=quantity, first=first, last=last):
        assert part.due + part.waived == part.gross
        assert part.due >= 0
        assert part.waived >= 0
        assert first <= part.first <= part.last <= last
        assert part.gross == part.gross.quantize(CENT)


@pytest.mark.parametrize(
    ("first", "last", "gross"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), "1000.00"),
        (date(2026, 11, 10), date(2026, 11, 30), "700.00"),
        (date(2026, 10, 10), date(2026, 10, 31), "709.68"),  # 22 of 31 days
        (date(2026, 10, 1), date(2026, 10, 9), "290.32"),
        (date(2024, 2, 1), date(2024, 2, 1), "34.48"),  # a leap February
        (date(2026, 11, 30), date(2026, 11, 29), "0"),
    ],
)
def test_a_thousand_a_month(first, last, gross):
    parts = prorate([Terms(first, last, Decimal(1000))], unit="month", quantity=Decimal(1), first=first, last=last)
    assert total(parts)[0] == Decimal(gross)


def test_a_price_that_changes_in_mid_month_is_rounded_once():
    terms = [
        Terms(date(2026, 10, 5), date(2026, 10, 15), Decimal("100.00")),
        Terms(date(2026, 10, 16), None, Decimal("200.00"), Decimal("0.5")),
    ]
    month = {"first": date(2026, 10, 1), "last": date(2026, 10, 31)}
    old, new = prorate(terms, unit="desk", quantity=Decimal(3), **month)
    assert (old.days, new.days, old.month_days) == (11, 16, 31)
    assert (old.gross, new.gross) == (Decimal("106.45"), Decimal("309.68"))  # 416.129… in all is 416.13
    assert (new.waived, new.due) == (Decimal("154.84"), Decimal("154.84"))
    assert prorate(terms, unit="day", quantity=Decimal(3), **month)[1].gross == Decimal(9600)


@given(st.fractions(0, 10**6))
def test_amounts_are_rounded_half_up(exact):
    decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    assert abs(round_fraction(exact) - decimal) <= CENT / 2
    assert round_fraction(Fraction(1, 200)) == CENT == Decimal("0.005").quantize(CENT, ROUND_HALF_UP)
