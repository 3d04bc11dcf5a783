"""Whom a simulation judges (模拟对象): the newest snapshot of the facts, else a sample made up here (演示数据).

A snapshot is a Parquet file under ``snapshots`` of the data folder: a column for each fact, ``subject``, and besides
``region``, ``industry`` and ``founder_kind`` where they are known.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from django.conf import settings

from chuangbao.rules.model import FactType
from chuangbao.rules.store import made_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from chuangbao.rules.batch.masks import Array
    from chuangbao.rules.model import Fact, Pack

__all__ = [
    "BELOW",
    "FOUNDERS",
    "INDUSTRIES",
    "OF_A_RUN",
    "SIZES",
    "SNAPSHOTS",
    "Population",
    "dimensions_of",
    "population",
    "sample",
    "sample_ready",
]

SNAPSHOTS, OF_A_RUN = "snapshots", "run-"
"""The folder, and how the names of snapshots begin that a run has left there; others are the operator's."""
SAMPLE = 50_000
SEED = 20150720  # the day of the seed document
MAKE = 2  # counts up when the sample is made in another way
UNKNOWN = 0.04
INDUSTRIES = {  # GB/T 4754-2017 门类, and how many of a thousand enterprises are in it
    "A": 90, "B": 6, "C": 130, "D": 12, "E": 75, "F": 270, "G": 45, "H": 60, "I": 70, "J": 8, "K": 40, "L": 85,
    "M": 55, "N": 8, "O": 25, "P": 8, "Q": 6, "R": 7,
}  # fmt: skip
INDUSTRIAL = ("B", "C", "D")
FOUNDERS = {"student": 9, "graduate": 16, "researcher": 6, "returning": 22, "veteran": 5, "job_seeker": 12, "other": 30}
SIZES = ((10, "0-9"), (50, "10-49"), (100, "50-99"), (300, "100-299"))
LARGEST = "300+"
BELOW = "/"  # between a prefecture and its county: two of them may have a district of one name
RARELY = ("restricted", "bad", "related", "incident", "listed", "within")
"""What a fact of an exception has in its name: few enterprises are one."""


@dataclass(frozen=True, slots=True)
class Population:
    """A file of subjects; ``sample`` where no one in it exists."""

    path: Path
    sample: bool

    @property
    def scan(self) -> pl.LazyFrame:
        """Its rows, read as they are needed."""
        return pl.scan_parquet(self.path)

    @property
    def size(self) -> int:
        """How many subjects there are."""
        return int(self.scan.select(pl.len()).collect().item())

    @property
    def day(self) -> str:
        """The day of the facts, as written in the file; empty where it says none."""
        if self.sample:
            return ""
        told: bytes = (pq.read_metadata(self.path).metadata or {}).get(b"as_of", b"")
        return told.decode()

    @property
    def digest(self) -> str:
        """A fingerprint of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def population(pack: Pack, day: date) -> Population:
    """The newest snapshot; without one the sample, made on the first call."""
    found = newest()
    if found is not None:
        return Population(found, sample=False)
    place = sample_place(pack)
    if not place.is_file():
        with made_whole(place) as fresh:
            sample(pack, day, SAMPLE).write_parquet(fresh, compression="zstd")
    return Population(place, sample=True)


def sample_ready(pack: Pack) -> Population | None:
    """The same where no file has to be made first."""
    found, place = newest(), sample_place(pack)
    if found is not None:
        return Population(found, sample=False)
    return Population(place, sample=True) if place.is_file() else None


def newest() -> Path | None:
    """The newest snapshot of this installation."""
    files = Path(settings.DATA_DIR, SNAPSHOTS).glob("*.parquet")
    return max(files, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)


def sample_place(pack: Pack) -> Path:
    """Return where the sample of a catalogue of facts is."""
    told = repr((MAKE, SAMPLE, pack.id, sorted((f.name, str(f.type), f.codes) for f in pack.facts.values())))
    return Path(settings.DATA_DIR, "cache", f"sample-{hashlib.sha256(told.encode()).hexdigest()[:16]}.parquet")


def sample(pack: Pack, day: date, size: int) -> pl.DataFrame:
    """Enterprises that do not exist: the same in every run, spread as in a province of small firms."""
    staff = np.maximum(0, np.round(rng("staff").lognormal(1.7, 1.15, size))).astype(np.int64)
    industry = rng("industry").choice(list(INDUSTRIES), size, p=shares(INDUSTRIES))
    division = divisions(pack, industry)
    columns: dict[str, pl.Series] = {
        "subject": pl.Series([f"demo-{number:06}" for number in range(size)]),
        "region": pl.Series(regions(pack, day, size)),
        "industry": pl.Series(division),
        "founder_kind": pl.Series(rng("founder_kind").choice(list(FOUNDERS), size, p=shares(FOUNDERS))),
    }
    seen = collect_case_values(pack)
    firm = link_columns(staff, industry)
    for name, fact in pack.facts.items():
        if fact.derived or name in columns:
            continue
        made = firm[name]() if name in firm else plain(fact, pack, seen.get(name, ()), size)
        gone = rng(f"{name} unknown").random(size) < UNKNOWN
        columns[name] = made.to_frame("v").select(pl.when(~pl.Series(gone)).then("v")).to_series()
    return pl.DataFrame(columns)


def divisions(pack: Pack, sections: Array) -> Array:
    """A division (大类) of each section, where the pack knows the classification; else the section itself."""
    listed = pack.codes.get("industry")
    if listed is None:
        return sections
    found = sections.astype("<U2")
    for section in np.unique(sections):
        inside = [code.code for code in listed.codes if code.group == section]
        here = sections == section
        if inside:
            found[here] = rng(f"industry {section}").choice(inside, int(here.sum()))
    return found


def sections_of(pack: Pack) -> dict[str, str]:
    """The section (门类) of each division of the classification."""
    listed = pack.codes.get("industry")
    return {code.code: code.group for code in listed.codes} if listed else {}


def rng(name: str) -> np.random.Generator:
    """Chance of a column's own: another column more changes none of the others."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def shares(weights: Mapping[str, int]) -> Array:
    """Weights as shares of one."""
    found: Array = np.array(list(weights.values()), float)
    whole: Array = found / found.sum()
    return whole


def regions(pack: Pack, day: date, size: int) -> Array:
    """Counties of the pack's region; districts of cities weigh more, as firms do."""
    units = [pack.regions.at(code, day) for code in pack.regions.periods]
    here = [
        u
        for u in units
        if u and u.level == "county" and not u.statistical_only and pack.regions.within(u.code, pack.region, day)
    ]
    codes = [u.code for u in here] or [pack.region]
    weights = np.array([3.0 if code[4:] < "20" else 1.0 for code in codes]) * (
        1 + 2 * np.array([code.startswith(f"{pack.region[:2]}01") for code in codes])
    )
    return rng("region").choice(codes, size, p=weights / weights.sum())


def link_columns(staff: Array, industry: Array) -> dict[str, Callable[[], pl.Series]]:
    """Facts that go together: an enterprise with more people has more assets, sales and profit."""
    size = len(staff)

    def money(name: str, middle: float, spread: float) -> pl.Series:
        drawn = (staff + 1) * rng(name).lognormal(np.log(middle), spread, size)
        return pl.Series(np.round(drawn, 2))

    quarter = np.maximum(0, staff + rng("quarter").integers(-1, 2, size) * 0.5)
    return {
        "staff_total": lambda: pl.Series(staff),
        "jobs_incl_self": lambda: pl.Series(staff + 1),
        "employees_avg": lambda: pl.Series(quarter),
        "industry_kind": lambda: pl.Series(np.where(np.isin(industry, INDUSTRIAL), "industrial", "other")),
        "is_manufacturing": lambda: pl.Series(industry == "C"),
        "taxable_income": lambda: money("taxable_income", 30_000, 1.3),
        "operating_profit": lambda: money("operating_profit", 30_000, 1.3),
        "assets_avg": lambda: money("assets_avg", 300_000, 1.1),
        "assets": lambda: money("assets", 300_000, 1.1),
        "revenue": lambda: money("revenue", 250_000, 1.0),
        "sales_last": lambda: money("sales_last", 250_000, 1.0),
        "month_sales": lambda: money("month_sales", 20_000, 1.0),
    }


def collect_case_values(pack: Pack) -> dict[str, list[object]]:
    """The values that the worked cases of the pack have for each fact: where its thresholds are."""
    found: dict[str, list[object]] = {}
    for _measure, version in pack.versions.values():
        for example in version.examples:
            for name, value in example.facts.items():
                found.setdefault(name, []).append(value)
    return found


def plain(fact: Fact, pack: Pack, seen: list[object] | tuple[object, ...], size: int) -> pl.Series:
    """Any other fact: around the values that matter somewhere."""
    chance = rng(fact.name)
    if fact.type is FactType.BOOLEAN:
        share = 0.05 if any(word in fact.name for word in RARELY) else 0.6
        return pl.Series(chance.random(size) < share)
    if fact.type is FactType.DATE:
        return pl.Series(chance.integers(16_500, 20_500, size).astype("datetime64[D]"))
    if fact.codes:
        codes = [code.code for code in pack.codes[fact.codes].codes]
        drawn = pl.Series(chance.choice(codes, size))
        listed = fact.type is FactType.CODES
        return drawn.to_frame("v").select(pl.concat_list("v")).to_series() if listed else drawn
    return around(fact, seen, size, chance) if fact.type.numeric else pl.Series([fact.name] * size)


def around(fact: Fact, seen: list[object] | tuple[object, ...], size: int, chance: np.random.Generator) -> pl.Series:
    """Figures near those of the worked cases, within the range of the fact."""
    known = [float(v) for v in seen if isinstance(v, int | Fraction)]
    drawn = chance.choice(known or [1.0, 10.0], size) * chance.lognormal(0, 0.5, size)
    low = -np.inf if fact.minimum is None else float(fact.minimum)
    drawn = np.clip(drawn, low, np.inf if fact.maximum is None else float(fact.maximum))
    whole = fact.type is FactType.INTEGER
    return pl.Series(np.round(drawn).astype(np.int64) if whole else np.round(drawn, 2))


def dimensions_of(pack: Pack, columns: list[str], day: date) -> dict[str, pl.Expr]:
    """Return the dimensions of results, as far as the population has them."""
    found: dict[str, pl.Expr] = {}
    if "region" in columns:
        above = {code: prefecture(pack, code, day) for code in pack.regions.periods}
        found["region"] = pl.col("region").cast(pl.String).replace_strict(above, default=None)
        found["county"] = pl.concat_str(found["region"], pl.col("region").cast(pl.String), separator=BELOW)
    for name in ("industry", "industry_kind"):
        if name in columns and "industry" not in found:
            found["industry"] = pl.col(name).cast(pl.String).replace(sections_of(pack))
    for name in ("employees_avg", "staff_total"):
        if name in columns and "size" not in found:
            found["size"] = size_of(pl.col(name))
    if "founder_kind" in columns:
        found["founder_kind"] = pl.col("founder_kind")
    return found


def prefecture(pack: Pack, code: str, day: date) -> str:
    """Return the prefecture of a unit; the unit itself where there is none above it."""
    line = pack.regions.line(code, day)
    for above in line:
        unit = pack.regions.at(above, day) or pack.regions.latest(above)
        if unit and unit.level == "prefecture":
            return above
    return code


def size_of(staff: pl.Expr) -> pl.Expr:
    """Bands of staff; null where it is not known."""
    band = pl.lit(LARGEST)
    for below, name in reversed(SIZES):
        band = pl.when(staff < below).then(pl.lit(name)).otherwise(band)
    return pl.when(staff.is_not_null()).then(band)
