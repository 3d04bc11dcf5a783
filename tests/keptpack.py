"""The pack of this house for tests that only read it: read from its files once a process, and never to be changed."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from chuangbao.rules import load_pack

if TYPE_CHECKING:
    from chuangbao.rules import Pack

HOUSE = Path(__file__).parents[1] / "packs" / "jilin"
CACHE = Path(os.environ["CHUANGBAO_DATA"]) / "cache"
"""That of the run: its pages read the same pack there."""


@cache
def load_house_pack() -> Pack:
    """Return the pack."""
    return load_pack(HOUSE, CACHE)
