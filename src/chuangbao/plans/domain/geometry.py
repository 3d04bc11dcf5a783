"""Lengths and areas on a floor (平面几何): corners as they lie, what overlaps, what reaches out; in millimetres."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from shapely.geometry import Polygon

from chuangbao.core.workflow.refusals import Refused
from chuangbao.plans.models.columns import write_polygon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuangbao.plans.models import Floor, Shape

__all__ = [
    "area_of",
    "check_inside",
    "list_corners",
    "metres",
    "outline_of",
    "overlap_of",
    "place_point",
    "square_metres",
]

GAP = 0.25
"""By how much an outline is smaller on each side: PostgreSQL takes shapes that touch for overlapping ones."""
MM2 = Decimal(1_000_000)
CENT = Decimal("0.01")


def metres(length: float) -> str:
    """Put a length in millimetres into metres, such as ``1.25``."""
    return f"{length / 1000:.2f}"


def square_metres(area: float) -> Decimal:
    """Return an area in mm² as m², to the cent."""
    return (Decimal(str(area)) / MM2).quantize(CENT)


def place_point(shape: Shape, x: float, y: float) -> tuple[float, float]:
    """Return where a point of a shape, from its own corner before it is turned, is on the floor."""
    wide, deep = shape.width_mm, shape.depth_mm
    turned = {0: (x, y), 90: (deep - y, x), 180: (wide - x, deep - y), 270: (y, wide - x)}[shape.turn]
    return shape.x_mm + turned[0], shape.y_mm + turned[1]


def list_corners(shape: Shape) -> list[tuple[float, float]]:
    """Return the corners of a shape as it is on the floor."""
    wide, deep = shape.width_mm, shape.depth_mm
    own = [(x, y) for x, y in shape.points] or [(0, 0), (wide, 0), (wide, deep), (0, deep)]
    return [place_point(shape, x, y) for x, y in own]


def polygon_of(shape: Shape) -> Polygon:
    """Return the polygon of a shape as it is on the floor."""
    return Polygon(list_corners(shape))


def outline_of(shape: Shape) -> str:
    """Return the outline of a shape for PostgreSQL, a little smaller than it is.

    Raises Refused: crossed (points), where its sides cross or nothing is between them.
    """
    own = polygon_of(shape)
    small = own.buffer(-GAP, join_style="mitre") if own.is_valid else Polygon()
    if small.is_empty or small.geom_type != "Polygon":
        message = _("These corners make no area: the sides cross or fall together. List them one after the other.")
        raise Refused("crossed", message, field="points")
    return write_polygon(list(small.exterior.coords)[:-1])


def area_of(shape: Shape) -> Decimal:
    """Return the area of a shape in m²."""
    return square_metres(polygon_of(shape).area)


def overlap_of(one: Shape, other: Shape) -> float:
    """Return by how many mm² two shapes overlap; 0 where they only touch."""
    return float(polygon_of(one).intersection(polygon_of(other)).area)


def check_inside(shape: Shape, floor: Floor) -> None:
    """Let a shape through that is within its floor. Raises Refused: outside (x_mm, y_mm), with what would fit."""
    wide, deep = shape.box
    sides: Sequence[tuple[str, int, int, int, str]] = (
        ("x_mm", shape.x_mm, wide, floor.width_mm, _("It reaches %(end)s m across, and the floor is %(size)s m wide.")),
        ("y_mm", shape.y_mm, deep, floor.depth_mm, _("It reaches %(end)s m down, and the floor is %(size)s m deep.")),
    )
    for field, begins, length, size, words in sides:
        if begins + length <= size:
            continue
        said = words % {"end": metres(begins + length), "size": metres(size)}
        if length <= size:
            most = _("Begin at %(most)d mm or less.") % {"most": size - length}
        else:
            most = _("It is larger than the floor: make it smaller.")
        raise Refused("outside", f"{said} {most}", field=field)
