"""Whom a simulation judges: the newest snapshot, else a sample that is the same wherever it is made."""

from __future__ import annotations

import os
from datetime import date

import polars as pl
import pytest

from chuangbao.core.engine.current import current_pack
from chuangbao.facts.domain import population as module
from chuangbao.facts.domain.population import dimensions_of, plain, population, sample, sample_ready
from chuangbao.rules.batch import totals
from chuangbao.rules.model import Fact, FactType, Text

DAY = date(2026, 11, 25)


@pytest.fixture
def folder(tmp_path, settings, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(module, "SAMPLE", 500)
    return tmp_path


def test_the_sample_is_made_once_and_marked(folder):
    pack = current_pack()
    assert sample_ready(pack) is None
    found = population(pack, DAY)
    assert (found.sample, found.size, found.path.parent) == (True, 500, folder / "cache")
    written = found.path.stat().st_mtime_ns
    assert population(pack, DAY) == found == sample_ready(pack)
    assert found.path.stat().st_mtime_ns == written
    assert len(found.digest) == 64


def test_the_newest_snapshot_comes_before_the_sample(folder):
    place = folder / "snapshots"
    place.mkdir()
    for number, name in enumerate(("b", "a")):
        pl.DataFrame({"subject": [1] * (number + 1)}).write_parquet(place / f"{name}.parquet")
        os.utime(place / f"{name}.parquet", (1000 + number, 1000 + number))
    for found in (population(current_pack(), DAY), sample_ready(current_pack())):
        assert (found.sample, found.path.name, found.size) == (False, "a.parquet", 2)


def test_the_sample_is_the_same_in_every_run_and_lives_in_counties_of_today():
    pack = current_pack()
    one, two = sample(pack, DAY, 300), sample(pack, DAY, 300)
    assert one.equals(two)
    assert all(pack.regions.at(code, DAY).level == "county" for code in one["region"])
    assert one["subject"].str.starts_with("demo-").all()
    assert 0 < one["taxable_income"].null_count() < 60


def test_the_sample_holds_together_under_the_catalogue_and_most_measures_reach_somebody():
    pack = current_pack()
    facts = sample(pack, DAY, 2000).drop("region", "industry", "founder_kind")
    found = totals(facts, pack, DAY)
    assert found.subjects == 2000
    assert sum(m.eligible > 0 for m in found.measures) > len(found.measures) / 2


def test_what_the_population_does_not_say_is_no_dimension():
    pack = current_pack()
    assert list(dimensions_of(pack, ["subject", "taxable_income"], DAY)) == []
    assert list(dimensions_of(pack, ["region", "industry", "industry_kind", "staff_total"], DAY)) == [
        "region", "county", "industry", "size",
    ]  # fmt: skip
    assert list(dimensions_of(pack, ["industry_kind", "employees_avg", "staff_total", "founder_kind"], DAY)) == [
        "industry", "size", "founder_kind",
    ]  # fmt: skip


def test_a_county_belongs_to_its_prefecture_and_staff_to_its_band():
    table = pl.DataFrame({
        "region": ["220102", "220200", "220000", "999999", None],
        "employees_avg": [0.0, 9.5, 10.0, 300.0, None],
    })  # fmt: skip
    found = table.select(e.alias(n) for n, e in dimensions_of(current_pack(), table.columns, DAY).items())
    assert found["region"].to_list() == ["220100", "220200", "220000", None, None]
    assert found["county"].to_list() == ["220100/220102", "220200/220200", "220000/220000", None, None]
    assert found["size"].to_list() == ["0-9", "0-9", "10-49", "300+", None]


def test_every_type_of_fact_has_plausible_values():
    pack = current_pack()
    day = Fact("registered", "enterprise", FactType.DATE, Text(""))
    words = Fact("name", "enterprise", FactType.TEXT, Text(""))
    assert plain(day, pack, (), 5).dtype == pl.Date
    assert plain(words, pack, (), 2).to_list() == ["name", "name"]
    share = plain(Fact("s", "enterprise", FactType.RATIO, Text("")), pack, (), 5)
    assert share.dtype == pl.Float64
    assert plain(Fact("n", "enterprise", FactType.INTEGER, Text("")), pack, [3, True], 5).dtype == pl.Int64


def test_a_pack_without_counties_lives_in_its_own_region():
    from dataclasses import replace

    from chuangbao.rules.regions import RegionTree

    pack = current_pack()
    tree = RegionTree({"220000": pack.regions.periods["220000"]})
    assert set(sample(replace(pack, regions=tree), DAY, 10)["region"]) == {"220000"}
