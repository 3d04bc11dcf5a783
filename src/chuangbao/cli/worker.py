"""``chuangbao worker``: carries out jobs, sends letters, sweeps up; as many may run as there is work for."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from chuangbao.cli.start import check_settings, with_django

__all__ = ["worker"]

PAUSE, STOPPED_AFTER = 5, 20.0


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what waits, then stop.")] = False,
    concurrency: Annotated[int, typer.Option(help="Jobs at the same time.")] = 2,
    silent: Annotated[float, typer.Option(help="Seconds of silence after which a worker is taken for dead.")] = 30.0,
) -> None:
    """Work until stopped, taking up again what was cut off; with --once, status 1 where the database is away."""
    check_settings()
    with_django()
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import ConnectorException
    from structlog import get_logger

    while True:
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined] # Django's connector has one
                working.run_worker(
                    wait=not once,
                    concurrency=concurrency,
                    shutdown_graceful_timeout=STOPPED_AFTER,
                    delete_jobs="successful",
                    update_heartbeat_interval=silent / 3,
                    stalled_worker_timeout=silent,
                )
        except ConnectorException:
            get_logger(__name__).warning("the database is away; the worker tries again", seconds=PAUSE)
            if once:
                raise typer.Exit(1) from None
            time.sleep(PAUSE)
        else:
            return
