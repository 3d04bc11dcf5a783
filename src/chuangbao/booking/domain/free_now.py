"""What is free right now (此刻空闲) in some venues, by kind of resource: figures for everybody, no names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from chuangbao.booking.domain.timetables import read_timetables
from chuangbao.booking.enums import ResourceKind
from chuangbao.booking.models import Resource
from chuangbao.core.access.row_access import visible

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chuangbao.core.access.actors import Actor

__all__ = ["FreeCount", "count_free"]

MOMENT = timedelta(minutes=1)
"""What begins later does not count: who comes now finds it free until then."""


@dataclass(frozen=True, slots=True)
class FreeCount:
    """Of one kind of resource in a venue: how many places there are, how many are free, whether any is open at all."""

    kind: ResourceKind
    free: int
    whole: int
    is_open: bool


def count_free(actor: Actor, venues: Iterable[int], at: datetime) -> dict[int, list[FreeCount]]:
    """Return what is free at a moment, by the ids of venues and in the order of the kinds.

    Five queries for all of them; whether the actor may book it is not asked.
    """
    rows = list(visible(Resource, to=actor).filter(venue__in=venues, retired_at=None).select_related("venue"))
    free: Counter[tuple[int, str]] = Counter()
    whole: Counter[tuple[int, str]] = Counter()
    open_kinds: set[tuple[int, str]] = set()
    for table in read_timetables(rows, at, at + MOMENT).values():
        key = (table.resource.venue_id, table.resource.kind)
        whole[key] += table.resource.places
        if table.is_open(at, at + MOMENT):
            open_kinds.add(key)
        free[key] += table.count_places(at, at + MOMENT)
    found: dict[int, list[FreeCount]] = {}
    for kind in ResourceKind:
        for venue in sorted({venue for venue, each in whole if each == kind}):
            key = (venue, kind.value)
            found.setdefault(venue, []).append(FreeCount(kind, free[key], whole[key], key in open_kinds))
    return found
