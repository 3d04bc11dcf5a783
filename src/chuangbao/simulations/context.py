"""What the house must know of simulations of policies (政策模拟)."""

from __future__ import annotations

from chuangbao.core.contexts import Context

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"policies/simulations/": "chuangbao.simulations.urls"},
    registers=("events", "scopes", "personal", "desk", "domain.simulate"),
)
