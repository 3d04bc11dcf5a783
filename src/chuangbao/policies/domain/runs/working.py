"""A run is carried out (执行): a snapshot, then part after part; whoever takes up a broken one goes on at its part."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from chuangbao.core.actors import SYSTEM
from chuangbao.core.history import record
from chuangbao.core.jobs import Work, work
from chuangbao.core.refusals import Refused
from chuangbao.core.registry import current_engine, up_to_date
from chuangbao.core.scope import unscoped
from chuangbao.facts.domain.sealed import Sealed
from chuangbao.facts.domain.snapshot import write_snapshot
from chuangbao.policies.domain.runs.judging import judged
from chuangbao.policies.domain.runs.keeping import WHY, finish, forget_parts, keep_part
from chuangbao.policies.domain.runs.offering import offer
from chuangbao.policies.models import PopulationRun
from chuangbao.rules.batch.judge import Judge
from chuangbao.rules.batch.plan import Planner, names_read
from chuangbao.rules.batch.schema import SnapshotError
from chuangbao.rules.batch.snapshot import Snapshot

if TYPE_CHECKING:
    from chuangbao.rules.engine import Engine

__all__ = ["PART", "carry_out_run"]

PART = 25_000
"""Subjects of a part: what is lost when a worker dies, and what memory must hold with every verdict."""


@work("policies.run")
def carry_out_run(task: Work, *, run: int) -> dict[str, object]:
    """Judge everybody, compare, tell; each step that stands already is left alone."""
    row = unscoped(PopulationRun, because=WHY).get(pk=run)
    folder = Path(settings.DATA_DIR) / "runs" / str(row.pk)
    with up_to_date():
        engine = current_engine()
        if row.finished_at is None:
            if not same(row, engine, folder):
                prepare(row, engine, folder)
            judge_everybody(row, engine, folder, task)
            finish(row)
        shutil.rmtree(folder, ignore_errors=True)
        offer(run=row)
    return {"url": f"/policies/runs/{row.pk}/"}


def same(run: PopulationRun, engine: Engine, folder: Path) -> bool:
    """Whether what was judged so far asks the very same question of the very same facts."""
    path = folder / "facts.parquet"
    if run.pack != engine.pack.digest or not path.is_file():
        return False
    return Snapshot(path, engine.pack).digest == run.snapshot


def prepare(run: PopulationRun, engine: Engine, folder: Path) -> None:
    """Write the snapshot, and put on record that sensitive facts will be read, and for what."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pack = engine.pack
    written = write_snapshot(folder / "facts.parquet", pack=pack, day=run.day, sealed=folder / "sealed.parquet")
    names = Sealed(folder / "sealed.parquet", pack, needed(Planner(engine, run.day))).present
    with transaction.atomic():
        forget_parts([run.pk])
        run.pack, run.snapshot, run.facts, run.sealed = pack.digest, written.digest, written.facts, written.sealed
        run.versions = sorted(p.version.version for p in Planner(engine, run.day).engine.docket(run.day, "").plans)
        run.save(update_fields=["pack", "snapshot", "facts", "sealed", "versions"])
        if names:
            record(SYSTEM, "read_sensitive", run, reason="population run", data={"facts": names})


def needed(planner: Planner) -> set[str]:
    """The sensitive facts that a measure in force somewhere reads; no other is opened."""
    regions = planner.pack.regions.periods
    read = set().union(*(names_read(planner, tasks) for tasks in {planner.tasks(region) for region in regions}))
    return {name for name in read if name in planner.pack.facts and planner.pack.facts[name].sensitive}


def judge_everybody(run: PopulationRun, engine: Engine, folder: Path, task: Work) -> None:
    """The parts that are not judged yet. Raises Refused(snapshot) where the facts do not hold together."""
    planner = Planner(engine, run.day)
    judge = Judge(planner, detail=True)
    sealed = Sealed(folder / "sealed.parquet", engine.pack, needed(planner))
    snapshot = Snapshot(folder / "facts.parquet", engine.pack, size=PART)
    done = run.parts.count()
    task.step(min(done * PART, snapshot.height), snapshot.height)
    try:
        began = time.perf_counter()
        for number, frame in enumerate(snapshot.partitions(lambda frame: frame, done), done):
            keep_part(run, number, judged(judge, sealed.onto(frame)), time.perf_counter() - began)
            task.step(min((number + 1) * PART, snapshot.height), snapshot.height)
            began = time.perf_counter()
    except SnapshotError as error:
        raise Refused("snapshot", str(error)[:300]) from error
