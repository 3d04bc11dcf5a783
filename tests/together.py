"""Several acts at the same moment, each in a thread and on a connection of its own."""

from __future__ import annotations

import threading
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
