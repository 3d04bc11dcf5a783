"""Facts of a whole population from a file or a frame, a partition at a time: memory does not grow with the subjects."""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import polars as pl

from chuangbao.rules.batch import csvfile
from chuangbao.rules.batch.schema import SUBJECT, Problem, SnapshotError, checks, coded, schema_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from chuangbao.rules.model import Pack

__all__ = ["PARTITION", "Snapshot"]

PARTITION = 1 << 18  # the row group of many writers, which is then read once
AHEAD = 2  # partitions that wait to be worked on
FILE = "file"
T = TypeVar("T")


class Snapshot:
    """Columns named after facts; every partition that it gives out has been checked."""

    def __init__(self, source: Any, pack: Pack, *, size: int = PARTITION, identified: bool = True) -> None:
        """``identified`` asks for ids, present and different.

        Raises SnapshotError with every problem of the schema, OSError where the file cannot be read.
        """
        self.pack, self.size = pack, size
        self.path = Path(source) if isinstance(source, str | Path) else None
        self.csv = self.path is not None and self.path.suffix.lower() == ".csv"
        self.scan = csvfile.scan(self.path) if self.path and self.csv else opened(source, self.path)
        self.schema: Mapping[str, pl.DataType] = self.guarded(lambda: dict(self.scan.collect_schema()))
        if self.csv:
            self.schema = csvfile.typed(pack, self.schema)
        problems = schema_problems(pack, self.schema, subject=identified)
        if problems:
            raise SnapshotError(problems)
        self.height: int = self.guarded(lambda: self.scan.select(pl.len()).collect().item())

    def guarded(self, read: Any) -> Any:
        """A file that is not what its name says is a problem of the snapshot, not a crash."""
        try:
            return read()
        except pl.exceptions.PolarsError as error:
            hint = "a Parquet file, or UTF-8 text named .csv"
            raise SnapshotError([Problem(FILE, f"cannot be read: {first_line(error)}", hint=hint)]) from None

    @property
    def count(self) -> int:
        """How many partitions there are."""
        return -(-self.height // self.size)

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the file's content; of a frame there is none."""
        if self.path is None:
            return ""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def partitions(
        self,
        work: Callable[[pl.DataFrame], T],
        start: int = 0,
        columns: Iterable[str] | None = None,
        known: Sequence[Problem] = (),
    ) -> Iterator[T]:
        """What ``work`` makes of the partitions from number ``start`` on, in their order, with the ``columns`` wanted.

        One is worked on while the next are read and checked; no more than ``AHEAD`` and one are held. Two that are
        worked on at once would only wait for each other: the work is many short steps, and Python does one at a time.
        Raises SnapshotError once all are read, if any value is wrong or something is ``known`` to be: every count is
        of the whole file.
        """
        names = [n for n in self.schema if columns is None or n in columns] or [next(iter(self.schema))]
        scan = self.scan.select(names)
        counted = Counted(self.pack, {n: self.schema[n] for n in names}, self.csv)
        counted.add(((p.column, p.message) for p in known), (p.count for p in known))

        waiting: deque[Future[T]] = deque()
        frames = self.slices(scan, start)
        with ThreadPoolExecutor(1) as judge:
            while (frame := self.guarded(lambda: next(frames, None))) is not None:
                checked = self.guarded(partial(counted.checked, frame))
                if not counted.problems:
                    waiting.append(judge.submit(work, checked))
                if len(waiting) > AHEAD:
                    yield self.guarded(waiting.popleft().result)
            while waiting:
                yield self.guarded(waiting.popleft().result)
        if counted.problems:
            raise SnapshotError(counted.told())

    def slices(self, scan: pl.LazyFrame, start: int) -> Iterator[pl.DataFrame]:
        """Rows in the order of the file, always cut at the same places."""
        if self.csv:
            yield from csvfile.slices(scan, self.size, start)
            return
        for number in range(start, self.count):
            yield scan.slice(number * self.size, self.size).collect()

    def doubles(self) -> list[Problem]:
        """Ids that come more than once; blanks and full-width signs (全角) make no other id. Names their lines.

        A file in the order of plain ids is seen through as it is; for another one 8 bytes are kept for each subject.
        """
        ids, text = self.scan.select(SUBJECT), self.schema[SUBJECT] == pl.String
        if not (text and self.guarded(lambda: any(holds_variants(f[SUBJECT]) for f in self.slices(ids, 0)))):
            text = False
            if self.guarded(lambda: ascending(self.slices(ids, 0))):
                return []
        frames = partial(self.slices, ids.select(plain_id(SUBJECT)) if text else ids, 0)
        hashes = np.concatenate([f[SUBJECT].hash().to_numpy() for f in frames()])
        hashes.sort()
        again = pl.Series(np.unique(hashes[1:][hashes[1:] == hashes[:-1]]))
        if not len(again):
            return []
        first = 2 if self.csv else 1  # a head stands above the lines of a text
        near = pl.concat(
            [
                f.with_row_index("line", offset=first + number * self.size).filter(pl.col(SUBJECT).hash().is_in(again))
                for number, f in enumerate(frames())
            ]
        )
        held = near.drop_nulls().group_by(SUBJECT).agg(pl.col("line").sort())
        same = held.filter(pl.col("line").list.len() > 1).sort(SUBJECT)
        named = [
            f"{one} ({'lines' if self.csv else 'rows'} {places(lines)})" for one, lines in same.head(3).iter_rows()
        ]
        told = f"an id comes more than once: {', '.join(named)}"
        return [Problem(SUBJECT, told, int(same["line"].list.len().sum()))] if same.height else []


def plain_id(name: str) -> pl.Expr:
    """Ids without blanks, full-width signs written narrow."""
    return pl.col(name).str.normalize("NFKC").str.replace_all(r"[\s\u{200b}-\u{200f}\u{feff}]", "")


def holds_variants(series: pl.Series) -> bool:
    """Whether an id might be spelt in another way: with blanks, or with signs beyond ASCII."""
    return bool(series.str.contains(r"[^!-~]").any())


def places(lines: list[int]) -> str:
    """Some line numbers: the first three."""
    return ", ".join(map(str, lines[:3])) + (" …" if len(lines) > 3 else "")  # noqa: PLR2004 - enough to look at


def opened(source: Any, path: Path | None) -> pl.LazyFrame:
    """A frame, an Arrow table or a Parquet file as a scan."""
    if path is None:
        frame = source if isinstance(source, pl.DataFrame) else pl.from_arrow(source)
        return frame.lazy()  # type: ignore[union-attr] # a table becomes a frame
    path.open("rb").close()
    return pl.scan_parquet(path)


def first_line(error: Exception) -> str:
    """A message without the tail of a query plan."""
    return str(error).strip().splitlines()[0]


def ascending(frames: Iterator[pl.DataFrame]) -> bool:
    """Whether every id is greater than the one before."""
    last: Any = None
    for frame in frames:
        ids = frame[SUBJECT]
        if ids.null_count() or (last is not None and not ids[0] > last) or not (ids.head(-1) < ids.tail(-1)).all():
            return False
        last = ids[-1]
    return True


def nulls(series: pl.Series) -> int:
    """How many codes are null; of sets those inside of them."""
    if not isinstance(series.dtype, pl.List):
        return series.null_count()
    return int(cast("Any", series.to_arrow()).flatten().null_count)


class Counted:
    """Counts what is wrong in each partition."""

    def __init__(self, pack: Pack, schema: Mapping[str, pl.DataType], csv: bool) -> None:  # noqa: FBT001 - a kind of file
        """Text is turned into values first."""
        self.pack, self.csv = pack, csv
        self.listed, self.coded = checks(pack, schema), coded(pack, schema)
        self.problems: dict[tuple[str, str], int] = {}
        self.lock = Lock()

    def checked(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The partition, counted."""
        if self.csv:
            frame, bad = csvfile.converted(self.pack, frame)
            self.add([(name, message) for name, message, _ in bad], [count for _, _, count in bad])
        made = frame.with_columns(**self.coded)
        for name in self.coded:
            if not (lost := nulls(made[name])):
                continue
            holes = nulls(frame[name])
            self.add([(name, f"the code is not in the list {self.pack.facts[name].codes}")], [lost - holes])
            if isinstance(frame[name].dtype, pl.List):
                self.add([(name, "a code of the set is null")], [holes])
        if self.listed:
            counts = frame.select(expr.alias(str(i)) for i, (_, _, expr) in enumerate(self.listed)).row(0)
            self.add([(name, message) for name, message, _ in self.listed], counts)
        return made

    def add(self, keys: Iterable[tuple[str, str]], counts: Iterable[int | None]) -> None:
        """Remember what is not zero."""
        for key, count in zip(keys, counts, strict=True):
            if count:
                with self.lock:
                    self.problems[key] = self.problems.get(key, 0) + count

    def told(self) -> list[Problem]:
        """Every problem with its count."""
        return [Problem(name, message, count) for (name, message), count in self.problems.items()]
