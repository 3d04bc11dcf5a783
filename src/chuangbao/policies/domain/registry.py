"""The loaded region pack and its engine, where the policies have always found them; they stand in ``core``."""

from __future__ import annotations

from chuangbao.core.registry import Source, current_engine, current_pack, engine_of, sources, up_to_date

__all__ = ["Source", "current_engine", "current_pack", "engine_of", "sources", "up_to_date"]
