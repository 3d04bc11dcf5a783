"""The facts in force of everybody on a day (快照), out of PostgreSQL into a Parquet file for ``population match``.

Everything is read in one transaction, so the file is of one moment; a few thousand subjects at a time, so memory does
not grow with them. A sensitive fact never goes into the file: its row is named beside it (``Sealed``), and who
has a reason opens the value in memory (decision 23).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction

from chuangbao.facts.domain.grantcolumn import Granted
from chuangbao.facts.domain.periods import period_of
from chuangbao.facts.domain.values import decimal
from chuangbao.rules.batch.schema import ABSENT, REGION, SUBJECT
from chuangbao.rules.model import FactType
from chuangbao.rules.profile import period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from chuangbao.rules.model import Fact, Pack

__all__ = ["CHUNK", "Written", "sealed_rows", "write_snapshot"]

CHUNK = 25_000
NAME, ROW = "name", "row"
SEALED = pa.schema([(SUBJECT, pa.int64()), (NAME, pa.string()), (ROW, pa.int64())])
COLUMNS = {FactType.BOOLEAN: "flag", FactType.DATE: "day_value", FactType.CODES: "codes"}
TYPES: dict[FactType, Any] = {
    FactType.BOOLEAN: pl.Boolean(),
    FactType.DATE: pl.Date(),
    FactType.CODES: pl.List(pl.String()),
    FactType.CODE: pl.String(),
    FactType.TEXT: pl.String(),
}
LONG = {SUBJECT: pl.Int64(), NAME: pl.String(), "absent": pl.String(), "value": pl.String(), ROW: pl.Int64()}
IN_FORCE = """
WITH catalogue AS (
  SELECT * FROM jsonb_to_recordset(%(catalogue)s::jsonb) AS c (
    name text, held text, low numeric, high numeric, whole boolean, codes text[], earliest date, latest date,
    may_be_absent boolean, sensitive boolean, span daterange))
SELECT DISTINCT ON (f.subject_id, f.name) f.subject_id, f.name, f.absent,
  coalesce(trim_scale(f.number)::text, f.text, f.day_value::text, f.flag::text, array_to_json(f.codes)::text),
  CASE WHEN f.secret IS NOT NULL OR c.sensitive THEN f.id END
FROM facts_fact f JOIN catalogue c ON c.name = f.name
WHERE f.subject_id >= %(first)s AND (%(last)s::bigint IS NULL OR f.subject_id < %(last)s)
  AND f.stage <> 'withdrawn' AND coalesce(f.as_of, lower(f.period)) <= %(day)s
  AND (c.span IS NULL OR f.period IS NULL OR f.period = c.span)
  AND CASE
    WHEN f.absent THEN c.may_be_absent
    WHEN f.secret IS NOT NULL THEN true
    WHEN c.held = 'number' THEN f.number IS NOT NULL AND f.number >= coalesce(c.low, f.number)
      AND f.number <= coalesce(c.high, f.number) AND (NOT c.whole OR f.number = trunc(f.number))
    WHEN c.held = 'day_value' THEN f.day_value BETWEEN coalesce(c.earliest, f.day_value)
      AND coalesce(c.latest, f.day_value)
    WHEN c.held = 'codes' THEN f.codes::text[] <@ c.codes
    WHEN c.held = 'flag' THEN f.flag IS NOT NULL
    ELSE f.text IS NOT NULL AND (c.codes IS NULL OR f.text = ANY (c.codes)) END
ORDER BY f.subject_id, f.name, (f.stage = 'verified' AND f.verified_until >= %(day)s) DESC,
  (f.source IN ('register', 'officer')) DESC, coalesce(f.as_of, lower(f.period)) DESC, f.id DESC
"""
"""What stands of each fact: the order is that of ``standing.Value.rank``; what the catalogue no longer lets in is
passed over as ``standing.fits`` does."""
WHERE = """
SELECT s.id, s.area_id FROM facts_subject s LEFT JOIN accounts_person p ON p.id = s.person_id
LEFT JOIN accounts_organisation o ON o.id = s.organisation_id
WHERE p.is_active IS NOT FALSE AND o.stage IS DISTINCT FROM 'closed'
  AND s.id >= %(first)s AND (%(last)s::bigint IS NULL OR s.id < %(last)s) ORDER BY s.id
"""
CUTS = """SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM facts_subject) s
WHERE (n - 1) %% %s = 0 ORDER BY id"""
SCALES = "SELECT name, max(scale(trim_scale(number))) FROM facts_fact WHERE stage <> 'withdrawn' GROUP BY name"


@dataclass(frozen=True, slots=True)
class Written:
    """What a snapshot holds."""

    subjects: int
    facts: int
    sealed: int
    digest: str


def write_snapshot(
    out: Path,
    *,
    pack: Pack,
    day: date,
    sealed: Path | None = None,
    size: int = CHUNK,
    told: Callable[[int, int], None] = lambda _done, _of: None,
) -> Written:
    """Write the facts in force on a day to ``out``; ``sealed`` takes the rows of sensitive facts, by number alone.

    Both files are there as a whole or not at all.
    """
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        form = Form(pack, day, dict(run(SCALES)))
        return files(out, sealed, form, size, told)


def run(statement: str, *values: int) -> list[Any]:
    """The rows of a statement, where it has any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def files(out: Path, sealed: Path | None, form: Form, size: int, told: Callable[[int, int], None]) -> Written:
    """Chunk after chunk into files beside the wanted ones, which then take their names."""
    cuts = [first for (first,) in run(CUTS, size)]
    subjects = facts = closed = 0
    parts, beside = partial(out), partial(sealed or out.with_name(out.name + ".sealed"))
    with (
        pq.ParquetWriter(parts, form.schema, compression="zstd") as writer,
        pq.ParquetWriter(beside, SEALED, compression="zstd") as aside,
    ):
        for number, (first, last) in enumerate(pairwise([*cuts, None]), 1):
            wide, kept, held = form.chunk(first, last)
            writer.write_table(wide)
            aside.write_table(kept)
            subjects, facts, closed = subjects + wide.num_rows, facts + held, closed + kept.num_rows
            told(number, len(cuts))
    if sealed is None:
        beside.unlink()
    else:
        beside.replace(sealed)
    parts.replace(out)
    with out.open("rb") as file:
        return Written(subjects, facts, closed, hashlib.file_digest(file, "sha256").hexdigest())


def partial(path: Path) -> Path:
    """Where a file grows."""
    return path.with_name(path.name + ".new")


class Form:
    """The columns of the file, and how rows become columns."""

    def __init__(self, pack: Pack, day: date, scales: dict[str, int | None]) -> None:
        """``scales`` names the facts that anybody has, with the most places after the point."""
        self.day = day
        self.facts = {name: fact for name, fact in pack.facts.items() if name in scales}
        self.types = {n: type_of(f, scales[n] or 0) for n, f in self.facts.items() if not f.sensitive}
        self.catalogue = json.dumps([entry(pack, fact, day) for fact in self.facts.values()], default=str)
        absent = [n + ABSENT for n in self.types if self.facts[n].may_be_absent]
        self.granted = Granted(pack, day)
        self.frame = pl.Schema(
            {SUBJECT: pl.Int64(), REGION: pl.String(), **self.types, **dict.fromkeys(absent, pl.Boolean())}
            | self.granted.schema
        )
        said = {"as_of": day.isoformat(), "pack": pack.digest}
        self.schema = pa.schema(arrow(pl.DataFrame(schema=self.frame)).schema, metadata=said)

    def chunk(self, first: int, last: int | None) -> tuple[pa.Table, pa.Table, int]:
        """Some subjects: their columns, the sealed rows, and how many facts there are."""
        given = {"first": first, "last": last, "day": self.day, "catalogue": self.catalogue}
        who = read(WHERE, given, {SUBJECT: pl.Int64(), REGION: pl.String()})
        long = read(IN_FORCE, given, LONG)
        closed = long.filter(pl.col(ROW).is_not_null()).select(SUBJECT, NAME, ROW)
        wide = who.sort(SUBJECT)
        for (name,), rows in long.filter(pl.col(ROW).is_null()).partition_by(NAME, as_dict=True).items():
            wide = wide.join(self.column(str(name), rows), on=SUBJECT, how="left", maintain_order="left")
        wide = self.granted.onto(wide)
        missing = {n: pl.lit(None, dtype) for n, dtype in self.frame.items() if n not in wide.columns}
        whole = wide.with_columns(**missing).select(self.frame.names())
        return arrow(whole).cast(self.schema), arrow(closed).cast(SEALED), long.height

    def column(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        """One fact of everybody who has it."""
        made = {name: value(pl.col("value"), self.types[name])}
        if name + ABSENT in self.frame:
            made[name + ABSENT] = pl.col("absent") == "t"
        return rows.select(SUBJECT, **made)


def arrow(frame: pl.DataFrame) -> pa.Table:
    """A frame as any reader of Parquet understands it."""
    found: pa.Table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    return found


def read(statement: str, given: Mapping[str, object], schema: dict[str, Any]) -> pl.DataFrame:
    """The rows of a query by COPY, without an object for each."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv, NULL '\\N')", given) as copy,
    ):
        content = b"".join(map(bytes, copy))
    if not content:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(content, has_header=False, schema=schema, null_values="\\N")


def type_of(fact: Fact, scale: int) -> Any:
    """The type of a column; figures take as many places as the longest value has."""
    if fact.type.numeric:
        return pl.Decimal(38, scale) if scale else pl.Int64()
    return TYPES[fact.type]


def value(text: pl.Expr, dtype: Any) -> pl.Expr:
    """A value out of the text that PostgreSQL gives."""
    if dtype == pl.Boolean:
        return text == "true"
    if dtype == pl.Date:
        return text.str.to_date("%Y-%m-%d")
    if isinstance(dtype, pl.List):
        return text.str.json_decode(dtype)
    return text.str.to_decimal(scale=dtype.scale).cast(dtype) if isinstance(dtype, pl.Decimal) else text.cast(dtype)


def entry(pack: Pack, fact: Fact, day: date) -> dict[str, object]:
    """What the query must know of a fact."""
    listed = pack.codes.get(fact.codes)
    span = period_of(fact, period(fact, day)) if fact.per else None
    return {
        "name": fact.name, "held": "number" if fact.type.numeric else COLUMNS.get(fact.type, "text"),
        "low": None if fact.minimum is None else decimal(fact.minimum),
        "high": None if fact.maximum is None else decimal(fact.maximum),
        "whole": fact.type is FactType.INTEGER, "codes": None if listed is None else list(listed.spellings),
        "earliest": fact.earliest, "latest": fact.latest, "may_be_absent": fact.may_be_absent,
        "sensitive": fact.sensitive,
        "span": span and f"[{span.lower},{span.upper})",
    }  # fmt: skip


def sealed_rows(path: Path) -> Iterator[tuple[int, str, int]]:
    """Subject, fact and row of each sealed value, in the order of the subjects."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            yield from zip(*(batch[name].to_pylist() for name in SEALED.names), strict=True)
