"""What the house must know of the design system: the pages of core, which it shows."""

from __future__ import annotations

from chuangbao.core.contexts import Context

__all__ = ["CONTEXT"]

CONTEXT = Context(urls={"desk/": "chuangbao.ui.urls"})
