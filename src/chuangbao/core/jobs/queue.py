"""Queueing work for the worker by its name (入队): who asks for it need not import who does it."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

__all__ = ["queue_task"]


def queue_task(name: str, **arguments: Any) -> None:
    """Queue a task as its ``tasks.py`` names it; it begins when the transaction has committed."""
    app.configure_task(name).defer(**arguments)
