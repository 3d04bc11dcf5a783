"""Moving shapes (移动): many at once, by mouse, keys or numbers; each that cannot be there is named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.plans.domain.floors import list_shapes, lock_floor
from chuangbao.plans.domain.shapes import check_clash, describe_change, lay, save_laid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor
    from chuangbao.plans.models import Floor, Shape

__all__ = ["Move", "Moved", "move_shapes"]


@dataclass(frozen=True, slots=True)
class Move:
    """Where a shape is to go, in millimetres; ``seen`` is the revision that was on the page."""

    x_mm: int
    y_mm: int
    seen: int


@dataclass(slots=True)
class Moved:
    """What came of it: how many moved, and by their ids why others cannot. Where one cannot, none has moved."""

    count: int = 0
    faults: dict[int, Refused] = field(default_factory=dict)


def judge_move(row: Shape | None, move: Move, floor: Floor) -> None:
    """Put a shape where it is to go. Raises Refused: changed, and those of ``lay``."""
    if row is None:
        raise Refused("changed", _("A colleague removed this after you opened the page."))
    if row.revision != move.seen:
        raise Refused("changed", describe_change(row))
    row.x_mm, row.y_mm = move.x_mm, move.y_mm
    lay(row, floor)


@transaction.atomic
def move_shapes(*, actor: Actor, floor: Floor, moves: Mapping[int, Move]) -> Moved:
    """Move shapes of a floor, by their ids, all or none; two may change places.

    A shape that a colleague has changed is a fault of its own, unless it is where it is to go already. Raises
    Forbidden; Refused: venue_closed, gone, overlaps where another was faster.
    """
    place = lock_floor(floor, actor)
    rows = {row.pk: row for row in list_shapes(place)}
    done, touched = Moved(), []
    for pk, move in moves.items():
        row = rows.get(pk)
        if row is not None and (row.x_mm, row.y_mm) == (move.x_mm, move.y_mm):
            continue
        try:
            judge_move(row, move, place)
        except Refused as refusal:
            done.faults[pk] = refusal
        else:
            touched.extend([row] if row is not None else [])
    for row in touched:
        try:
            check_clash(row, rows.values())
        except Refused as refusal:
            done.faults[row.pk] = refusal
    if touched and not done.faults:
        save_laid(touched)
        record(actor, "plans.move_shapes", place, data={"shapes": [row.pk for row in touched]})
        done.count = len(touched)
    return done
