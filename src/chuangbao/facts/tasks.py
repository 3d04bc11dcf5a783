"""What the worker does for facts: asking every register for what waits."""

from __future__ import annotations

import structlog
from django.conf import settings
from procrastinate.contrib.django import app

from chuangbao.facts.connectors.folder import drop_folders
from chuangbao.facts.domain.intake import take

__all__ = ["take_registers"]


@app.periodic(cron="*/15 * * * *")
@app.task(name="facts.take_registers", lock="facts.take_registers", queueing_lock="facts.take_registers")
def take_registers(timestamp: int = 0) -> int:  # noqa: ARG001 - the minute it is meant for
    """Take in what registers have dropped; how many files. One that is away is asked again next time."""
    outcomes = [outcome for connector in drop_folders(settings.REGISTERS) for outcome in take(connector)]
    for outcome in outcomes:
        if outcome.problem:
            structlog.get_logger().warning("register", register=outcome.register, problem=outcome.problem)
    return len(outcomes)
