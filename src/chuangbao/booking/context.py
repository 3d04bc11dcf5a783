"""What the house must know of booking."""

from __future__ import annotations

from chuangbao.core.contexts import Context

__all__ = ["CONTEXT"]

CONTEXT = Context(registers=("events", "scopes"))
