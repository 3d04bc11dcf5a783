"""One part of everybody, judged and counted by county: verdicts, exact sums, and what missing facts would decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from chuangbao.matching.domain.missing import Missing
from chuangbao.matching.domain.sums import amounts_of, sums_of
from chuangbao.rules.batch.judge import ELIGIBLE, OPEN, REFUSED
from chuangbao.rules.batch.schema import REGION, SUBJECT

if TYPE_CHECKING:
    from chuangbao.matching.domain.sums import Figures
    from chuangbao.rules.batch.judge import Judge, Ruling
    from chuangbao.rules.batch.masks import Array

__all__ = ["Judged", "judge_part"]

FOUND = {
    "subject_id": pl.Int64(), "region": pl.String(), "measure": pl.String(), "version": pl.String(),
    "status": pl.String(), "cents": pl.String(), "payable": pl.String(), "decided_by": pl.String(),
}  # fmt: skip


@dataclass(slots=True)
class Judged:
    """What came out of a part: figures as rows ready to be kept, and who was found."""

    subjects: int = 0
    pairs: int = 0
    rejudged: int = 0
    totals: list[list[Any]] = field(default_factory=list)
    worth: list[list[Any]] = field(default_factory=list)
    found: list[pl.DataFrame] = field(default_factory=list)


def judge_part(judge: Judge, frame: pl.DataFrame) -> Judged:
    """Judge the subjects of a checked part in detail."""
    made = Judged(subjects=frame.height)
    regions = frame.get_column(REGION).fill_null("")
    names = sorted(regions.unique())
    places = regions.replace_strict(names, list(range(len(names))), return_dtype=pl.Int64).to_numpy()
    missing = Missing(judge, frame, places, len(names))
    ids = frame[SUBJECT].to_numpy()
    for ruling in judge.rulings(frame):
        made.pairs += len(ruling.rows)
        made.rejudged += ruling.rejudged
        where = places[ruling.rows]
        made.totals += count_by_county(ruling, where, names)
        missing.add(ruling)
        made.found.append(list_entitled(ruling, ids, where, names))
    made.worth = missing.list_lines(names)
    return made


def count_by_county(ruling: Ruling, where: Array, names: list[str]) -> list[list[Any]]:
    """Of one version: county, measure, version, entitled, near, open, refused, and the exact sums of the entitled.

    The first sum is of the amounts as they stand, the second of what ceilings leave of them.
    """
    size = len(names)
    near = np.bincount(where[(ruling.status == REFUSED) & ruling.near], minlength=size)
    eligible, opened, refused = (
        np.bincount(where[ruling.status == status], minlength=size) for status in (ELIGIBLE, OPEN, REFUSED)
    )
    rows = np.flatnonzero(ruling.status == ELIGIBLE)
    cents = sums_of(amounts_of(ruling), where, size, rows)
    payable = sums_of(ruling.due(), where, size, rows)
    present = np.unique(where)
    task = ruling.task
    return [
        [names[i], task.measure, task.version, int(eligible[i]), int(near[i]), int(opened[i]),
         int(refused[i] - near[i]), cents[i], payable[i]]
        for i in present
    ]  # fmt: skip


def write_cents(figures: Figures, rows: Array) -> list[str | None]:
    """Cents of some rows as texts, which have room for any sum; none where they are not known."""
    cents, known, large = figures
    return [
        str(large.get(int(row), amount)) if there else None
        for row, amount, there in zip(rows, cents[rows].tolist(), known[rows].tolist(), strict=True)
    ]


def list_entitled(ruling: Ruling, ids: Array, where: Array, names: list[str]) -> pl.DataFrame:
    """Who is entitled, and who is one condition away."""
    eligible = ruling.status == ELIGIBLE
    rows = np.flatnonzero(eligible | ((ruling.status == REFUSED) & ruling.near))
    amounts, paid, large = amounts_of(ruling)
    cents = write_cents((amounts, paid & eligible, large), rows)
    conditions, task = [*ruling.task.ids, ""], ruling.task
    return pl.DataFrame(
        {
            "subject_id": ids[ruling.rows[rows]],
            "region": [names[i] for i in where[rows]],
            "status": np.where(eligible[rows], "eligible", "near").tolist(),
            "cents": cents,
            "payable": write_cents(ruling.due(), rows),
            "decided_by": [conditions[i] for i in ruling.decided[rows]],
        },
        schema_overrides=FOUND,
    ).with_columns(measure=pl.lit(task.measure), version=pl.lit(task.version))
