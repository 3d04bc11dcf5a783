"""Files that several processes may make at once: each is there as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["made_whole"]


@contextmanager
def made_whole(place: Path) -> Iterator[Path]:
    """A path beside ``place`` that nobody else writes to; it takes the place at the end, or is gone after an error."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f"{place.name}.", suffix=".new")
    os.close(handle)
    fresh = Path(name)
    try:
        yield fresh
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)
