"""Where each subject is, told beside its facts in a pack that has no such fact; and who is one condition away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest
import world

from chuangbao.rules import Engine
from chuangbao.rules.batch import SnapshotError, totals
from chuangbao.rules.batch.judge import Judge
from chuangbao.rules.batch.plan import Planner
from chuangbao.rules.batch.snapshot import Snapshot
from chuangbao.rules.model import Measure, Text
from chuangbao.rules.regions import Region, RegionTree

if TYPE_CHECKING:
    from pathlib import Path

PLACES = ["220102", "220103", None, "220102"]


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Measure A everywhere, B in one county alone."""
    pack = world.pack(
        world.version("A", "staff >= 3", "open", "income > 5", amount="income * 0.15"), world.version("B", "open")
    )
    units = {c: (Region(c, Text(c), "county", p),) for c, p in (("22", ""), ("220102", "22"), ("220103", "22"))}
    there = {"B": Measure("B", Text("B"), "enterprise", "220103", pack.measures["B"].versions)}
    return Engine(replace(pack, measures={**pack.measures, **there}, regions=RegionTree(units), region="22"))


@pytest.fixture
def facts() -> dict[str, list[object]]:
    return {
        "subject": [1, 2, 3, 4],
        "region": PLACES,
        "staff": [3, 2, 2, None],
        "open": [True, True, False, True],
        "income": [10.005, 10.0, 9.0, 1.0],
    }


def told(source: object, engine: Engine) -> dict[tuple[int, str], tuple[int, bool]]:
    kept: list[dict[tuple[int, str], tuple[int, bool]]] = []
    for exactly in (True, False):
        snapshot, found = Snapshot(source, engine.pack), {}
        judge = Judge(Planner(engine, world.DAY), detail=True, exactly=exactly)
        for part in snapshot.partitions(lambda checked: checked):
            for ruling in judge.rulings(part):
                ids = part["subject"].to_list()
                for place, row in enumerate(ruling.rows):
                    found[int(ids[row]), ruling.task.version] = (int(ruling.status[place]), bool(ruling.near[place]))
        kept.append(found)
    assert kept[0] == kept[1]
    return kept[0]


def test_each_is_judged_where_it_is(engine, facts) -> None:
    found = told(pl.DataFrame(facts), engine)
    for place, region in enumerate(PLACES):
        given = {n: facts[n][place] for n in ("staff", "open", "income") if facts[n][place] is not None}
        answers = engine.judge_all(engine.profile(given, as_of=world.DAY, region=region or "22"))
        kept = {version: entry for (one, version), entry in found.items() if one == place + 1}
        assert {a.version: (a.status, a.near) for a in answers} == {
            v: (("not_eligible", "eligible", "undetermined")[s], near) for v, (s, near) in kept.items()
        }
    assert [one for (one, _v), (_s, near) in found.items() if near] == [2]
    assert totals(pl.DataFrame(facts), engine, world.DAY).by_version["B"].eligible == 1


def test_a_csv_file_says_it_too(engine, facts, tmp_path: Path) -> None:
    pl.DataFrame(facts).write_csv(tmp_path / "facts.csv")
    assert told(tmp_path / "facts.csv", engine) == told(pl.DataFrame(facts), engine)


def test_a_region_that_there_is_not_is_counted(engine, facts) -> None:
    wrong = pl.DataFrame(facts | {"region": ["220102", "990000", None, "x"]})
    with pytest.raises(SnapshotError) as caught:
        totals(wrong, engine, world.DAY)
    assert str(caught.value) == "region: 2 rows: there is no such region"
    with pytest.raises(SnapshotError, match="a column of text is expected for a region"):
        totals(wrong.with_columns(region=1), engine, world.DAY)
