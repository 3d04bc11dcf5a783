"""What the house must know of runs over everybody (政策找人)."""

from __future__ import annotations

from chuangbao.core.contexts import Context

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"policies/": "chuangbao.matching.urls"},
    registers=("events", "scopes", "personal", "desk", "domain.working"),
)
