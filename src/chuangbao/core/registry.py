"""The loaded region pack and its engine, one of each for the whole process."""

from __future__ import annotations

import gc
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from chuangbao.rules import Engine, Pack, load_pack

__all__ = ["current_engine", "current_pack", "engine_of"]

SELDOM = 100_000


@lru_cache(maxsize=4)
def engine_of(folder: Path) -> Engine:
    """Load and compile the pack in a folder."""
    cache = Path(settings.DATA_DIR) / "cache"
    engine = Engine(load_pack(folder, cache), cache)
    gc.set_threshold(SELDOM, 20, 50)  # a page makes tens of thousands of short-lived objects, few of them in cycles
    gc.freeze()  # a pack stays as long as the process: the collector need not walk through it again and again
    return engine


def current_engine() -> Engine:
    """The engine of the pack that this installation runs."""
    return engine_of(Path(settings.PACK_DIR))


def current_pack() -> Pack:
    """The pack that this installation runs."""
    return current_engine().pack
