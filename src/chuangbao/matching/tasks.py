"""What the worker does for policies: the run of the night."""

from __future__ import annotations

from procrastinate.contrib.django import app

from chuangbao.matching.domain.starting import nightly

__all__ = ["run_of_the_night"]


@app.periodic(cron="0 18 * * *")  # 02:00 in Changchun
@app.task(name="policies.run_of_the_night", queueing_lock="policies.run_of_the_night")
def run_of_the_night(timestamp: int = 0) -> int:  # noqa: ARG001 - the minute it is meant for
    """Queue a run over everybody; its number, or 0 where another is still going on."""
    run = nightly()
    return run.pk if run else 0
