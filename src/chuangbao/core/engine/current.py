"""The loaded region pack and its engine, one of each for the whole process, with the register's rows laid over it."""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

from chuangbao.rules import Engine, Pack, load_pack

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Source", "current_engine", "current_pack", "sources", "use_newest_engine"]

SELDOM = 100_000
KEPT = 2  # the engine before, for requests still running under it, and the newest


class Source(Protocol):
    """Rows that override or add to what a pack's files say."""

    def stamp(self) -> str:
        """Which state of the rows it is; empty where there are none."""

    def over(self, pack: Pack, stamp: str) -> Pack:
        """The pack with the rows laid over it."""


sources: list[Source] = []
"""Who lays rows over the files; a context adds its own when it is ready."""
laid: dict[tuple[Path, str], Engine] = {}
building = threading.Lock()


@lru_cache(maxsize=4)
def engine_of(folder: Path) -> Engine:
    """Load and compile the pack in a folder."""
    cache = Path(settings.DATA_DIR) / "cache"
    engine = Engine(load_pack(folder, cache), cache)
    gc.set_threshold(SELDOM, 20, 50)  # a page makes tens of thousands of short-lived objects, few of them in cycles
    gc.freeze()  # a pack stays as long as the process: the collector need not walk through it again and again
    return engine


def newest_engine() -> Engine:
    """The engine as of now: one short query says whether the one at hand is still it."""
    base = engine_of(Path(settings.PACK_DIR))
    stamps = [source.stamp() for source in sources]
    if not any(stamps):
        return base
    key = (Path(settings.PACK_DIR), " ".join(stamps))
    with building:
        if key not in laid:
            pack = base.pack
            for source, stamp in zip(sources, stamps, strict=True):
                pack = source.over(pack, stamp) if stamp else pack
            laid[key] = Engine(pack, Path(settings.DATA_DIR) / "cache")
            for old in list(laid)[:-KEPT]:
                del laid[old]
    return laid[key]


class Lookup:
    """The engine of one request: looked up when first needed, then the same to the end."""

    @cached_property
    def engine(self) -> Engine:
        """The newest when it was first asked for."""
        return newest_engine()


pinned: ContextVar[Lookup | None] = ContextVar("pinned", default=None)


@contextmanager
def use_newest_engine() -> Iterator[None]:
    """For the time of a request, a job or a command: what was published until now counts."""
    token = pinned.set(Lookup())
    try:
        yield
    finally:
        pinned.reset(token)


def current_engine() -> Engine:
    """The engine that this installation runs; outside of ``use_newest_engine`` that of the pack's files alone."""
    lookup = pinned.get()
    return lookup.engine if lookup else engine_of(Path(settings.PACK_DIR))


def current_pack() -> Pack:
    """The pack that this installation runs."""
    return current_engine().pack
