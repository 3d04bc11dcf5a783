"""Judging a population in columns says of every subject what the interactive engine says of that one."""

from __future__ import annotations

from datetime import date

import expressions
import population
import world
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangbao.rules.model import Version
from chuangbao.rules.unparse import unparse

HARD = {
    "weight": st.sampled_from([0.0, -0.0, 0.1, 0.005, 1e22, 1e-300, 5e-324, 1.7e308, 0.1 + 0.2, 123456789.987654321]),
    "staff": st.sampled_from([0, 2**31, 2**53 + 1, 2**62, 2**63 - 1, -(2**63)]),
    "trade": st.sampled_from(["", "65", "软件 ", "6\n"]),
    "founded": st.sampled_from([world.DAY, date(2012, 2, 29), date.min, date.max]),
}


@st.composite
def measures(draw: st.DrawFn) -> Version:
    conditions = draw(st.lists(expressions.truths(2), min_size=1, max_size=3))
    amount = draw(st.none() | expressions.numbers(3))
    return world.version("M", *map(unparse, conditions), amount="" if amount is None else unparse(amount))


@st.composite
def people(draw: st.DrawFn) -> dict:
    some, every = draw(expressions.subjects())
    facts = dict(draw(st.sampled_from([some, every])))
    for name, values in HARD.items():
        if draw(st.integers(0, 4)) == 0:
            facts[name] = draw(values)
    return facts


@settings(max_examples=400, deadline=None)
@given(st.lists(measures(), min_size=1, max_size=2), st.lists(people(), min_size=1, max_size=12))
def test_verdict_cent_and_deciding_condition_are_those_of_the_interactive_engine(
    versions: list[Version], subjects: list[dict]
) -> None:
    named = [
        Version(**{f: getattr(v, f) for f in v.__dataclass_fields__} | {"version": f"M{i}"})
        for i, v in enumerate(versions)
    ]
    engine = world.engine(*named)
    found = population.batch(population.judge(engine, world.DAY), population.frame(engine.pack, subjects))
    assert found == population.interactive(engine, subjects, world.DAY)
