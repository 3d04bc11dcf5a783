"""Sensitive facts of many at once (敏感事实): opened in memory, for the part that is judged, and never written down.

Opening them is put on record, once, with the names of the facts (decision 23).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from chuangbao.core.access.row_access import unscoped
from chuangbao.facts.domain.snapshot import type_of
from chuangbao.facts.domain.values import PLACES, value_of
from chuangbao.facts.models import Fact
from chuangbao.rules import FactError
from chuangbao.rules.batch.schema import ABSENT, SUBJECT
from chuangbao.rules.profile import coerce

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from chuangbao.rules.model import Pack

__all__ = ["Sealed"]

SCALE = -int(PLACES.as_tuple().exponent)
WHY = "sensitive facts are opened for the rules that read them, which the run puts on record"


class Sealed:
    """The sealed rows beside a snapshot, of the facts that there is a reason to read."""

    def __init__(self, path: Path, pack: Pack, names: Iterable[str]) -> None:
        """Nothing is opened yet."""
        self.pack, self.names = pack, sorted(names)
        self.rows = pl.scan_parquet(path).filter(pl.col("name").is_in(self.names))

    @cached_property
    def present(self) -> list[str]:
        """Those of the facts that anybody has."""
        return self.rows.select(pl.col("name").unique().sort()).collect()["name"].to_list()

    def onto(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A part of the snapshot with the sealed facts of its subjects; what was erased since is unknown."""
        if not self.present or not frame.height:
            return frame
        first, last = frame[SUBJECT][0], frame[SUBJECT][-1]
        rows = self.rows.filter(pl.col(SUBJECT).is_between(first, last)).collect()
        opened = self.decrypt_rows(rows["row"].to_list())
        for name in self.present:
            there = [(who, opened[row]) for who, fact, row in rows.iter_rows() if fact == name and row in opened]
            schema: Any = {SUBJECT: pl.Int64(), name: type_of(self.pack.facts[name], SCALE)}
            column = pl.DataFrame(there, schema=schema, orient="row")
            if self.pack.facts[name].may_be_absent:
                column = column.with_columns(pl.col(name).is_null().alias(name + ABSENT))
            frame = frame.join(column, on=SUBJECT, how="left", maintain_order="left")
        return frame

    def decrypt_rows(self, rows: list[int]) -> dict[int, object]:
        """The values by row; one that the catalogue no longer lets in is left out."""
        found = unscoped(Fact, because=WHY).filter(pk__in=rows).defer(None)
        return {row.pk: value for row in found if self.fits(row.name, value := value_of(row, row.secret))}

    def fits(self, name: str, value: object) -> bool:
        """Whether the catalogue lets a value in."""
        try:
            coerce(self.pack, self.pack.facts[name], value)
        except FactError:
            return False
        return True
