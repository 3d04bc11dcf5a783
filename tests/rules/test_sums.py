"""No sum shown exceeds what exists, over made-up lives; the long round of ten thousand is ``benchmarks/sums.py``."""

from __future__ import annotations

import importlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from chuangbao.rules import Engine
from chuangbao.rules.bundle import Bundle, Sum
from keptpack import load_house_pack

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
LIVES = 240


@pytest.fixture(scope="module")
def sums():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield importlib.import_module("sums")


@pytest.fixture(scope="module")
def engine(sums):
    return Engine(load_house_pack())


def test_no_life_is_promised_more_than_exists(sums, engine):
    breaches = {
        number: found
        for number, made in enumerate(sums.make_lives(engine, LIVES, 2026))
        if (found := sums.find_breaches(engine, made))
    }
    assert breaches == {}


def test_what_cannot_be_is_seen(sums, engine):
    """The control: a result that promises too much is named, each fault by itself."""
    tax = Decimal("30000.01")
    taken = ("2.6.3-small-profit", "1.3.7-cit-hnte")
    wrong = Bundle(taken, (), (Sum("loan", "once", Decimal("-0.001")),), True, {taken[0]: tax})
    assert len(list(sums.unsound_figures([], wrong))) == 2
    assert len(list(sums.mixed_sums(engine, wrong))) == 1
    assert list(sums.beyond_the_tax(engine, wrong, {"taxable_income": 120_000})) == []
    assert (
        len(list(sums.beyond_the_tax(engine, replace(wrong, amounts={taken[0]: tax * 2}), {"taxable_income": 2}))) == 1
    )
    version = engine.pack.measures[taken[0]].version_at(sums.DAY)
    excluded = [name for name in (version.excludes if version else ()) if name in engine.pack.measures]
    for name in excluded[:1]:
        assert list(sums.unlawful_pairs(engine, replace(wrong, taken=(taken[0], name))))
