"""Figures for whoever watches the server (Prometheus): how many requests, how long, what waits.

A request is counted under the name of its address, never under the address itself.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.db import connection
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric

__all__ = ["count_request", "exposition"]

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
SEALED = "SELECT coalesce(max(seq), 0) FROM core_seal"


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    """Count one answer."""
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
    """What stands in the database: jobs and letters that wait, run and failed; the length of the record."""

    def describe(self) -> list[Metric]:
        """Nothing is asked of the database before somebody asks."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Ask now."""
        jobs = GaugeMetricFamily("chuangbao_jobs", "Jobs by queue and state", labels=["queue", "status"])
        oldest = GaugeMetricFamily("chuangbao_jobs_oldest_seconds", "Age of the oldest due job", labels=["queue"])
        letters = GaugeMetricFamily("chuangbao_letters_waiting", "Letters that no mail server has taken yet")
        refused = GaugeMetricFamily("chuangbao_letters_refused", "Letters that the mail server will never take")
        sealed = GaugeMetricFamily("chuangbao_history_sealed", "Number of the last seal of the record")
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
            cursor.execute(SEALED)
            sealed.add_metric([], cursor.fetchone()[0])
        yield from (jobs, oldest, letters, refused, sealed)
