"""Only what changed is judged again (增量): subjects whose facts changed, and versions that read otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from chuangbao.rules.batch import hits
from chuangbao.rules.batch.judge import Judge
from chuangbao.rules.batch.plan import names_read
from chuangbao.rules.batch.schema import SUBJECT
from chuangbao.rules.batch.snapshot import PARTITION, Snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pyarrow as pa

    from chuangbao.rules.batch.plan import Planner

__all__ = ["changed_versions", "updated"]


def changed_versions(before: Planner, after: Planner, regions: Iterable[str] = ("",)) -> frozenset[str]:
    """Versions that began, ended, or no longer say the same on the day in one of the regions.

    A version says the same while its conditions and formula, the values of its parameters and the derivations of the
    facts it reads do. Another day is another question: then every version has changed.
    """
    found: set[str] = set()
    for region in regions:
        old, new = sayings(before, region), sayings(after, region)
        every = old.keys() | new.keys()
        found |= every if before.as_of != after.as_of else {v for v in every if old.get(v) != new.get(v)}
    return frozenset(found)


def sayings(planner: Planner, region: str) -> dict[str, object]:
    """All that a verdict of a version depends on, beside the facts given."""
    found: dict[str, object] = {}
    for task in planner.tasks(region):
        read = sorted(names_read(planner, [task]) & planner.facts.keys())
        found[task.version] = (task, [planner.facts[name] for name in read])
    return found


def updated(  # noqa: PLR0913 - the question, and what changed since it was last asked
    earlier: pl.DataFrame,
    source: Any,
    judge: Judge,
    *,
    subjects: Collection[object],
    versions: Collection[str],
    every: bool = False,
    size: int = PARTITION,
) -> pl.DataFrame:
    """The hits of ``source`` by way of an ``earlier`` run: the same rows as a full run, in another order.

    ``subjects`` are ids that are new, gone or whose facts changed; ``versions`` comes from ``changed_versions``.
    Raises SnapshotError for a snapshot that does not hold together.
    """
    detailed = Judge(judge.planner, region=judge.region, detail=True, exactly=judge.exactly)
    snapshot = Snapshot(source, judge.pack, size=size)
    moved = pl.Series(list(subjects), dtype=snapshot.schema[SUBJECT])
    parts: list[pa.Table] = []
    for frame in snapshot.partitions(lambda frame: frame, known=snapshot.doubles()):
        touched = pl.col(SUBJECT).is_in(moved.implode())
        anew, still = frame.filter(touched), frame.filter(~touched)
        parts.append(hits.table(anew, detailed.rulings(anew), every=every))
        if versions:
            parts.append(hits.table(still, detailed.rulings(still, only=frozenset(versions)), every=every))
    kept = earlier.filter(
        ~pl.col(SUBJECT).is_in(moved.implode()) & ~pl.col("version").cast(pl.String).is_in(list(versions))
    )
    fresh = [pl.DataFrame(pl.from_arrow(part)) for part in parts if part.num_rows]
    plain = [f.with_columns(pl.col(pl.Categorical).cast(pl.String)) for f in (kept, *fresh)]
    return pl.concat(plain)
