"""A run kept part by part on disk: without a file it only counts, and of a snapshot with faults nothing is left."""

from __future__ import annotations

import polars as pl
import pytest
import world

from chuangbao.rules.batch import SnapshotError
from chuangbao.rules.batch.judge import Judge
from chuangbao.rules.batch.plan import Planner
from chuangbao.rules.batch.snapshot import Snapshot
from chuangbao.rules.batch.work import match

ENGINE = world.engine(world.version("A", "open AND colour = 'red'", amount="staff * 2"))
GOOD = {"subject": ["a", "b", "c"], "open": [True, True, False], "colour": ["red"] * 3, "staff": [1, 2, 3]}


def run(folder, facts, out, **more):
    """A run over a file, two subjects at a time; with how many subjects were done after each part."""
    path = folder / "facts.parquet"
    pl.DataFrame(facts).write_parquet(path)
    done = []
    judge = Judge(Planner(ENGINE, world.DAY), **more)
    found = match(Snapshot(path, ENGINE.pack, size=2), judge, out, told=lambda part, of: done.append((part, of)))
    return found, done


def test_without_a_file_a_run_only_counts(tmp_path):
    for more in ({}, {"detail": True}):
        found, done = run(tmp_path, GOOD, None, **more)
        assert [(m.eligible, m.not_eligible, m.cents) for m in found.measures] == [(2, 1, 600)]
        assert done == [(2, 3), (3, 3)]
    assert list(tmp_path.iterdir()) == [tmp_path / "facts.parquet"]


@pytest.mark.parametrize("name", [None, "hits.parquet"])
def test_of_a_snapshot_with_faults_nothing_is_left(tmp_path, name):
    out = None if name is None else tmp_path / name
    with pytest.raises(SnapshotError, match="colour"):
        run(tmp_path, GOOD | {"colour": ["red", "red", "purple"]}, out, detail=True)
    assert list(tmp_path.iterdir()) == [tmp_path / "facts.parquet"]


def test_hits_are_one_file_at_the_end(tmp_path):
    out = tmp_path / "hits.parquet"
    found, _ = run(tmp_path, GOOD, out, detail=True)
    assert pl.read_parquet(out).select("subject", "payable").rows() == [("a", 2), ("b", 4)]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["facts.parquet", "hits.parquet"]
    assert found.subjects == 3
