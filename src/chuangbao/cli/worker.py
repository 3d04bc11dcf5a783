"""``chuangbao worker``: carries out jobs, sends letters, sweeps up; as many may run as there is work for."""

from __future__ import annotations

from typing import Annotated

import typer

from chuangbao.cli.start import look_at_settings, with_django

__all__ = ["worker"]

STOPPED_AFTER = 20.0


def worker(
    concurrency: Annotated[int, typer.Option(help="Jobs at the same time.")] = 2,
) -> None:
    """Work on what waits until Ctrl-C; a job that is cut off is taken up again by another worker."""
    look_at_settings()
    with_django()
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined] # Django's connector has one
        working.run_worker(concurrency=concurrency, shutdown_graceful_timeout=STOPPED_AFTER)
