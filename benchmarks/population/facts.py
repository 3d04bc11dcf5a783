"""The subjects of the workload: 24 facts with one in ten missing, made by chance from a seed, in chunks to Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.random import Generator
    from numpy.typing import NDArray

    Chance = Callable[[Generator, int], NDArray[np.generic]]

__all__ = ["AS_OF", "CODES", "FACTS", "FactSpec", "write"]

AS_OF = date(2024, 6, 30)
EPOCH = date(1970, 1, 1)
MISSING, ABSENT, TIES = 0.10, 0.35, 0.01
CHUNK = 262_144
CODES = {
    "industry": tuple("ABCDEFGHIJKLMNOPQRST"),
    "scale": ("micro", "small", "medium", "large"),
    "county": tuple(f"c{number:02d}" for number in range(1, 61)),
    "groups": ("graduate", "veteran", "disabled", "jobless", "returnee", "woman", "farmer", "low_income"),
}


@dataclass(frozen=True)
class FactSpec:
    """A fact: its type in the catalogue, its column in the file, and how chance draws it."""

    name: str
    type: str
    arrow: pa.DataType
    draw: Chance
    unit: str = ""
    may_be_absent: bool = False


def money(name: str, median: float, spread: float, *, may_be_absent: bool = False) -> FactSpec:
    """Yuan and fen, skewed as incomes are."""

    def draw(chance: Generator, rows: int) -> NDArray[np.generic]:
        return np.round(np.minimum(chance.lognormal(np.log(median), spread, rows), 9e8), 2)

    return FactSpec(name, "money", pa.float64(), draw, may_be_absent=may_be_absent)


def count(name: str, mean: float, unit: str = "") -> FactSpec:
    """A whole number, many small and few large."""

    def draw(chance: Generator, rows: int) -> NDArray[np.generic]:
        return np.minimum(chance.exponential(mean, rows), 100_000).astype(np.int32)

    return FactSpec(name, "integer", pa.int32(), draw, unit)


def yes(name: str, share: float) -> FactSpec:
    """True for a share of the subjects."""
    return FactSpec(name, "boolean", pa.bool_(), lambda chance, rows: chance.random(rows) < share)


def day(name: str, first: date, last: date) -> FactSpec:
    """A day, all equally likely."""
    low, high = (first - EPOCH).days, (last - EPOCH).days
    return FactSpec(
        name, "date", pa.date32(), lambda chance, rows: chance.integers(low, high, rows, dtype=np.int32, endpoint=True)
    )


def code(name: str, weights: tuple[float, ...] = ()) -> FactSpec:
    """A code of the list of the same name, as its place in it."""
    size = len(CODES[name])
    share = np.array(weights or [1.0] * size) / sum(weights or [1.0] * size)
    return FactSpec(name, "code", pa.string(), lambda chance, rows: chance.choice(size, rows, p=share).astype(np.int8))


FACTS = (
    money("taxable_income", 300_000, 1.6),
    money("revenue", 4_000_000, 1.7),
    money("rd_spend", 120_000, 1.5),
    money("loan", 400_000, 1.0, may_be_absent=True),
    money("rent_paid", 60_000, 0.9),
    money("assets", 6_000_000, 1.7),
    count("staff", 40, "person"),
    count("hires", 6, "person"),
    count("patents", 3),
    count("months_insured", 14, "month"),
    FactSpec("floor_area", "decimal", pa.float64(), lambda chance, rows: np.round(chance.exponential(300, rows), 1)),
    FactSpec("tech_share", "ratio", pa.float64(), lambda chance, rows: np.round(chance.random(rows) ** 2, 3)),
    yes("insured", 0.8),
    yes("incubated", 0.3),
    yes("first_time", 0.6),
    yes("high_tech", 0.2),
    yes("arrears", 0.1),
    code("industry"),
    code("scale", (60, 30, 8, 2)),
    code("county"),
    day("founded", date(2005, 1, 1), date(2024, 6, 1)),
    day("registered", date(2008, 1, 1), date(2024, 6, 1)),
    day("graduated", date(2010, 1, 1), date(2024, 6, 1)),
    FactSpec("groups", "codes", pa.list_(pa.string()), lambda chance, rows: chance.integers(0, 256, rows, np.int16)),
)
SCHEMA = pa.schema(
    [("subject", pa.int64())]
    + [(fact.name, fact.arrow) for fact in FACTS]
    + [(f"{fact.name}__absent", pa.bool_()) for fact in FACTS if fact.may_be_absent]
)


def write(path: Path, subjects: int, seed: int = 6) -> None:
    """Write the population; memory holds one chunk whatever the number of subjects."""
    with pq.ParquetWriter(path, SCHEMA, compression="zstd", store_schema=False) as writer:
        for start in range(0, subjects, CHUNK):
            writer.write_table(chunk(start, min(CHUNK, subjects - start), seed))


def chunk(start: int, rows: int, seed: int) -> pa.Table:
    """Some subjects; the same ones whatever is written before them."""
    chance = np.random.default_rng([seed, start])
    drawn = {fact.name: fact.draw(chance, rows) for fact in FACTS}
    tied = chance.random(rows) < TIES  # some spend exactly the share that a rule asks for
    drawn["rd_spend"] = np.where(tied, np.round(drawn["revenue"] * 0.03, 2), drawn["rd_spend"])
    columns: dict[str, pa.Array] = {"subject": pa.array(np.arange(start, start + rows))}
    for fact in FACTS:
        missing = chance.random(rows) < MISSING
        if fact.may_be_absent:
            absent = ~missing & (chance.random(rows) < ABSENT)
            columns[f"{fact.name}__absent"] = pa.array(absent)
            missing |= absent
        columns[fact.name] = column(fact, drawn[fact.name], missing)
    return pa.table(columns).select(SCHEMA.names).cast(SCHEMA)


def column(fact: FactSpec, drawn: NDArray[np.generic], missing: NDArray[np.bool_]) -> pa.Array:
    """Drawn values as the file holds them."""
    if fact.type == "code":
        codes = pa.array(CODES[fact.name])
        return pa.DictionaryArray.from_arrays(pa.array(drawn, mask=missing), codes).cast(pa.string())
    if fact.type == "codes":
        return sets(fact.name, drawn, missing)
    return pa.array(drawn, mask=missing).cast(fact.arrow)


def sets(name: str, drawn: NDArray[np.generic], missing: NDArray[np.bool_]) -> pa.Array:
    """Bits as lists of codes."""
    codes = np.array(CODES[name])
    members = (drawn[:, None] >> np.arange(len(codes))) & 1 == 1
    members[missing] = False
    ends = np.concatenate([[0], np.cumsum(members.sum(axis=1))]).astype(np.int32)
    flat = pa.array(np.broadcast_to(codes, members.shape)[members], pa.string())
    return pa.ListArray.from_arrays(pa.array(ends), flat, mask=pa.array(missing))
