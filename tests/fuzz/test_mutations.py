"""A slice of ``tools/fuzz_files.py``, which runs for as long as one likes."""

from __future__ import annotations

from chuangbao.core.storage.reading import IN_JOB, read_apart
from fuzz.mutations import run

SECONDS, SEED = 10, 2026


def test_nothing_hangs_and_nothing_is_lost():
    read_apart("text", "甲".encode(), limits=IN_JOB)  # the first file starts the readers
    report = run(SECONDS, SEED)
    print(report)  # noqa: T201 - the figure of the run
    assert report.faults == []
    assert sum(report.outcomes.values()) >= 5
