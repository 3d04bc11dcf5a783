"""What is drawn into a shape by its kind (图例): a chair at a desk, the swing of a door, the steps of stairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.plans.domain.geometry import place_point
from chuangbao.plans.enums import ShapeKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuangbao.plans.models import Shape

__all__ = ["draw_symbol"]

STEP, CHAIR, CHAIR_GAP = 280, 230, 90


def line(shape: Shape, *points: tuple[float, float]) -> str:
    """Return a line through points of a shape, given from its own corner before it is turned."""
    return "M" + " L".join(f"{x:g},{y:g}" for x, y in (place_point(shape, *point) for point in points))


def draw_desk(shape: Shape) -> str:
    """Return a chair before the desk, with its back."""
    wide, deep = shape.width_mm, shape.depth_mm
    x, y = place_point(shape, wide / 2, deep + CHAIR_GAP + CHAIR)
    chair = f"M{x - CHAIR:g},{y:g} a{CHAIR},{CHAIR} 0 1 0 {2 * CHAIR},0 a{CHAIR},{CHAIR} 0 1 0 {-2 * CHAIR},0 Z"
    behind = deep + CHAIR_GAP + 2 * CHAIR + 40
    left, right = (place_point(shape, wide / 2 + side, behind - 60) for side in (-190, 190))
    back = f"M{left[0]:g},{left[1]:g} A290,290 0 0 0 {right[0]:g},{right[1]:g}"
    return f"{chair} {back}"


def draw_door(shape: Shape) -> str:
    """Return the leaf of a door and the way that it swings."""
    wide, deep = shape.width_mm, shape.depth_mm
    open_x, open_y = place_point(shape, 0, deep + wide)
    shut_x, shut_y = place_point(shape, wide, deep)
    return (
        f"{line(shape, (0, deep), (0, deep + wide))} M{open_x:g},{open_y:g} A{wide},{wide} 0 0 0 {shut_x:g},{shut_y:g}"
    )


def draw_stairs(shape: Shape) -> str:
    """Return the steps along the longer side, and an arrow that goes up."""
    wide, deep = shape.width_mm, shape.depth_mm
    if wide >= deep:
        steps = [line(shape, (x, 0), (x, deep)) for x in range(STEP, wide, STEP)]
        half = deep / 2
        arrow = line(shape, (wide - 500, half - 160), (wide - 250, half), (wide - 500, half + 160))
        return " ".join([*steps, line(shape, (150, half), (wide - 250, half)), arrow])
    steps = [line(shape, (0, y), (wide, y)) for y in range(STEP, deep, STEP)]
    half = wide / 2
    arrow = line(shape, (half - 160, 500), (half, 250), (half + 160, 500))
    return " ".join([*steps, line(shape, (half, deep - 150), (half, 250)), arrow])


def draw_lift(shape: Shape) -> str:
    """Return the cross of a shaft."""
    wide, deep = shape.width_mm, shape.depth_mm
    return f"{line(shape, (0, 0), (wide, deep))} {line(shape, (wide, 0), (0, deep))}"


def draw_machine(shape: Shape) -> str:
    """Return the inner edge of a machine."""
    wide, deep = shape.width_mm, shape.depth_mm
    edge = min(wide, deep) * 0.09
    corners = ((edge, edge), (wide - edge, edge), (wide - edge, deep - edge), (edge, deep - edge), (edge, edge))
    return line(shape, *corners)


SYMBOLS: dict[str, Callable[[Shape], str]] = {
    ShapeKind.DESK: draw_desk,
    ShapeKind.DOOR: draw_door,
    ShapeKind.STAIRS: draw_stairs,
    ShapeKind.LIFT: draw_lift,
    ShapeKind.MACHINE: draw_machine,
}


def draw_symbol(shape: Shape) -> str:
    """Return the paths of what is drawn into a shape; empty where it needs nothing."""
    draw = SYMBOLS.get(shape.kind)
    return draw(shape) if draw else ""
