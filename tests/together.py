"""Several acts at the same moment, each in a thread and on a connection of its own."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from chuangbao.core.workflow.refusals import Refused


def at_once(*acts):
    """Let everybody begin at the same moment; what each came to: a result, a refusal's code, a status."""
    together = threading.Barrier(len(acts))

    def run(act):
        together.wait()
        try:
            return act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"  # pg_stat_activity is the same all a transaction long


def wait_until_one_waits(event=None):
    """Return once a connection of this database waits for a lock of another, or another has set an event."""
    for _turn in range(500):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        if event is None:
            time.sleep(0.01)
        elif event.wait(0.01):
            return
    raise AssertionError("no connection waits")
