"""The pack of Jilin over a population: every verdict, cent and deciding condition is that of the interactive engine."""

from __future__ import annotations

import random
from datetime import date, timedelta

import population
import pytest

from chuangbao.facts.domain.population import sample
from chuangbao.rules import Engine, Fact, Pack, Status
from chuangbao.rules.batch import totals
from chuangbao.rules.model import FactType
from keptpack import load_house_pack


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(load_house_pack())


def figure(fact: Fact, dice: random.Random) -> float:
    """Often at a round figure, where rules have their thresholds."""
    low = int(fact.minimum or 0)
    high = int(fact.maximum) if fact.maximum is not None else 40_000_000
    marks = [
        m for m in (0, 1, 3, 5, 30, 80, 100, 300, 100_000, 200_000, 300_000, 1_000_000, 3_000_000) if low <= m <= high
    ]
    if marks and dice.random() < 0.7:
        return max(low, min(high, dice.choice(marks) + dice.choice([-1, 0, 0, 1])))
    found = dice.uniform(low, high)
    return round(found) if fact.type is FactType.INTEGER else round(found, dice.choice([0, 2, 3]))


def value(pack: Pack, fact: Fact, dice: random.Random) -> object:
    match fact.type:
        case FactType.BOOLEAN:
            return dice.random() < 0.6
        case FactType.DATE:
            return dice.choice([date(2012, 2, 29), date(2010, 1, 1) + timedelta(dice.randrange(6000))])
        case FactType.TEXT:
            return dice.choice(["", "6510", "软件"])
        case FactType.CODE | FactType.CODES:
            codes = list(pack.codes[fact.codes].by_code)
            return (
                dice.choice(codes)
                if fact.type is FactType.CODE
                else dice.sample(codes, dice.randint(0, min(3, len(codes))))
            )
    return figure(fact, dice)


def subject(pack: Pack, dice: random.Random) -> dict:
    """Derived facts are mostly left to follow from others."""
    facts = {}
    for name, fact in pack.facts.items():
        if dice.random() < (0.9 if fact.derived else 0.1):
            continue
        facts[name] = None if fact.may_be_absent and dice.random() < 0.3 else value(pack, fact, dice)
    return facts


@pytest.mark.parametrize("day", [date(2014, 6, 30), date(2016, 2, 29), date(2019, 12, 31), date(2024, 3, 1)])
def test_the_whole_pack_over_columns_is_the_whole_pack_one_by_one(engine: Engine, day: date) -> None:
    dice = random.Random(day.toordinal())  # noqa: S311 - the same subjects every time
    subjects = [subject(engine.pack, dice) for _ in range(150)]
    judge = population.judge(engine, day)
    columns = population.frame(engine.pack, subjects)
    found = population.batch(judge, columns)
    assert found == population.interactive(engine, subjects, day)
    assert {status for status, *_ in found.values()} == set(population.NAMES.values())
    rulings = list(judge.rulings(columns))
    assert all(r.columnar for r in rulings), "every version has a plan over columns"
    assert sum(r.rejudged for r in rulings) < 0.05 * sum(len(r.rows) for r in rulings)


def test_of_a_made_up_province_nobody_is_entitled_as_a_whole_and_a_stranger_to_nothing(engine: Engine) -> None:
    day, size = date(2026, 6, 30), 2000
    made = sample(engine.pack, day, size)
    found = totals(made.select(n for n in made.columns if n == "region" or n in engine.pack.facts), engine, day)
    assert [m.version for m in found.measures if m.eligible == found.subjects] == []
    assert sum(m.eligible for m in found.measures) > size  # and yet the sample is served
    stranger = engine.profile({}, as_of=day, region=engine.pack.region)
    assert [a.version for a in engine.judge_all(stranger) if a.status is Status.ELIGIBLE] == []
