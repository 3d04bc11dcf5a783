"""What documents leave for an office to set (待定标准): 倾斜, 适当, 加大, as a list of things to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangbao.core.engine.current import current_pack

if TYPE_CHECKING:
    from chuangbao.rules.model import Clause, Document, Measure, Pack

__all__ = ["Opening", "openings"]


@dataclass(frozen=True)
class Opening:
    """One clause that leaves something open, the measures on it, and whether one of them settles it."""

    document: Document
    clause: Clause
    measures: tuple[Measure, ...]

    @property
    def settled(self) -> bool:
        """Whether rules decide what the text left open, and nothing of it is left to judgement."""
        newest = [measure.versions[-1] for measure in self.measures]
        return any(v.conditions for v in newest) and not any(v.manual for v in newest)


def openings() -> list[Opening]:
    """Every opening, those still to do first."""
    pack = current_pack()
    found = [
        Opening(document, clause, tuple(on(pack, clause)))
        for document in pack.documents.values()
        for clause in document.clauses
        if clause.left_open.zh
    ]
    return sorted(found, key=lambda opening: opening.settled)


def on(pack: Pack, clause: Clause) -> list[Measure]:
    """The measures that hang on a clause, those left to judgement first."""
    found = [m for m in pack.measures.values() if clause.id in m.clauses]
    return sorted(found, key=lambda m: m.versions[-1].manual is None)
