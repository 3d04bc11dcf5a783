"""How fast one subject is judged against 78, 400 and 4 000 measures, and how long a start takes.

Run with ``make bench``. The larger packs are the Jilin pack with its measures repeated and their figures varied.
"""

from __future__ import annotations

import copy
import gc
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from chuangbao.rules import Engine, load_pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuangbao.rules import Pack

ROOT = Path(__file__).resolve().parents[1]
PACK = ROOT / "packs" / "jilin"
SIZES = (78, 400, 4000)
DAY = date(2024, 6, 30)
ROUNDS = 60
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def main() -> None:
    """Print the table."""
    print(f"# {machine()}")
    print(f"# as of {DAY}; times in milliseconds; {ROUNDS} rounds")
    print(
        "| measures | versions | in force | parse, check | compile | start from cache | facts admitted"
        " | judged | with amounts | explained | worded |"
    )
    print("|" + "---:|" * 11)
    with tempfile.TemporaryDirectory(prefix="chuangbao-bench-") as temporary:
        for size in SIZES:
            folder = Path(temporary) / str(size)
            vary(PACK, folder, size)
            print(row(folder, Path(temporary) / f"cache-{size}"))
    cold, warm = start_of_match()
    print(f"start of `chuangbao match --json`, wall: first {cold:.0f}, then p50 {warm:.0f}")


def vary(source: Path, target: Path, size: int) -> None:
    """Copy a pack and repeat its measures, figures varied, until there are at least ``size``."""
    shutil.copytree(source, target)
    files = sorted(source.glob("measures/*.yaml"))
    found = [yaml.load(path.read_text("utf-8"), Loader=LOADER) for path in files]  # noqa: S506 - the safe loader, in C
    for number in range(len(found), size):
        turn, place = divmod(number, len(found))
        path = target / "measures" / f"varied-{number}.yaml"
        path.write_text(yaml.dump(varied(found[place], turn), Dumper=DUMPER, allow_unicode=True), "utf-8")


def varied(measure: dict[str, object], turn: int) -> dict[str, object]:
    """A measure with its own ids and its figures of three digits and more raised by a little."""
    other = copy.deepcopy(measure)
    other["id"] = f"{other['id']}-v{turn}"
    versions = other["versions"]
    for version in versions if isinstance(versions, list) else []:
        version["version"] = f"{version['version']}-V{turn}"
        version["excludes"] = []
        version["examples"] = []
        for condition in version.get("conditions") or []:
            condition["when"] = raised(condition["when"], turn)
        if isinstance((version.get("benefit") or {}).get("amount"), str):
            version["benefit"]["amount"] = raised(version["benefit"]["amount"], turn)
    return other


def raised(text: object, turn: int) -> object:
    """An expression with its larger numbers raised; dates and names stay."""
    if not isinstance(text, str):
        return text
    return re.sub(r"(?<![\w'.-])\d{3,}(?![\w'.-])", lambda number: str(int(number[0]) + turn), text)


def row(folder: Path, cache: Path) -> str:
    """One line of the table."""
    load = timed(lambda: load_pack(folder))
    pack = load_pack(folder, cache)
    compiled = timed(lambda: Engine(pack, cache=cache))
    warm = timed(lambda: Engine(load_pack(folder, cache), cache=cache))
    engine = Engine(pack, cache=cache)
    facts = everything(pack)
    profile = engine.profile(facts, as_of=DAY)
    in_force = len(engine.judge_all(profile))
    admitted = spread(lambda: engine.profile(facts, as_of=DAY))
    gc.freeze()  # as the server does once it has loaded its pack
    judged = spread(lambda: engine.statuses(profile))
    amounts = spread(lambda: engine.verdicts(profile))
    explained = spread(lambda: [answer.triples for answer in engine.judge_all(profile)])
    worded = spread(lambda: [answer.conditions for answer in engine.judge_all(profile)])
    numbers = "".join(f" | {p50:.2f} / {p99:.2f}" for p50, p99 in (admitted, judged, amounts, explained, worded))
    gc.unfreeze()
    return (
        f"| {len(pack.measures)} | {len(pack.versions)} | {in_force} | {load / 1000:.2f} s | {compiled / 1000:.2f} s"
        f" | {warm / 1000:.2f} s{numbers} |"
    )


def everything(pack: Pack) -> dict[str, object]:
    """A subject of whom much is known: the first value that a worked example gives each fact."""
    facts: dict[str, object] = {}
    for measure in pack.measures.values():
        for version in measure.versions:
            for example in version.examples:
                for name, value in example.facts.items():
                    if not pack.facts[name].derived:
                        facts.setdefault(name, value)
    return facts


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one run."""
    gc.collect()
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def spread(work: Callable[[], object]) -> tuple[float, float]:
    """Median and 99th percentile of many runs, after warming up."""
    for _ in range(3):
        work()
    gc.collect()
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def start_of_match() -> tuple[float, float]:
    """Wall time of the command from start to answer: with an empty cache, then with a filled one."""
    with tempfile.TemporaryDirectory(prefix="chuangbao-bench-") as temporary:
        facts = Path(temporary) / "facts.json"
        facts.write_text(json.dumps(everything(load_pack(PACK)), default=text_of), "utf-8")
        words = [sys.executable, "-m", "chuangbao", "match", "--facts", str(facts)]
        words += ["--as-of", "2015-12-31", "--pack", str(PACK), "--json"]
        room = {**os.environ, "XDG_CACHE_HOME": temporary}

        def start() -> None:
            subprocess.run(words, env=room, check=True, stdout=subprocess.DEVNULL)

        cold = timed(start)
        return cold, statistics.median(timed(start) for _ in range(7))


def text_of(value: object) -> object:
    """What JSON has no form for."""
    if isinstance(value, Decimal | Fraction):
        return float(value)
    return list(value) if isinstance(value, set | frozenset | tuple) else str(value)


def machine() -> str:
    """What the figures were taken on."""
    model = platform.processor() or platform.machine()
    about = Path("/proc/cpuinfo")
    if about.is_file():
        lines = (line.partition(":")[2].strip() for line in about.read_text().splitlines() if "model name" in line)
        model = next(lines, model)
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
