"""What the worker does for facts: asking every register for what waits."""

from __future__ import annotations

import time
from datetime import timedelta

import structlog
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from chuangbao.facts.connectors.folder import drop_folders, forget_settled
from chuangbao.facts.domain.intake import discard_stale, take_all

__all__ = ["forget_registers", "take_registers"]

KEPT_DAYS = 30


@app.periodic(cron="*/15 * * * *")
@app.task(name="facts.take_registers", lock="facts.take_registers", queueing_lock="facts.take_registers")
def take_registers(timestamp: int = 0) -> int:  # noqa: ARG001 - the minute it is meant for
    """Take in what registers have dropped; how many files. One that is away is asked again next time."""
    outcomes = take_all(drop_folders(settings.REGISTERS))
    for outcome in outcomes:
        if outcome.problem:
            structlog.get_logger().warning("register", register=outcome.register, problem=outcome.problem)
    return len(outcomes)


@app.periodic(cron="45 18 * * *")
@app.task(name="facts.forget_registers")
def forget_registers(timestamp: int = 0) -> int:  # noqa: ARG001 - the hour it is meant for
    """Delete what registers delivered a month ago, and what was uploaded then and never taken in; how many files.

    Lines and digests of a register stay in the database.
    """
    stale = discard_stale(before=timezone.now() - timedelta(days=KEPT_DAYS))
    return stale + forget_settled(settings.REGISTERS, before=time.time() - KEPT_DAYS * 86_400)
