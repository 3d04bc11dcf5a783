"""A run is carried out (执行): a snapshot, then part after part; a broken one is taken up at its part."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.audit.readings import READ_SENSITIVE
from chuangbao.core.engine.current import current_engine, use_newest_engine
from chuangbao.core.jobs.jobs import Work, work
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.population import OF_A_RUN, SNAPSHOTS
from chuangbao.facts.domain.sealed import Sealed
from chuangbao.facts.domain.snapshot import write_snapshot
from chuangbao.matching.domain.correcting import correct
from chuangbao.matching.domain.judging import judge_part
from chuangbao.matching.domain.keeping import WHY, finish, forget_parts, keep_part
from chuangbao.matching.domain.offering import offer
from chuangbao.matching.models import PopulationRun
from chuangbao.rules.batch.judge import Judge
from chuangbao.rules.batch.plan import Planner
from chuangbao.rules.batch.schema import SnapshotError
from chuangbao.rules.batch.snapshot import Snapshot

if TYPE_CHECKING:
    from chuangbao.rules.engine import Engine

__all__ = ["PART", "carry_out_run"]

PART = 25_000
"""Subjects of a part: what is lost when a worker dies, and what memory must hold with every verdict."""


@work("policies.run")
def carry_out_run(task: Work, *, run: int) -> dict[str, object]:
    """Judge everybody, compare, tell; each step that is done already is left alone."""
    row = unscoped(PopulationRun, because=WHY).get(pk=run)
    folder = Path(settings.DATA_DIR) / "runs" / str(row.pk)
    with use_newest_engine():
        engine = current_engine()
        if row.finished_at is None:
            if not same(row, engine, folder):
                prepare(row, engine, folder)
            judge_everybody(row, engine, folder, task)
            finish(row)
        keep_snapshot(row, folder / "facts.parquet")
        shutil.rmtree(folder, ignore_errors=True)
        correct(run=row)
        offer(run=row)
    return {"url": f"/policies/runs/{row.pk}/"}


def keep_snapshot(run: PopulationRun, path: Path) -> None:
    """Leave the facts of the run to simulations, in the place of the last run's; nothing sensitive is in them."""
    place = Path(settings.DATA_DIR, SNAPSHOTS)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.is_file():  # else a worker died after it had been moved
        kept = path.replace(place / f"{OF_A_RUN}{run.day:%Y%m%d}-{run.pk}.parquet")
        for old in place.glob(f"{OF_A_RUN}*.parquet"):
            if old != kept:
                old.unlink(missing_ok=True)


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
    names = Sealed(folder / "sealed.parquet", pack, find_sensitive_facts(Planner(engine, run.day))).present
    with transaction.atomic():
        forget_parts([run.pk])
        run.pack, run.snapshot, run.facts, run.sealed = pack.digest, written.digest, written.facts, written.sealed
        run.versions = sorted(p.version.version for p in Planner(engine, run.day).engine.docket(run.day, "").plans)
        run.rules = {name: version.hash for name, (_measure, version) in pack.versions.items()}
        run.save(update_fields=["pack", "snapshot", "facts", "sealed", "versions", "rules"])
        if names:
            record(SYSTEM, READ_SENSITIVE, run, reason="population run", data={"facts": names})


def find_sensitive_facts(planner: Planner) -> set[str]:
    """The sensitive facts that a measure in force somewhere reads, or a ceiling over it; no other is opened.

    A measure is in force at its own region, so these regions stand for all places.
    """
    regions = {measure.region for measure in planner.pack.measures.values()}
    read = set().union(*(planner.reads(region) for region in regions))
    return {name for name in read if name in planner.pack.facts and planner.pack.facts[name].sensitive}


def judge_everybody(run: PopulationRun, engine: Engine, folder: Path, task: Work) -> None:
    """The parts that are not judged yet. Raises Refused(snapshot) where the facts do not hold together."""
    planner = Planner(engine, run.day)
    judge = Judge(planner, detail=True)
    sealed = Sealed(folder / "sealed.parquet", engine.pack, find_sensitive_facts(planner))
    snapshot = Snapshot(folder / "facts.parquet", engine.pack, size=PART)
    done = run.parts.count()
    task.step(min(done * PART, snapshot.height), snapshot.height)
    try:
        began = time.perf_counter()
        for number, frame in enumerate(snapshot.partitions(lambda frame: frame, done), done):
            keep_part(run, number, judge_part(judge, sealed.onto(frame)), time.perf_counter() - began)
            task.step(min((number + 1) * PART, snapshot.height), snapshot.height)
            began = time.perf_counter()
    except SnapshotError as error:
        raise Refused("snapshot", str(error)[:300]) from error
