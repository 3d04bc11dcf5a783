"""Run every engine on the same subjects and measures, compare what they find, and print the tables.

``python -m population --subjects 1000000 --measures 40 400``; ``--profile`` adds where our own time goes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import judge

from population import facts
from population.outcome import HERE, apart, differences

SAMPLE = 2000
ENGINES = {
    "c-memory": "C, columns in memory (the floor)",
    "c-file": "C, reading Parquet",
    "ours-memory": "ours, frame in memory",
    "ours-file": "**ours, reading Parquet**",
    "duckdb-table": "DuckDB by hand, own table in memory",
    "duckdb-file": "DuckDB by hand, reading Parquet",
    "openfisca-tuned": "OpenFisca-Core, tuned, in memory",
    "openfisca": "OpenFisca-Core, as it comes, in memory",
    "zen": f"zen-engine, {SAMPLE} subjects (extrapolated)",
    "spark": "ours on Spark, local mode",
}
REFERENCE = "duckdb-file"
SMALL_ONLY = {"zen", "openfisca"}
Found = dict[str, Any]


def main() -> None:
    """Print one table for each size."""
    options = arguments()
    print(f"# {judge.machine()}")
    print(f"# memory read by two threads: {memory_bandwidth() / 1e9:.1f} GB/s")
    with tempfile.TemporaryDirectory(prefix="chuangbao-bench-", dir=options.folder) as temporary:
        for subjects in options.subjects:
            path, sample = Path(temporary) / f"{subjects}.parquet", Path(temporary) / "sample.parquet"
            facts.write(path, subjects)
            facts.write(sample, SAMPLE)
            for measures in options.measures:
                table(options, path, sample, subjects, measures)
            path.unlink()


def arguments() -> argparse.Namespace:
    """What to run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--measures", type=int, nargs="+", default=[40, 400])
    parser.add_argument("--engines", nargs="+", default=list(ENGINES), choices=list(ENGINES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", default=None)
    parser.add_argument("--profile", action="store_true")
    return parser.parse_args()


def table(options: argparse.Namespace, path: Path, sample: Path, subjects: int, measures: int) -> None:
    """All engines on one size."""
    stored = path.stat().st_size / subjects
    print(f"\n## {subjects:,} subjects, {measures} measures; {stored:.0f} bytes a subject in the file\n")
    print(
        "| engine | seconds | of both cores | subjects × measures / s | peak memory | GB/s of the file | same result |"
    )
    print("|---|---:|---:|---:|---:|---:|---|", flush=True)
    wanted = [REFERENCE, *(e for e in options.engines if e != REFERENCE)]
    wanted = [e for e in wanted if subjects <= 1_000_000 or e not in SMALL_ONLY]
    runs = {e: run(e, sample if e == "zen" else path, measures, options.rounds) for e in wanted}
    small = run(REFERENCE, sample, measures, 1) if "zen" in runs else {}
    for name in options.engines:
        if name in runs:
            show(name, runs[name], small if name == "zen" else runs[REFERENCE], subjects, measures, stored)
    for name in [e for e in runs if e.startswith("ours") and runs[e].get("note")]:
        print(f"\n{ENGINES[name]}: {runs[name]['note']}.")
    if options.profile:
        profile(path, measures)


def run(name: str, path: Path, measures: int, rounds: int) -> Found:
    """One engine in its own process."""
    return apart("one", name, str(path), str(measures), "1" if name == "zen" else str(rounds))


def show(name: str, found: Found, reference: Found, subjects: int, measures: int, stored: float) -> None:
    """One line of the table, and every difference from the reference below it."""
    if "error" in found:
        print(f"| {ENGINES[name]} | failed: {found['error'][:120]} | | | | | |")
        return
    scale = subjects / SAMPLE if name == "zen" else 1  # others may use the machine: the least disturbed round counts
    seconds, used = min(found["seconds"]) * scale, min(found["cpu"]) * scale
    wrong = differences(found["outcomes"], reference["outcomes"])
    same = f"{len(wrong)} measures differ" if wrong else "to the cent"
    print(
        f"| {ENGINES[name]} | {seconds:.2f} | {used:.2f} | {subjects * measures / seconds / 1e6:,.1f} million"
        f" | {found['memory'] / 1e6:,.0f} MB | {stored * subjects / seconds / 1e9:.2f} | {same} |",
        flush=True,
    )
    for line in wrong[:3]:
        print(f"|   {line} | | | | | | |")


def profile(path: Path, measures: int) -> None:
    """Where the time of our own engine goes."""
    code = (
        "import cProfile, pstats, sys\nfrom pathlib import Path\n"
        "from population.measures import draw\nfrom population.ours import OursFile\n"
        f"engine = OursFile(Path({str(path)!r}), draw({measures}))\nengine.run()\n"
        "watch = cProfile.Profile()\nwatch.runcall(engine.run)\n"
        "pstats.Stats(watch).sort_stats('tottime').print_stats(14)"
    )
    room = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent / "src")])}
    done = subprocess.run([sys.executable, "-c", code], env=room, capture_output=True, text=True, check=False)
    print("\n```\n" + "\n".join(done.stdout.splitlines()[4:]) + "\n```")


def memory_bandwidth() -> float:
    """Measured in a process of its own."""
    room = {**os.environ, "PYTHONPATH": str(HERE)}
    code = "from population.native import bandwidth; print(bandwidth())"
    return float(subprocess.run([sys.executable, "-c", code], env=room, capture_output=True, check=True).stdout)


if __name__ == "__main__":
    main()
