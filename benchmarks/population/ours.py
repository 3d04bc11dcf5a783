"""Our own engine, called as the command line calls it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from chuangbao.rules import Engine, load_pack
from chuangbao.rules.batch import totals
from population import pack
from population.facts import AS_OF
from population.outcome import outcomes

if TYPE_CHECKING:
    from population.measures import Measure
    from population.outcome import Outcomes

__all__ = ["OursFile", "OursMemory"]


class OursFile:
    """From the Parquet file; the measures are compiled beforehand, as those of DuckDB and C are."""

    def __init__(self, path: Path, measures: tuple[Measure, ...]) -> None:
        folder = Path(tempfile.mkdtemp(prefix="chuangbao-pack-"))
        self.engine = Engine(load_pack(pack.write(folder, measures)))
        shutil.rmtree(folder)
        self.source: Any = self.opened(path)
        self.note = ""

    def opened(self, path: Path) -> Any:
        """What is judged."""
        return path

    def run(self) -> Outcomes:
        """Judge everybody."""
        found = totals(self.source, self.engine, AS_OF)
        self.note = f"judged again exactly: {found.rejudged} of {found.pairs} pairs"
        return outcomes(found)


class OursMemory(OursFile):
    """A frame that has been read before the clock starts."""

    def opened(self, path: Path) -> Any:
        """Read."""
        return pl.read_parquet(path)
