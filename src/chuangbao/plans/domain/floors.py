"""Floors (楼层): adding, changing and removing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.booking.domain.venues import check_texts, lock_open, save_named
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.storage.files import forget_unused
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.plans.domain.geometry import metres
from chuangbao.plans.models import Floor, Shape
from chuangbao.plans.models.floors import LONGEST, SHORTEST

if TYPE_CHECKING:
    from chuangbao.booking.models import Venue
    from chuangbao.core.access.actors import Actor

__all__ = ["MOST_FLOORS", "create_floor", "list_shapes", "lock_floor", "remove_floor", "save_floor", "update_floor"]

CHANGES = frozenset({"name", "level", "width_mm", "depth_mm", "is_shown", "shows_picture"})
MOST_FLOORS = 60
"""How many floors a venue may have."""


def list_shapes(floor: Floor) -> list[Shape]:
    """Return what is drawn on a floor."""
    rows = unscoped(Shape, because="of a floor that the caller may change").filter(floor=floor, removed_at=None)
    return list(rows.order_by("pk"))


def lock_floor(floor: Floor, actor: Actor) -> Floor:
    """Lock a floor, its venue first, for who keeps them. Raises Forbidden; Refused: venue_closed, gone."""
    venue = lock_open(floor.venue, actor)
    row = lock_row(floor)
    row.venue = venue
    return row


def save_floor(row: Floor) -> None:
    """Save a floor as its next revision. Raises Refused: name_taken (name)."""
    row.revision += 1
    save_named(row, _("There is a floor of this name already. Choose another name."))


def check_seen(row: Floor, seen: int) -> None:
    """Let who has seen the floor as it is now through. Raises Refused: changed, with what it is now."""
    if row.revision != seen:
        words = _("A colleague changed this floor after you opened the page: “%(name)s”, %(wide)s m × %(deep)s m.")
        now = words % {"name": row.name, "wide": metres(row.width_mm), "deep": metres(row.depth_mm)}
        hint = _("What you typed is still here. Save again where it is to hold.")
        raise Refused("changed", f"{now} {hint}")


def check_size(row: Floor) -> None:
    """Let a floor through that is of a size that exists and holds what is drawn on it.

    Raises Refused: out_of_range (the side), shapes_outside (the side).
    """
    for name in ("width_mm", "depth_mm"):
        if not SHORTEST <= getattr(row, name) <= LONGEST:
            words = _("From %(least)d mm to %(most)d mm.") % {"least": SHORTEST, "most": LONGEST}
            raise Refused("out_of_range", words, field=name)
    if row.pk is None:
        return
    for shape in list_shapes(row):
        wide, deep = shape.box
        for name, end in (("width_mm", shape.x_mm + wide), ("depth_mm", shape.y_mm + deep)):
            if end > getattr(row, name):
                words = _("“%(shape)s” reaches to %(end)s m. Move it first, or make the floor at least so large.")
                raise Refused("shapes_outside", words % {"shape": shape, "end": metres(end)}, field=name)


@transaction.atomic
def create_floor(*, actor: Actor, venue: Venue, name: str, width_mm: int, depth_mm: int, **more: Any) -> Floor:
    """Add a floor to an open venue; ``more`` are level, is_shown and shows_picture.

    Raises Forbidden; Refused: venue_closed, gone, name_needed (name), name_taken (name), too_many, and those of
    ``check_size``.
    """
    place = lock_open(venue, actor)
    if unscoped(Floor, because="how many there are").filter(venue=place).count() >= MOST_FLOORS:
        raise Refused("too_many", _("A venue has at most %(n)d floors.") % {"n": MOST_FLOORS})
    row = Floor(venue=place, name=check_texts(name=name)["name"], width_mm=width_mm, depth_mm=depth_mm, **more)
    check_size(row)
    save_floor(row)
    record(actor, "plans.create_floor", row)
    return row


@transaction.atomic
def update_floor(*, actor: Actor, floor: Floor, seen: int, **changes: Any) -> Floor:
    """Change a floor; ``seen`` is the revision that the actor had before them.

    Raises Forbidden, TypeError for another field; Refused: venue_closed, gone, changed, name_needed (name), name_taken
    (name), and those of ``check_size``.
    """
    if unknown := set(changes) - CHANGES:
        raise TypeError(f"a floor has no {', '.join(sorted(unknown))} to change")
    row = lock_floor(floor, actor)
    check_seen(row, seen)
    for name, value in changes.items():
        setattr(row, name, value)
    row.name = check_texts(name=row.name)["name"]
    check_size(row)
    save_floor(row)
    record(actor, "plans.update_floor", row)
    return row


@transaction.atomic
def remove_floor(*, actor: Actor, floor: Floor) -> None:
    """Remove a floor and what is drawn on it, not what is booked. Raises Forbidden; Refused: venue_closed, gone."""
    row = lock_floor(floor, actor)
    record(actor, "plans.remove_floor", row)
    picture = row.picture_id
    row.delete()
    forget_unused([picture] if picture else [])
