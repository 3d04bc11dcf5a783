"""One of everything of plans, for the table of permissions; its slice is ``table.csv`` beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.plans.domain.pictures import put_picture
from chuangbao.plans.domain.shapes import add_shape
from plans.scene import ROOM, make_desk, make_floor, upload

if TYPE_CHECKING:
    from permissions.world import World


def make_rows(world: World) -> dict[str, Any]:
    """A floor of the owner's venue with a room, a desk and a picture that visitors see."""
    owner, venue = world.actors["owner"], world.rows["venue"]
    floor = make_floor(owner, venue, name="被看的楼层", shows_picture=True)
    add_shape(actor=owner, floor=floor, **ROOM)
    put_picture(actor=owner, floor=floor, file=upload())
    return {"floor": floor, "shape": make_desk(owner, floor)}


def of_venue(world: World) -> dict[str, Any]:
    return {"pk": world.rows["venue"].pk}


def of_floor(world: World) -> dict[str, Any]:
    return {"pk": world.rows["floor"].pk}


def of_shape(world: World) -> dict[str, Any]:
    return of_floor(world) | {"shape": world.rows["shape"].pk}


OPEN: dict[str, Any] = {
    **{f"plans:{name}": of_venue for name in ("venue", "print", "new")},
    **{
        f"plans:{name}": of_floor
        for name in (
            "floor", "picture", "change", "remove", "draw", "new-shape", "new-row", "background", "scale",
            "remove-background",
        )
    },
    **{f"plans:{name}": of_shape for name in ("shape", "remove-shape", "restore-shape")},
}  # fmt: skip
