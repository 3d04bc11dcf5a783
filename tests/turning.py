"""What keeps a test from failing where a minute, an hour, a day or a year turns while the suite runs."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.utils import timezone

FIXED = "'2026-01-01 00:00+08'::timestamptz"
"""The moment at which every rate is counted."""


@contextmanager
def clock_shut():
    """Refuse to say what time it is: what a test file keeps of it while it is read is of yesterday behind midnight."""
    ask, is_shut = timezone.now, True

    def now():
        if is_shut:
            raise AssertionError("a test file asks the clock while it is read; ask in the test")
        return ask()

    timezone.now = now
    try:
        yield
    finally:
        is_shut = False  # who took the function over meanwhile may ask from now on
        timezone.now = ask


@contextmanager
def frames_held():
    """Let every rate count in one frame: an hour or a minute that turns lets a test go beyond its bound."""
    from chuangbao.core.http import rate_limits

    assert "clock_timestamp()" in rate_limits.COUNT
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rate_limits, "COUNT", rate_limits.COUNT.replace("clock_timestamp()", FIXED))
        yield
