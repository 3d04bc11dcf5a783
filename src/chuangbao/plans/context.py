"""What the house must know of plans."""

from __future__ import annotations

from chuangbao.core.contexts import Context
from chuangbao.plans.demo import load_demo_plans

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"plans/": "chuangbao.plans.urls"},
    registers=("events", "scopes", "desk"),
    load_demo=load_demo_plans,
)
