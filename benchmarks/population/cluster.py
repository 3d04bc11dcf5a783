"""Our measures on Spark in local mode, on both cores of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.rules.spark.run import session, totals
from population.facts import AS_OF
from population.ours import OursFile
from population.outcome import THREADS, outcomes

if TYPE_CHECKING:
    from pathlib import Path

    from population.measures import Measure
    from population.outcome import Outcomes

__all__ = ["Spark"]


class Spark(OursFile):
    """The session stands before the clock starts; the first round warms the virtual machine up."""

    def __init__(self, path: Path, measures: tuple[Measure, ...]) -> None:
        super().__init__(path, measures)
        settings = {
            "spark.ui.enabled": "false",
            "spark.driver.memory": "3g",
            "spark.sql.files.maxPartitionBytes": "16m",
        }
        self.spark = session(**{"spark.master": f"local[{THREADS}]"} | settings)
        self.spark.sparkContext.setLogLevel("ERROR")

    def run(self) -> Outcomes:
        """Judge everybody."""
        found = totals(self.source, self.engine, AS_OF, spark=self.spark)
        self.note = f"judged on the workers by the engine of one machine: {found.rejudged} of {found.pairs} pairs"
        return outcomes(found)
