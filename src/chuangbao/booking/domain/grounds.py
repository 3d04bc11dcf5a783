"""By what a wish is judged (评判依据): when it is open, what is taken, what its person has, what an hour costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangbao.booking.domain.pricing import Holder, PriceBook, ask_for_rates
from chuangbao.booking.domain.rules import Usage, ask_for_usage, draw_usages
from chuangbao.booking.domain.timetables import Timetable, ask_for_times, draw_timetables
from chuangbao.core.kept_queries import ask_together

if TYPE_CHECKING:
    from datetime import datetime

    from chuangbao.booking.models import Resource
    from chuangbao.core.access.actors import Actor

__all__ = ["Grounds", "read_grounds"]


@dataclass(frozen=True, slots=True)
class Grounds:
    """By what wishes of an actor for one resource are judged."""

    table: Timetable
    usage: Usage
    prices: PriceBook


def read_grounds(actor: Actor, row: Resource, since: datetime, until: datetime) -> Grounds:
    """Read by what wishes for a resource between two moments are judged: one query where nothing is charged."""
    *times, used, rates = ask_together(
        *ask_for_times([row], since, until),
        ask_for_usage(actor.person_id, [row], (since, until)),
        ask_for_rates(row),
    )
    holder = Holder(actor.person_id, actor.organisation_id)
    table, usage = draw_timetables([row], since, until, times)[row.pk], draw_usages([row], used)[row.pk]
    return Grounds(table, usage, PriceBook.draw(row, holder, rates))
