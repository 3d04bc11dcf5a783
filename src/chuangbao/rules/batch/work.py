"""A run that leaves a table of hits behind, partition after partition: a broken one goes on where it stopped."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from chuangbao.rules.batch import hits
from chuangbao.rules.batch.run import MeasureTotals, Totals, counted
from chuangbao.rules.batch.schema import SUBJECT, SnapshotError
from chuangbao.rules.store import generation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import polars as pl

    from chuangbao.rules.batch.judge import Judge
    from chuangbao.rules.batch.snapshot import Snapshot

__all__ = ["match"]


@dataclass(frozen=True)
class Folder:
    """Where the parts of a run lie until all are there; they belong to one snapshot, one pack, one question."""

    path: Path

    @classmethod
    def beside(cls, out: Path, question: dict[str, object]) -> Folder:
        """The folder for ``out``; parts of another question are thrown away."""
        found = cls(out.with_name(out.name + ".parts"))
        asked = json.dumps(question, sort_keys=True, ensure_ascii=False)
        note = found.path / "question.json"
        if not note.is_file() or note.read_text(encoding="utf-8") != asked:
            shutil.rmtree(found.path, ignore_errors=True)
            found.path.mkdir(parents=True)
            whole(note, asked.encode())
        return found

    def hits(self, number: int) -> Path:
        """The rows of a partition."""
        return self.path / f"{number:06}.arrow"

    def counts(self, number: int) -> Path:
        """Its totals: the last thing written of it."""
        return self.path / f"{number:06}.json"

    def parts(self) -> Iterator[Totals]:
        """The totals of the partitions, from the first, that need not be judged again."""
        number = 0
        while self.counts(number).is_file():
            yield from_json(json.loads(self.counts(number).read_bytes()))
            number += 1

    def keep(self, number: int, table: pa.Table, totals: Totals) -> None:
        """A partition is done."""
        partial = self.hits(number).with_suffix(".new")
        with pa.OSFile(str(partial), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        partial.replace(self.hits(number))
        whole(self.counts(number), json.dumps(as_json(totals)).encode())

    def joined(self, out: Path, count: int, schema: pa.Schema) -> None:
        """All parts as one Parquet file."""
        partial = out.with_name(out.name + ".new")
        with pq.ParquetWriter(partial, schema, compression="zstd") as writer:
            for number in range(count):
                with pa.memory_map(str(self.hits(number))) as source:
                    writer.write_table(pa.ipc.open_file(source).read_all())
        partial.replace(out)
        shutil.rmtree(self.path)


def whole(path: Path, data: bytes) -> None:
    """A file that is there as a whole or not at all."""
    partial = path.with_suffix(".new")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def as_json(totals: Totals) -> dict[str, Any]:
    """Totals for the disk."""
    return {"subjects": totals.subjects, "pairs": totals.pairs, "measures": [asdict(m) for m in totals.measures]}


def from_json(found: dict[str, Any]) -> Totals:
    """Totals from the disk."""
    measures = {entry["version"]: MeasureTotals(**entry) for entry in found["measures"]}
    return Totals(found["subjects"], found["pairs"], sum(m.rejudged for m in measures.values()), 0.0, measures)


def match(
    snapshot: Snapshot, judge: Judge, out: Path | None, *, every: bool = False, told: Callable[[int, int], None]
) -> Totals:
    """Judge a snapshot; the hits go to ``out``. ``told`` hears how many subjects are done, of how many.

    Raises SnapshotError with every problem of the snapshot: then there are no hits.
    """
    started = time.perf_counter()
    folder = None if out is None else Folder.beside(out, question(snapshot, judge, every=every))
    found, start = Totals(), 0
    for part in folder.parts() if folder else ():
        found.merge(part)
        start += 1
    try:
        partitions = snapshot.partitions(
            lambda frame: judged(frame, judge, every=every), start, known=snapshot.doubles()
        )
        for number, (part, table) in enumerate(partitions, start):
            if folder is not None:
                folder.keep(number, table, part)
            found.merge(part)
            told(found.subjects, snapshot.height)
    except SnapshotError:
        if folder is not None:
            shutil.rmtree(folder.path)
        raise
    if folder is not None and out is not None:
        folder.joined(out, snapshot.count, hits.schema_of(snapshot.schema[SUBJECT]))
    found.seconds = time.perf_counter() - started
    return found


def judged(frame: pl.DataFrame, judge: Judge, *, every: bool) -> tuple[Totals, pa.Table]:
    """The totals of a partition, and its hits where these are wanted."""
    if not judge.detail:
        return counted(frame, judge), None
    part, rulings = Totals(subjects=frame.height), list(judge.rulings(frame))
    for ruling in rulings:
        part.add(ruling, judge.pack)
    return part, hits.table(frame, rulings, every=every)


def question(snapshot: Snapshot, judge: Judge, *, every: bool) -> dict[str, object]:
    """What a part of a run depends on."""
    planner = judge.planner
    return {
        "snapshot": snapshot.digest,
        "size": snapshot.size,
        "pack": judge.pack.digest,
        "program": generation(),
        "as_of": planner.as_of.isoformat(),
        "measures": [plan.version.version for plan in planner.wanted],
        "kind": planner.kind,
        "region": judge.region,
        "every": every,
        "exactly": judge.exactly,
    }
