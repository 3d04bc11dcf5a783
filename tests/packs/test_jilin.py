"""The Jilin pack: every worked case gives its verdict and its cent."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from chuangbao.rules import Engine, load_pack

PACK = load_pack(Path(__file__).parents[2] / "packs" / "jilin")
ENGINE = Engine(PACK)
CASES = [
    pytest.param(measure, version, example, id=f"{version.version}-{number}")
    for measure in PACK.measures.values()
    for version in measure.versions
    for number, example in enumerate(version.examples)
]


def test_there_are_78_versions_and_each_decree_has_its_own():
    assert len(PACK.versions) == 78


@pytest.mark.parametrize(("measure", "version", "example"), CASES)
def test_a_worked_case_holds(measure, version, example):
    day = example.as_of or version.valid_from
    profile = ENGINE.profile(example.facts, as_of=day, region=example.region or measure.region)
    answer = ENGINE.judge(profile, version.version)
    assert answer.status == example.status
    if example.has_amount:
        expected = None if example.amount is None else Decimal(example.amount.numerator) / example.amount.denominator
        assert answer.amount == expected


def test_every_theme_that_is_used_has_a_name():

    used = {theme for thing in (*PACK.measures.values(), *PACK.documents.values()) for theme in thing.themes}
    assert used <= set(PACK.codes["theme"].by_code)
