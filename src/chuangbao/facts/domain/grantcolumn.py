"""Past grants of many as a column of a snapshot (以往所得列), made ready for the engine that judges everybody.

Measures that tell a sealed fact stay out, as sealed facts do: what was had of them is not known there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.regions import reporting_line
from chuangbao.facts.domain.granted import merge_grants, records_by_area
from chuangbao.facts.domain.sensitive import telling_measures
from chuangbao.facts.enums import AwardStage
from chuangbao.facts.models import Award, AwardRecord
from chuangbao.rules.awards import ROWS, reads_awards
from chuangbao.rules.batch.awards import ROW, column_of, raw_of
from chuangbao.rules.batch.schema import ABSENT, REGION, SUBJECT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chuangbao.rules.awards import Record
    from chuangbao.rules.model import Pack

__all__ = ["Granted"]

WHY = "a run judges everybody"


class Granted:
    """Past grants before a day; nothing where no rule asks for them or none is on record."""

    def __init__(self, pack: Pack, day: date) -> None:
        """Look whether there is anything at all."""
        self.pack, self.day = pack, day
        rows, records = unscoped(Award, because=WHY), unscoped(AwardRecord, because=WHY)
        self.exists = reads_awards(pack) and (rows.exists() or records.exists())
        self.hidden = frozenset(telling_measures()) if self.exists else frozenset()
        self.places = records_by_area() if self.exists else {}
        self.known: dict[str | None, dict[str, date]] = {}
        self.schema: dict[str, Any] = {ROWS: pl.List(ROW)} if self.exists else {}

    def onto(self, wide: pl.DataFrame) -> pl.DataFrame:
        """A part of the snapshot with the column, where there is one."""
        if not self.exists:
            return wide
        asked = {measure: name for measure, name in self.pack.asked_awards.items() if name in wide.columns}
        who, places = wide[SUBJECT].to_list(), wide[REGION].to_list()
        records = self.records_of(dict(zip(who, places, strict=True)))
        told = {*asked.values(), *(name + ABSENT for name in asked.values())}
        answers = wide.select(SUBJECT, *(name for name in wide.columns if name in told))
        raws = (raw_of(asked, row) | {ROWS: records[row[SUBJECT]]} for row in answers.iter_rows(named=True))
        return wide.with_columns(column_of(self.pack, raws, self.day))

    def records_of(self, places: Mapping[int, str | None]) -> dict[int, dict[str, Record]]:
        """What is on record of each subject, by measure; ``places`` says where each of them belongs."""
        rows = unscoped(Award, because=WHY).filter(
            subject__in=list(places), stage=AwardStage.RECORDED, granted_on__lt=self.day
        )
        held: dict[int, list[Award]] = {subject: [] for subject in places}
        for row in rows.exclude(measure__in=self.hidden).order_by("granted_on", "pk"):
            held[row.subject_id].append(row)
        said: dict[int, dict[str, date | None]] = {subject: {} for subject in places}
        known = unscoped(AwardRecord, because=WHY).filter(subject__in=list(places)).exclude(measure__in=self.hidden)
        for subject, measure, since in known.order_by("pk").values_list("subject", "measure", "since"):
            said[subject or 0][measure] = since
        return {one: merge_grants(held[one], said[one], self.since_at(place)) for one, place in places.items()}

    def since_at(self, place: str | None) -> dict[str, date]:
        """Since when offices call records complete for whom belongs to a place: the office that has more counts."""
        if place in self.known:
            return self.known[place]
        found = self.known[place] = {}
        for region in reporting_line(place or "", self.day):
            for measure, since in self.places.get(region, {}).items():
                if measure not in self.hidden:
                    found[measure] = min(since, found.get(measure, since))
        return found
