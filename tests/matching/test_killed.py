"""A worker that is killed in the middle of a run: another takes it up at its part, with the same result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

import factories
from chuangbao.facts.demo_population import load_demo_population
from chuangbao.matching.domain.starting import start_run
from chuangbao.matching.models import Entitlement, PopulationRun, RunPart, RunTotal
from runsworld import run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.unmeasured]
TESTS = Path(__file__).parents[1]
WORK = """
import os, sys, time
from unittest import mock
from chuangbao.matching.domain import working
working.PART = 25
real = working.keep_part
def slow(*given):
    real(*given)
    time.sleep(float(sys.argv[1]))
working.keep_part = slow
from chuangbao.core import tasks
tasks.SILENT = 2
time.sleep(max(float(sys.argv[2]) - time.time(), 0))
tasks.take_up_again.defer(timestamp=0)
from procrastinate.contrib.django import app
with app.replace_connector(app.connector.get_worker_connector()) as working_app:
    working_app.run_worker(wait=False, update_heartbeat_interval=1, stalled_worker_timeout=2)
"""


def worker(pause, begin=0.0):
    """A worker in a process of its own, on this test's database; it does what waits at a moment, and stops."""
    it = settings.DATABASES["default"]
    address = (
        f"postgresql://{it['USER']}@localhost/{connection.settings_dict['NAME']}?host={it['HOST']}&port={it['PORT']}"
    )
    environment = os.environ | {
        "DATABASE_URL": address, "CHUANGBAO_DATA": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "chuangbao.config.settings", "PYTHONPATH": str(TESTS.parent / "src"),
    }  # fmt: skip
    code = "import django; django.setup()" + WORK
    return subprocess.Popen(
        [sys.executable, "-c", code, str(pause), str(begin)], env=environment, start_new_session=True
    )


def outcome():
    """All that a run leaves behind."""
    run = PopulationRun.objects.first()
    totals = RunTotal.objects.filter(run=run).order_by("version", "region")
    fields = ("version", "region", "eligible", "near", "undetermined", "refused", "cents")
    found = Entitlement.objects.filter(gone=None).order_by("subject", "measure")
    return (
        run.subjects, run.pairs, run.rejudged, list(totals.values_list(*fields)),
        list(found.values_list("subject", "measure", "version", "status", "cents", "decided_by")),
    )  # fmt: skip


def wait(until, seconds=60):
    for _ in range(seconds * 10):
        if until():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to that")


@pytest.fixture
def province(transactional_db):
    from chuangbao.core.engine.regions import load_regions

    load_regions()
    load_demo_population(subjects=200)
    return factories.officer("supervisor", region=factories.PROVINCE)


def test_another_takes_it_up(province):
    made = start_run(actor=province)
    first = worker(0.4)
    wait(lambda: RunPart.objects.filter(run=made).count() >= 2)
    os.killpg(first.pid, signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL
    second = worker(0.4, time.time() + 2.5)  # when the dead worker's silence is noticed
    done = list(RunPart.objects.filter(run=made).values_list("pk", flat=True))
    assert 2 <= len(done) < 8
    assert ProcrastinateJob.objects.filter(task_name="core.do_work", status="doing").exists()
    wait(lambda: RunPart.objects.filter(run=made).count() > len(done))
    kept = list(RunPart.objects.filter(pk__in=done).values_list("pk", flat=True))
    assert second.wait(timeout=60) == 0
    assert kept == done  # it went on where the first stopped
    made.job.refresh_from_db()
    assert made.job.stage == "done", made.job.message
    broken = outcome()
    assert broken[0] == 200
    whole = run(province)  # in this process: that a worker does it was seen twice
    assert (whole.gained, whole.lost, whole.altered) == (0, 0, 0)
    assert outcome() == broken
