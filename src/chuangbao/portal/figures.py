"""What the loaded pack holds, in figures: the home page and the map count it rather than claim it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.rules.model import Clause, Document, Measure, Pack, Text

__all__ = ["Figures", "Order", "Place", "count", "newest", "places", "prefectures", "regional_orders"]


@dataclass(frozen=True, slots=True)
class Figures:
    """How much there is to find."""

    measures: int
    versions: int
    clauses: int
    documents: int


@dataclass(frozen=True, slots=True)
class Order:
    """A clause that names the prefectures it binds (分地区任务)."""

    clause: Clause
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A prefecture (市、州) with what can be had there and what it was ordered to build."""

    code: str
    label: Text
    own: int
    total: int
    orders: tuple[Clause, ...]


def count(pack: Pack) -> Figures:
    """Count the pack's own content; measures kept only as models for comparison are left out."""
    measures = [measure for measure in pack.measures.values() if not measure.model]
    return Figures(
        measures=len(measures),
        versions=sum(len(measure.versions) for measure in measures),
        clauses=sum(len(document.clauses) for document in pack.documents.values()),
        documents=len(pack.documents),
    )


def newest(pack: Pack, how_many: int = 5) -> list[Document]:
    """The most recently issued documents; undated ones stand last."""
    return sorted(pack.documents.values(), key=lambda d: (d.date_text, d.id), reverse=True)[:how_many]


def regional_orders(pack: Pack, names: dict[str, str]) -> list[Order]:
    """Clauses whose duty holders are several named prefectures, such as 3.2.1 and 3.2.2 of the seed.

    ``names`` gives the full name of each prefecture by code; a clause may use a short form (延边).
    """
    clauses: Iterable[Clause] = pack.documents[pack.seed].clauses if pack.seed in pack.documents else ()
    orders = []
    for clause in clauses:
        named = [word.strip() for word in clause.actor.split("、") if len(word.strip()) > 1]
        codes = [code for word in named for code, name in names.items() if name.startswith(word)]
        if len(named) > 1 and len(codes) == len(named):
            orders.append(Order(clause, tuple(codes)))
    return orders


def prefectures(pack: Pack, day: date) -> dict[str, Text]:
    """The prefectures (市、州) under the pack's region, by code."""
    return {r.code: r.name for r in pack.regions.below(pack.region, day) if r.level == "prefecture"}


def places(pack: Pack, labels: dict[str, Text], nation: str = "100000") -> list[Place]:
    """Every prefecture with the measures of its own and those that reach it from above."""
    measures: list[Measure] = [m for m in pack.measures.values() if not m.model]
    above = sum(1 for m in measures if m.region in {nation, pack.region})
    orders = regional_orders(pack, {code: label.zh for code, label in labels.items()})
    found = []
    for code, label in labels.items():
        own = sum(1 for m in measures if m.region == code)
        mine = tuple(order.clause for order in orders if code in order.regions)
        found.append(Place(code, label, own, above + own, mine))
    return found
