"""The floor: the same conditions in C as somebody writes it who knows the machine, gcc -O3, two threads.

Columns lie in memory, a block of rows at a time stays in the cache, every distinct condition is judged once a block
into a byte a row (0 no, 1 unknown, 2 yes), and AND is the least of the bytes: all of it plain loops that gcc turns
into vector instructions. Missing numbers are NaN, missing whole numbers and days the least int32.
"""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from population.facts import CODES, FACTS
from population.measures import (
    Absent,
    AnyOf,
    AtLeast,
    AtMost,
    Bands,
    Between,
    BySize,
    ByTrade,
    Either,
    Interest,
    LoanAtMost,
    MonthsUnder,
    OneOf,
    PerHead,
    Relief,
    RentHelp,
    Share,
    ShareOf,
    Since,
    Truth,
)
from population.outcome import THREADS, Outcome, cutoff, day_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from population.measures import Measure
    from population.outcome import Outcomes

__all__ = ["NativeFile", "NativeMemory", "bandwidth"]

FLAGS = ("-O3", "-march=native", "-fassociative-math", "-fno-signed-zeros", "-fno-trapping-math", "-ffp-contract=off")
BLOCK = 1024
NONE, UNKNOWN_CODE, UNKNOWN_SET = -(2**31), 255, 0x4000
TYPES = {"integer": "int32_t", "date": "int32_t", "boolean": "uint8_t", "code": "uint8_t", "codes": "uint16_t"}


def c_type(fact: str) -> str:
    """How a column lies in memory."""
    return TYPES.get(KINDS[fact], "double")


def unknown(fact: str) -> str:
    """Whether a value is missing."""
    return f"({fact}[i] != {fact}[i])" if c_type(fact) == "double" else f"({fact}[i] == INT32_MIN)"


KINDS = {fact.name: fact.type for fact in FACTS}
LOAN = "(loan__absent[i] ? 0.0 : loan[i])"


@singledispatch
def c(part: object) -> str:
    """A condition (0, 1 or 2) or an amount (NaN while unknown) of row i in C."""
    raise TypeError(part)


def ordered(fact: str, test: str) -> str:
    """A comparison of one column."""
    return f"{unknown(fact)} ? 1 : ({test}) ? 2 : 0"


def number(fact: str) -> str:
    """A column as a double, NaN where it is missing."""
    return f"{fact}[i]" if c_type(fact) == "double" else f"({unknown(fact)} ? NAN : (double){fact}[i])"


def one_of(fact: str, codes: tuple[str, ...]) -> str:
    """Whether a code is one of a few."""
    return " | ".join(f"({fact}[i] == {CODES[fact].index(code)})" for code in codes)


c.register(AtLeast, lambda p: ordered(p.fact, f"{p.fact}[i] >= {p.limit}"))
c.register(AtMost, lambda p: ordered(p.fact, f"{p.fact}[i] <= {p.limit}"))
c.register(Between, lambda p: ordered(p.fact, f"({p.fact}[i] >= {p.low}) & ({p.fact}[i] <= {p.high})"))
c.register(Truth, lambda p: f"{p.fact}[i]" if p.wanted else f"2 - {p.fact}[i]")
c.register(OneOf, lambda p: f"{p.fact}[i] == {UNKNOWN_CODE} ? 1 : ({one_of(p.fact, p.codes)}) ? 2 : 0")
c.register(MonthsUnder, lambda p: ordered(p.fact, f"{p.fact}[i] > {day_number(cutoff(p.months))}"))
c.register(Since, lambda p: ordered(p.fact, f"{p.fact}[i] >= {day_number(p.day)}"))
c.register(
    AnyOf,
    lambda p: (
        f"groups[i] & {UNKNOWN_SET} ? 1 : groups[i] & {sum(1 << CODES['groups'].index(x) for x in p.codes)} ? 2 : 0"
    ),
)
c.register(
    ShareOf,
    lambda p: (
        f"({unknown(p.part)} | {unknown(p.whole)}) ? 1 : ({p.part}[i] - {p.whole}[i] * {p.share} >= -1e-6) ? 2 : 0"
    ),
)
c.register(LoanAtMost, lambda p: f"({LOAN} != {LOAN}) ? 1 : ({LOAN} <= {p.limit}) ? 2 : 0")
c.register(Absent, lambda _: "loan__absent[i] ? 2 : (loan[i] != loan[i]) ? 1 : 0")
c.register(
    ByTrade,
    lambda p: (
        f"(industry[i] == {UNKNOWN_CODE} | {unknown('staff')}) ? 1 :"
        f" (staff[i] <= (({one_of('industry', p.industries)}) ? {p.within} : {p.outside})) ? 2 : 0"
    ),
)
c.register(Either, lambda p: f"MAX(({ordered(p.fact, f'{p.fact}[i] >= {p.limit}')}), {p.truth}[i])")
c.register(PerHead, lambda p: f"{number(p.fact)} * {p.rate}")
c.register(Share, lambda p: f"LEAST({p.fact}[i] * {p.rate}, {p.cap})")
c.register(Relief, lambda p: f"taxable_income[i] * 0.25 - taxable_income[i] * {p.half * p.reduced}")
c.register(RentHelp, lambda p: f"LEAST2(rent_paid[i] * {p.rate}, floor_area[i] * {p.per_area})")
c.register(
    BySize,
    lambda p: f"scale[i] == {UNKNOWN_CODE} ? NAN : scale[i] == {CODES['scale'].index(p.scale)} ? {p.high} : {p.low}",
)
c.register(
    Bands,
    lambda p: (
        f"LEAST(taxable_income[i], {p.first}) * {p.rate}"
        f" + MAX(LEAST(taxable_income[i], {p.second}) - {p.first}, 0) * {p.next_rate}"
    ),
)
c.register(Interest, lambda p: f"{LOAN} * {p.rate} / 12 * {p.months}")

HEAD = """
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#define NOINLINE __attribute__((noinline))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define LEAST(a, b) ((a) > (b) ? (b) : (a))  /* NaN stays */
#define LEAST2(a, b) (((a) != (a)) | ((b) != (b)) ? NAN : (a) > (b) ? (b) : (a))
"""
BODY = """
typedef struct { void **columns; long first, last; double *totals; } job;
static void *work(void *given) {
  job *mine = given;
  for (long start = mine->first; start < mine->last; start += BLOCK) {
    int rows = mine->last - start < BLOCK ? (int)(mine->last - start) : BLOCK;
    block(mine->columns, start, rows, mine->totals);
  }
  return 0;
}
void judge(void **columns, long rows, int threads, double *totals) {
  pthread_t thread[16]; job jobs[16];
  long share = (rows / threads / BLOCK + 1) * BLOCK;
  for (int t = 0; t < threads; t++) {
    long first = share * t < rows ? share * t : rows, last = share * (t + 1) < rows ? share * (t + 1) : rows;
    jobs[t] = (job){columns, first, last, totals + t * SIZE};
    pthread_create(&thread[t], 0, work, &jobs[t]);
  }
  for (int t = 0; t < threads; t++) pthread_join(thread[t], 0);
}
"""
STREAM = """
#include <pthread.h>
typedef struct { const double *x; long first, last; double sum; } part;
static void *add(void *given) {
  part *mine = given; double sum = 0;
  for (long i = mine->first; i < mine->last; i++) sum += mine->x[i];
  mine->sum = sum; return 0;
}
double read_all(const double *x, long size, int threads) {
  pthread_t thread[16]; part parts[16]; double sum = 0;
  for (int t = 0; t < threads; t++) {
    parts[t] = (part){x, size / threads * t, size / threads * (t + 1), 0};
    pthread_create(&thread[t], 0, add, &parts[t]);
  }
  for (int t = 0; t < threads; t++) { pthread_join(thread[t], 0); sum += parts[t].sum; }
  return sum;
}
"""


def compiled(source: str) -> ctypes.CDLL:
    """A shared library from C."""
    folder = Path(tempfile.mkdtemp(prefix="chuangbao-c-"))
    (folder / "judge.c").write_text(source, "utf-8")
    words = ["gcc", *FLAGS, "-shared", "-fPIC", "-pthread", "-o", str(folder / "judge.so"), str(folder / "judge.c")]
    subprocess.run(words, check=True)
    return ctypes.CDLL(str(folder / "judge.so"))


def source(measures: tuple[Measure, ...], columns: tuple[str, ...]) -> str:
    """The program for these measures; each condition is a loop of its own, and each measure three short ones."""
    conditions = list(dict.fromkeys(part for measure in measures for part in measure.conditions))
    place = {part: index for index, part in enumerate(conditions)}
    lines = [HEAD, f"enum {{ BLOCK = {BLOCK}, SIZE = {3 * len(measures)} }}; typedef uint8_t bytes[BLOCK];"]
    for index, part in enumerate(conditions):
        lines += loop(f"c{index}", columns, c(part))
    for index, measure in enumerate(measures):
        lines += together(index, columns, [place[part] for part in measure.conditions], c(measure.amount))
    lines.append("static void block(void **columns, long start, int rows, double *totals) {")
    lines.append(f"  uint8_t s[{len(conditions)}][BLOCK] __attribute__((aligned(64)));")
    lines += [f"  c{index}(columns, start, rows, s[{index}]);" for index in range(len(conditions))]
    lines += [f"  m{index}(columns, start, rows, s, totals + {3 * index});" for index in range(len(measures))]
    return "\n".join([*lines, "}", BODY])


def type_of(column: str) -> str:
    """The type of a column, companions included."""
    return "uint8_t" if column.endswith("__absent") else c_type(column)


def heads(columns: tuple[str, ...], text: str) -> list[str]:
    """The columns that a text reads, from the first row of the block on."""
    return [
        f"  const {type_of(name)} *restrict {name} = ({type_of(name)} *)columns[{place}] + start;"
        for place, name in enumerate(columns)
        if f"{name}[" in text
    ]


def loop(name: str, columns: tuple[str, ...], text: str) -> list[str]:
    """One condition over a block."""
    return [
        f"static NOINLINE void {name}(void **columns, long start, int rows, uint8_t *restrict out) {{",
        *heads(columns, text),
        f"  for (int i = 0; i < rows; i++) out[i] = {text};",
        "}",
    ]


def together(index: int, columns: tuple[str, ...], places: list[int], text: str) -> list[str]:
    """One measure over a block: the least of its conditions, two counts, and the amounts where somebody is eligible."""
    joined = [f"  for (int i = 0; i < rows; i++) v[i] = LEAST(v[i], s[{place}][i]);" for place in places[1:]]
    return [
        f"static NOINLINE void m{index}(void **columns, long start, int rows, const bytes *s, double *totals) {{",
        "  uint8_t v[BLOCK] __attribute__((aligned(64)));",
        *heads(columns, text),
        f"  for (int i = 0; i < rows; i++) v[i] = s[{places[0]}][i];",
        *joined,
        "  uint16_t yes = 0, no = 0;",
        "  for (int i = 0; i < rows; i++) { yes += v[i] == 2; no += v[i] == 0; }",
        "  totals[0] += yes; totals[1] += no;",
        "  if (!yes) return;",
        "  double sum = 0;",
        "  for (int i = 0; i < rows; i++) {",
        f"    double fen = floor(({text}) * 100 + 0.500001);",
        "    sum += v[i] == 2 && fen == fen ? fen : 0;",
        "  }",
        "  totals[2] += sum;",
        "}",
    ]


def columns_of(path: Path) -> dict[str, NDArray[np.generic]]:
    """The file's columns as C reads them."""
    table = pq.read_table(path, use_threads=True, read_dictionary=[n for n in CODES if n != "groups"])
    found = {fact.name: as_native(fact.name, fact.type, table[fact.name].combine_chunks()) for fact in FACTS}
    found["loan__absent"] = as_bytes(table["loan__absent"].combine_chunks())
    return found


def as_native(name: str, kind: str, column: pa.Array) -> NDArray[np.generic]:
    """One column with its marks for what is missing."""
    if kind == "boolean":
        return pc.fill_null(pc.if_else(column, pa.scalar(2, pa.uint8()), pa.scalar(0, pa.uint8())), 1).to_numpy()
    if kind == "code":
        order = np.array([CODES[name].index(code) for code in column.dictionary.to_pylist()], np.uint8)
        places = column.indices.fill_null(0).to_numpy()
        return np.where(missing(column), np.uint8(UNKNOWN_CODE), order[places])
    if kind == "codes":
        return as_masks(column)
    if kind in {"integer", "date"}:
        return column.cast(pa.int32()).fill_null(NONE).to_numpy(zero_copy_only=False)
    return column.fill_null(float("nan")).to_numpy(zero_copy_only=False)


def as_bytes(column: pa.Array) -> NDArray[np.generic]:
    """Bits as bytes."""
    return column.cast(pa.uint8()).to_numpy(zero_copy_only=False)


def missing(column: pa.Array) -> NDArray[np.generic]:
    """Where nothing is known."""
    return column.is_null().to_numpy(zero_copy_only=False)


def as_masks(column: pa.Array) -> NDArray[np.generic]:
    """Sets as bit masks."""
    flat = column.flatten().dictionary_encode()
    bits = np.array([1 << CODES["groups"].index(code) for code in flat.dictionary.to_pylist()], np.uint16)
    ends = column.offsets.to_numpy()
    sums = np.concatenate([[0], np.cumsum(bits[flat.indices.to_numpy()], dtype=np.int64)])
    masks = (sums[ends[1:]] - sums[ends[:-1]]).astype(np.uint16)
    masks[missing(column)] = UNKNOWN_SET
    return masks


class NativeMemory:
    """The columns lie in memory before the clock starts."""

    def __init__(self, path: Path, measures: tuple[Measure, ...]) -> None:
        self.path, self.measures = path, measures
        self.columns = columns_of(path)
        self.names = tuple(self.columns)
        self.judge = compiled(source(measures, self.names)).judge
        self.judge.argtypes = [ctypes.c_void_p, ctypes.c_long, ctypes.c_int, ctypes.c_void_p]
        self.judge.restype = None

    def run(self) -> Outcomes:
        """Judge everybody."""
        rows = len(self.columns[self.names[0]])
        totals = np.zeros((THREADS, len(self.measures), 3))
        kept = [np.ascontiguousarray(self.columns[name]) for name in self.names]
        pointers = (ctypes.c_void_p * len(kept))(*(column.ctypes.data for column in kept))
        self.judge(pointers, rows, THREADS, totals.ctypes.data)
        sums = totals.sum(axis=0).astype(np.int64).tolist()
        return {
            measure.id: Outcome(yes, no, rows - yes - no, fen)
            for measure, (yes, no, fen) in zip(self.measures, sums, strict=True)
        }


class NativeFile(NativeMemory):
    """The Parquet file is read (by Arrow, with two threads) within the time taken."""

    def run(self) -> Outcomes:
        """Read, then judge."""
        self.columns = columns_of(self.path)
        return super().run()


def bandwidth(size: int = 1 << 27) -> float:
    """Bytes a second that two threads can read from memory."""
    import time

    library = compiled(STREAM)
    library.read_all.argtypes = [ctypes.c_void_p, ctypes.c_long, ctypes.c_int]
    library.read_all.restype = ctypes.c_double
    numbers = np.ones(size)
    best = 0.0
    for _ in range(5):
        begin = time.perf_counter()
        library.read_all(numbers.ctypes.data, size, THREADS)
        best = max(best, numbers.nbytes / (time.perf_counter() - begin))
    return best
