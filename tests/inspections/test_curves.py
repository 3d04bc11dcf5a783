"""Survival and graduation curves: flat without ends, zero when all end at once, pooled when spaces merge."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from chuangbao.inspections.domain.curves import count_months, estimate_curve, find_share, merge_counts

SPELLS = st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=30)
CASES = settings(max_examples=60, deadline=None)


@CASES
@given(st.lists(st.integers(0, 60), min_size=1, max_size=30))
def test_without_an_end_the_curve_is_flat(months):
    steps = estimate_curve(count_months((month, False) for month in months))
    assert {step.share for step in steps} == {1}
    assert sum(step.censored for step in steps) == len(months)


@CASES
@given(st.integers(0, 60), st.integers(1, 30))
def test_when_all_end_at_once_it_falls_to_zero(month, count):
    (step,) = estimate_curve(count_months([(month, True)] * count))
    assert (step.month, step.at_risk, step.share) == (month, count, 0)


@CASES
@given(SPELLS, SPELLS)
def test_two_spaces_merged_have_the_curve_of_all_their_spells(first, second):
    assert estimate_curve(merge_counts([count_months(first), count_months(second)])) == estimate_curve(
        count_months(first + second)
    )


@CASES
@given(SPELLS)
def test_it_never_rises_and_counts_everybody_once(spells):
    steps = estimate_curve(count_months(spells))
    shares = [Fraction(1), *(step.share for step in steps)]
    assert all(later <= earlier for earlier, later in pairwise(shares))
    assert all(0 <= share <= 1 for share in shares)
    assert sum(step.ended + step.censored for step in steps) == len(spells)
    if not any(not ended for _months, ended in spells):
        for step in steps:
            assert step.share == Fraction(sum(month > step.month for month, _ended in spells), len(spells))


def test_a_worked_case():
    steps = estimate_curve(count_months([(3, True), (6, False), (6, True), (12, False)]))
    assert [(step.month, step.at_risk, step.share) for step in steps] == [
        (3, 4, Fraction(3, 4)), (6, 3, Fraction(1, 2)), (12, 1, Fraction(1, 2)),
    ]  # fmt: skip
    assert (steps[0].percent, steps[0].complement) == (75.0, 25.0)
    assert find_share(steps, 6, least=3) == 50
    assert find_share(steps, 1, least=4) == 100
    assert find_share(steps, 12, least=3) is None
    assert find_share([], 12, least=1) is None
