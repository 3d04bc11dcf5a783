"""One engine in a process of its own: ``python -m population.one NAME FILE MEASURES ROUNDS`` prints JSON."""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path

from population.measures import draw
from population.outcome import timed

ENGINES = {
    "ours-file": "ours:OursFile",
    "ours-memory": "ours:OursMemory",
    "duckdb-file": "duck:DuckFile",
    "duckdb-table": "duck:DuckTable",
    "openfisca": "fisca:OpenFisca",
    "openfisca-tuned": "fisca:Tuned",
    "zen": "gorules:Zen",
    "c-file": "native:NativeFile",
    "c-memory": "native:NativeMemory",
    "spark": "cluster:Spark",
}


def main(name: str, path: str, measures: str, rounds: str) -> None:
    """Make the engine ready, run it some times, and say what it found, how long it took and what it needed."""
    module, _, kind = ENGINES[name].partition(":")
    begin = time.perf_counter()
    engine = getattr(import_module(f"population.{module}"), kind)(Path(path), draw(int(measures)))
    ready = time.perf_counter() - begin
    found = {"ready": ready, **timed(engine.run, int(rounds))}
    print(json.dumps(found | {"note": getattr(engine, "note", "")}))


if __name__ == "__main__":
    main(*sys.argv[1:])
