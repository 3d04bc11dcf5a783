"""``chuangbao worker``: carries out jobs, sends letters and does what is due at night."""

from __future__ import annotations

import os
import time
from typing import Annotated

import typer

__all__ = ["worker"]

PAUSE = 5


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what waits, then stop.")] = False,
) -> None:
    """Work until stopped; a database that goes away is waited for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangbao.config.settings")
    import django

    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import ConnectorException
    from structlog import get_logger

    while True:
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined] # Django's connector has one
                working.run_worker(wait=not once, install_signal_handlers=True, delete_jobs="successful")
        except ConnectorException:
            get_logger(__name__).warning("the database is away; the worker tries again", seconds=PAUSE)
            if once:
                raise typer.Exit(1) from None
            time.sleep(PAUSE)
        else:
            return
