"""Judging only what changed gives the rows of a full run."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import expressions
import polars as pl
import population
import pytest
import world
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangbao.rules import Engine
from chuangbao.rules.batch import SnapshotError
from chuangbao.rules.batch.incremental import changed_versions, updated
from chuangbao.rules.batch.plan import Planner
from chuangbao.rules.unparse import unparse

if TYPE_CHECKING:
    from chuangbao.rules.batch.judge import Judge

VERSIONS = st.dictionaries(
    st.sampled_from(["M1", "M2", "M3", "M4"]),
    st.tuples(expressions.truths(1).map(unparse), expressions.numbers(1).map(unparse)),
    min_size=1,
)
PEOPLE = st.dictionaries(st.sampled_from("abcdef"), expressions.subjects().map(lambda pair: pair[0]), min_size=1)


def columns(engine: object, people: dict[str, dict]) -> pl.DataFrame:
    return population.frame(engine.pack, list(people.values())).with_columns(subject=pl.Series(list(people)))


def full(judge: Judge, frame: pl.DataFrame, *, every: bool) -> pl.DataFrame:
    nobody = pl.DataFrame(
        schema={
            "subject": pl.String,
            "measure": pl.String,
            "version": pl.String,
            "status": pl.String,
            "amount": pl.Decimal(38, 2),
            "decided_by": pl.String,
        }
    )
    return updated(nobody, frame, judge, subjects=frame["subject"], versions=(), every=every, size=2)


@settings(max_examples=60, deadline=None)
@given(before=VERSIONS, after=VERSIONS, then=PEOPLE, now=PEOPLE, every=st.booleans())
def test_only_what_changed_is_judged_again_and_nothing_else_would_have_changed(
    before: dict, after: dict, then: dict, now: dict, *, every: bool
) -> None:
    old, new = (
        world.engine(*(world.version(name, when, amount=amount) for name, (when, amount) in sorted(rules.items())))
        for rules in (before, after | {"M1": before.get("M1", after.get("M1", ("open", "1")))})
    )
    earlier = full(population.judge(old, world.DAY), columns(old, then), every=every)
    judge, frame = population.judge(new, world.DAY), columns(new, now)
    versions = changed_versions(Planner(old, world.DAY), judge.planner)
    assert ("M1" in versions) == ("M1" not in before)
    subjects = {s for s in then.keys() | now.keys() if then.get(s) != now.get(s)}
    found = updated(earlier, frame, judge, subjects=subjects, versions=versions, every=every, size=3)
    order = ["subject", "version"]
    assert found.sort(order).equals(full(judge, frame, every=every).sort(order))


def test_a_parameter_a_derivation_and_a_day_change_what_a_version_says() -> None:
    def planner(least: int, small: str, day: date = world.DAY) -> Planner:
        versions = [
            world.version(
                "A", "staff > least", parameters={"least": world.parameter("least", (date(2000, 1, 1), least, ""))}
            ),
            world.version("B", "small"),
            world.version("C", "open"),
        ]
        return Planner(Engine(world.deriving(world.pack(*versions), "small", small)), day)

    base = planner(3, "staff < 10")
    assert changed_versions(base, planner(3, "staff < 10")) == frozenset()
    assert changed_versions(base, planner(4, "staff < 10")) == {"A"}
    assert changed_versions(base, planner(3, "staff < 11")) == {"B"}
    assert changed_versions(base, planner(3, "staff < 10", date(2016, 3, 1))) == {"A", "B", "C"}


def test_a_snapshot_with_faults_is_refused() -> None:
    judge = population.judge(world.engine(world.version("A", "open")), world.DAY)
    frame = pl.DataFrame({"subject": ["a", "a"], "open": [True, False]})
    with pytest.raises(SnapshotError, match="comes more than once"):
        full(judge, frame, every=False)
