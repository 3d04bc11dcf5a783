"""What a missing fact keeps open, by hand: derived facts lead to plain ones, and sums are exact at any size."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import world

from chuangbao.matching.domain.judging import judge_part
from chuangbao.rules import Engine
from chuangbao.rules.batch.judge import Judge
from chuangbao.rules.batch.plan import Planner
from chuangbao.rules.batch.snapshot import Snapshot


def outcome(pack, columns):
    """Figures, worth and who is found, of one part."""
    engine = Engine(pack)
    frame = pl.DataFrame(columns).with_columns(subject=pl.int_range(pl.len()), region=pl.lit(None, pl.String))
    (part,) = Snapshot(frame, pack).partitions(lambda checked: checked)
    return judge_part(Judge(Planner(engine, world.DAY), detail=True), part)


def test_a_derived_fact_leads_to_the_plain_ones_unless_it_is_said():
    pack = world.deriving(
        world.pack(
            world.version("A", "small", "income > 5", amount="1000.005"),
            world.version("B", "small", "open OR small"),
            world.version("C", "COALESCE(debt, 0) > 5"),
        ),
        "small",
        "staff < 20 AND floor < 100",
    )
    made = outcome(
        pack,
        {
            "staff": [None, None, 3, 3, None],
            "floor": [50, None, 50, None, 50],
            "income": [9.0, 9.0, None, 9.0, 9.0],
            "small": [None, None, None, None, True],
            "debt": [None, None, 1, 1, 1],
            "debt__absent": [True, False, False, False, False],
            "open": [None, True, True, True, True],
        },
    )
    found = {fact: figures for _region, fact, *figures in made.worth}
    cent = 100_001
    assert found["staff"] == [2, 4, 1 + 0, 2 * cent]
    assert found["floor"] == [2, 4, 2 + 0, 2 * cent]
    assert found["income"] == [1, 1, 1, cent]
    assert found["debt"] == [1, 1, 1, 0]
    assert set(found) == {"staff", "floor", "income", "debt"}


def test_sums_are_exact_at_any_size():
    huge = 10**16 + 1
    pack = world.pack(world.version("A", "staff >= 1", amount="people * 1000000.01"))
    pack = replace(pack, facts=pack.facts)
    made = outcome(pack, {"staff": [1, 1, 0], "people": [huge, 3, 5]})
    cents = huge * 100_000_001 + 3 * 100_000_001
    assert made.totals == [["", "A", "A", 2, 1, 0, 0, cents, cents]]
    (rows,) = made.found
    assert rows["cents"].to_list() == [str(huge * 100_000_001), str(3 * 100_000_001), None]
    assert rows["payable"].to_list() == rows["cents"].to_list()
    assert rows["decided_by"].to_list() == ["", "", "c0"]
