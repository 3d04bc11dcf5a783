"""Figures for monitoring (Prometheus): how many requests, how long, what waits.

A request is counted under the name of its address, never under the address itself.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from chuangbao.core.contexts import CONTEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric

__all__ = ["count_request", "exposition"]


class ReservedDict(MmapedDict):
    """A file of figures whose room on the disk is taken before it is written to.

    Writing into a mapped file without room ends the process (SIGBUS); taking the room beforehand raises OSError.
    """

    def __init__(self, filename: str, read_mode: bool = False) -> None:  # noqa: FBT001, FBT002 - as the library calls it
        if not read_mode:
            reserve_file(Path(filename))
        super().__init__(filename, read_mode)

    def _init_value(self, key: str) -> None:
        """Add a figure; where it may not fit, the room into which the library then grows is taken first."""
        if self._used + len(key.encode()) + OVERHEAD > self._capacity:
            reserve(self._f.fileno(), self._capacity * 2)
        super()._init_value(key)


def reserve_file(path: Path) -> None:
    """Take the first room of a file; without room no empty file stays, which nothing could read."""
    with path.open("ab") as file:
        try:
            reserve(file.fileno(), max(file.tell(), FIRST_BYTES))
        except OSError:
            if not file.tell():
                path.unlink()
            raise


def reserve(file: int, size: int) -> None:
    """Take room on the disk. Raises OSError where there is none; macOS cannot promise it."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)


FIRST_BYTES, OVERHEAD = 1 << 16, 64
setattr(values, "MmapedDict", ReservedDict)  # noqa: B010 - before the first figure; the library has no other way
REQUESTS = Counter("chuangbao_requests", "Requests answered", ["view", "method", "status"])
SECONDS = Histogram(
    "chuangbao_request_seconds",
    "Seconds to answer",
    ["view"],
    buckets=(0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24),
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
JOBS = "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2 ORDER BY 1, 2"
WAITING = """
SELECT j.queue_name, extract(epoch FROM now() - min(greatest(e.at, j.scheduled_at)))
FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now() GROUP BY 1 ORDER BY 1
"""
LETTERS = "SELECT count(*) FILTER (WHERE refused_at IS NULL), count(refused_at) FROM core_letter"
QUARANTINED = "SELECT count(*) FROM core_storedfile WHERE stage = 'quarantined'"
SEALED = "SELECT coalesce(max(seq), 0) FROM core_seal"


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    """Count one answer; where the disk has no room for a figure it goes uncounted."""
    with suppress(OSError):
        REQUESTS.labels(view, method if method in METHODS else "other", status).inc()
        SECONDS.labels(view).observe(seconds)


def exposition() -> bytes:
    """All figures as Prometheus reads them; where several processes serve, of all of them."""
    from_database = CollectorRegistry()
    from_database.register(Database())
    return generate_latest(of_all_processes()) + generate_latest(from_database)


def of_all_processes() -> CollectorRegistry:
    """What this process counts, or where several serve together what all of them have counted."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    found = CollectorRegistry()
    MultiProcessCollector(found)
    return found


class Database(Collector):
    """Counts of the database: jobs and letters that wait, run and failed; the length of the record."""

    def describe(self) -> list[Metric]:
        """Describe nothing: the database is asked only when figures are collected."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Ask now."""
        jobs = GaugeMetricFamily("chuangbao_jobs", "Jobs by queue and state", labels=["queue", "status"])
        oldest = GaugeMetricFamily("chuangbao_jobs_oldest_seconds", "Age of the oldest due job", labels=["queue"])
        letters = GaugeMetricFamily("chuangbao_letters_waiting", "Letters that no mail server has taken yet")
        refused = GaugeMetricFamily("chuangbao_letters_refused", "Letters that the mail server will never take")
        sealed = GaugeMetricFamily("chuangbao_history_sealed", "Number of the last seal of the record")
        waiting_files = GaugeMetricFamily("chuangbao_files_quarantined", "Uploads that wait for the scanner")
        with connection.cursor() as cursor:
            cursor.execute(JOBS)
            for queue, status, number in cursor.fetchall():
                jobs.add_metric([queue, status], number)
            cursor.execute(WAITING)
            for queue, seconds in cursor.fetchall():
                oldest.add_metric([queue], float(seconds))
            cursor.execute(LETTERS)
            waiting, never = cursor.fetchone()
            letters.add_metric([], waiting)
            refused.add_metric([], never)
            cursor.execute(QUARANTINED)
            waiting_files.add_metric([], cursor.fetchone()[0])
            cursor.execute(SEALED)
            sealed.add_metric([], cursor.fetchone()[0])
        yield from (jobs, oldest, letters, refused, waiting_files, sealed)
        for context in CONTEXTS.values():
            if context.measure is not None:
                yield from context.measure()
