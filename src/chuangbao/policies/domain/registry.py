"""The loaded region pack and its engine, where the policies have always found them; they stand in ``core``."""

from __future__ import annotations

from chuangbao.core.registry import current_engine, current_pack, engine_of

__all__ = ["current_engine", "current_pack", "engine_of"]
