"""A floor as a drawing (制图): each shape as paths and texts in millimetres, as an architect would draw it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.core.localization.formatting import day_words
from chuangbao.plans.domain.geometry import area_of, list_corners, metres
from chuangbao.plans.enums import AREAS, HATCHED, LETTERS, PIECES, ShapeKind, ShapeState
from chuangbao.plans.symbols import draw_symbol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    from chuangbao.booking.models import Booking
    from chuangbao.plans.domain.states import Stated
    from chuangbao.plans.models import Floor, Shape

__all__ = ["Drawing", "Figure", "Mark", "draw_floor", "state_words"]

PIXELS_A_METRE = 44
"""How large a floor is drawn where nothing else is asked: a desk is then as wide as a finger."""
LEFT, TOP, RIGHT, BOTTOM = 1_150, 1_150, 350, 1_250
"""Room around the floor for its measures and the scale, in millimetres."""
FLAT, WALLED = (
    (ShapeKind.CORRIDOR, ShapeKind.OPEN),
    (ShapeKind.ROOM, ShapeKind.STAIRS, ShapeKind.LIFT, ShapeKind.TOILET),
)
ORDER = (*FLAT, *WALLED, ShapeKind.WALL, ShapeKind.DOOR, ShapeKind.OTHER, *PIECES)
"""What is drawn first is below."""
LARGE, SMALL = 430, 150
LAST_NARROW = "\u2e80"
"""After it letters are as wide as high."""
MOST_FOR_METRES = 40_000
"""The widest floor with a scale of single metres."""
LINE, EDGE, EDGE_MM = 1.35, 0.86, 280


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a point; ``size`` is its height in millimetres."""

    x: int
    y: int
    size: int
    words: str
    anchor: str = "middle"


@dataclass(slots=True)
class Figure:
    """One shape as it is drawn, and as a line of the table beside it."""

    shape: Shape
    state: ShapeState
    words: str
    """Its state in words, such as 空闲; empty for what is only there."""
    name: str
    """What it is called by a screen reader, such as 工位 A3 · 现在空闲."""
    body: str
    symbol: str
    marks: list[Mark] = field(default_factory=list)
    badge: Mark | None = None
    url: str = ""
    who: list[Booking] = field(default_factory=list)
    area: Decimal | None = None

    @property
    def is_hatched(self) -> bool:
        """Whether a pattern says its state."""
        return self.state in HATCHED

    @property
    def radius(self) -> int:
        """Return the radius of the ring around its letter."""
        return round(self.badge.size * 0.82) if self.badge else 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole floor: its figures from below to above, and the frame around them."""

    floor: Floor
    figures: list[Figure]
    box: str
    pixels: tuple[int, int]
    scale: list[tuple[int, str]]
    """Where the marks of the scale are, in millimetres from its beginning, with their words."""

    @property
    def rows(self) -> list[Figure]:
        """Return the figures that the table lists: rooms and all that can be booked, but no walls and doors."""
        plain = {ShapeKind.WALL, ShapeKind.DOOR}
        return [one for one in sorted(self.figures, key=sort_key) if one.shape.kind not in plain or one.shape.resource]

    @property
    def bookable(self) -> list[Figure]:
        """Return those of the table that can be booked, and the areas."""
        return [one for one in self.rows if one.state != ShapeState.NONE or one.shape.kind in AREAS]

    @property
    def others(self) -> list[Figure]:
        """Return those of the table that are only there."""
        return [one for one in self.rows if one.state == ShapeState.NONE and one.shape.kind not in AREAS]

    @property
    def counts(self) -> list[tuple[ShapeState, int]]:
        """Return how many there are of each state that there is, without what cannot be booked."""
        states = [one.state for one in self.figures]
        found = [(state, states.count(state)) for state in ShapeState if state != ShapeState.NONE]
        return [(state, n) for state, n in found if n]

    @property
    def measures(self) -> tuple[Mark, Mark]:
        """Return width and depth of the floor as they are written at its sides."""
        wide, deep = self.floor.width_mm, self.floor.depth_mm
        return Mark(wide // 2, -620, 300, f"{metres(wide)} m"), Mark(-620, deep // 2, 300, f"{metres(deep)} m")


def sort_key(one: Figure) -> tuple[bool, int, int, str, int]:
    """Return the place of a figure in the table: what can be booked first, labels by their length and letters."""
    label = one.shape.label
    kinds = list(ShapeKind)
    return one.state == ShapeState.NONE, kinds.index(ShapeKind(one.shape.kind)), len(label), label, one.shape.pk or 0


def state_words(stated: Stated) -> str:
    """Put a state into words; of what several can have at once how many are left."""
    if stated.state == ShapeState.NONE:
        return ""
    if stated.state == ShapeState.FREE and stated.places > 1:
        return _("%(left)d of %(places)d free") % {"left": stated.left, "places": stated.places}
    return str(stated.state.label)


def name_figure(stated: Stated, words: str, moment: datetime | None) -> str:
    """Return what a figure is called: what it is, and its state now or at a moment."""
    if not words:
        return str(stated.shape)
    if moment is None:
        return _("%(what)s · now %(state)s") % {"what": stated.shape, "state": words}
    when = f"{day_words(moment.date())} {moment:%H:%M}"
    return _("%(what)s · %(when)s: %(state)s") % {"what": stated.shape, "when": when, "state": words}


def width_of(words: str) -> float:
    """Return how wide a text is, in its own height: a Chinese letter is as wide as high."""
    return sum(1.0 if letter > LAST_NARROW else 0.58 for letter in words) or 1.0


def fit_size(words: str, wide: float, high: float, most: int = LARGE) -> int:
    """Return the height at which a text fits into a box."""
    return round(max(min(most, wide * EDGE / width_of(words), high), SMALL))


def place_marks(figure: Figure, others: Sequence[Shape]) -> None:
    """Put label, area and letter where they can be read."""
    shape = figure.shape
    letter = str(LETTERS.get(figure.state, ""))
    if shape.kind in AREAS:
        mark_area(figure, letter, is_furnished=any(is_within(other, shape) for other in others))
    elif shape.kind not in {ShapeKind.WALL, ShapeKind.DOOR}:
        mark_piece(figure, letter)


def is_within(other: Shape, area: Shape) -> bool:
    """Whether the middle of a piece is in the box around an area."""
    if other.kind not in PIECES:
        return False
    x, y = other.x_mm + other.box[0] / 2, other.y_mm + other.box[1] / 2
    return 0 <= x - area.x_mm <= area.box[0] and 0 <= y - area.y_mm <= area.box[1]


def mark_area(figure: Figure, letter: str, *, is_furnished: bool) -> None:
    """Write name and area into the middle of an area; at its upper edge where things stand in it."""
    shape, (wide, deep) = figure.shape, figure.shape.box
    label = shape.label or str(shape.get_kind_display())
    figure.area = area_of(shape)
    size = fit_size(label, wide, deep * 0.3)
    small = max(round(size * 0.66), SMALL)
    note = f"{figure.area} m²"
    is_measured = shape.kind in {ShapeKind.ROOM, ShapeKind.OPEN} and deep > size + 2.4 * small
    if is_furnished:
        figure.marks = [Mark(shape.x_mm + EDGE_MM, shape.y_mm + size, size, label, "start")]
        if is_measured:
            x = round(shape.x_mm + EDGE_MM + size * (width_of(label) + 0.6))
            figure.marks.append(Mark(x, shape.y_mm + size, small, note, "start"))
        if letter:
            figure.badge = Mark(shape.x_mm + wide - 480, shape.y_mm + max(size, 480), 270, letter)
        return
    ring = min(270, round(min(wide, deep) * 0.16)) if letter else 0
    heights = [size, *([small * LINE] if is_measured else []), *([ring * 2.4] if letter else [])]
    x, y = shape.x_mm + wide // 2, shape.y_mm + (deep - sum(heights)) / 2
    figure.marks = [Mark(x, round(y + size / 2), size, label)]
    if is_measured:
        figure.marks.append(Mark(x, round(y + size + small * 0.75), small, note))
    if letter:
        figure.badge = Mark(x, round(y + sum(heights) - ring * 0.9), ring, letter)


def mark_piece(figure: Figure, letter: str) -> None:
    """Write label and letter of a piece beside each other, or below each other where it is higher than wide."""
    shape, (wide, deep) = figure.shape, figure.shape.box
    x, y = shape.x_mm + wide // 2, shape.y_mm + deep // 2
    label, ring = shape.label, min(210, round(min(wide, deep) * 0.3))
    if not letter:
        figure.marks = [Mark(x, y, fit_size(label, wide, deep * 0.5, 300), label)] if label else []
    elif not label:
        figure.badge = Mark(x, y, ring, letter)
    elif wide >= deep:
        room = wide - 2.6 * ring
        figure.marks = [Mark(round(shape.x_mm + room / 2 + 40), y, fit_size(label, room, deep * 0.5, 300), label)]
        figure.badge = Mark(round(shape.x_mm + wide - 1.35 * ring), y, ring, letter)
    else:
        figure.marks = [Mark(x, round(y - ring), fit_size(label, wide, deep * 0.3, 300), label)]
        figure.badge = Mark(x, round(y + ring * 1.2), ring, letter)


def draw_path(shape: Shape) -> str:
    """Return the outline of a shape as a path."""
    return f"M{' L'.join(f'{x:g},{y:g}' for x, y in list_corners(shape))} Z"


def draw_floor(
    floor: Floor,
    found: Sequence[Stated],
    *,
    moment: datetime,
    is_now: bool = True,
    bookers: Mapping[int, list[Booking]] | None = None,
    editing: bool = False,
) -> Drawing:
    """Draw a floor from what its shapes are at a moment; ``bookers`` are for the front desk alone."""
    shapes = [one.shape for one in found]
    figures = []
    for one in sorted(found, key=lambda each: (ORDER.index(ShapeKind(each.shape.kind)), each.shape.pk)):
        state = ShapeState.NONE if editing else one.state
        words = "" if editing else state_words(one)
        name = str(one.shape) if editing else name_figure(one, words, None if is_now else moment)
        figure = Figure(one.shape, state, words, name, draw_path(one.shape), draw_symbol(one.shape))
        place_marks(figure, shapes)
        if editing:
            figure.url = reverse("plans:shape", args=[floor.pk, one.shape.pk])
        elif state != ShapeState.NONE:
            day = f"?view=day&day={moment:%Y-%m-%d}"
            figure.url = reverse("booking:resource", args=[one.shape.resource_id]) + day
        figure.who = (bookers or {}).get(one.shape.resource_id or 0, [])
        figures.append(figure)
    wide, deep = floor.width_mm + LEFT + RIGHT, floor.depth_mm + TOP + BOTTOM
    pixels = (round(wide * PIXELS_A_METRE / 1000), round(deep * PIXELS_A_METRE / 1000))
    step = 1_000 if floor.width_mm <= MOST_FOR_METRES else 5_000
    scale = [(n * step, f"{n * step // 1000}") for n in (0, 1, 2, 5) if n * step <= floor.width_mm]
    return Drawing(floor, figures, f"{-LEFT} {-TOP} {wide} {deep}", pixels, scale)
