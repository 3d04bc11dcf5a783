"""Shapes (图形): drawing them one by one or in a row, changing, removing and putting them back."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import ExclusionViolation, UniqueViolation

from chuangbao.booking.domain.resources import create_resource
from chuangbao.booking.enums import Audience, ResourceKind
from chuangbao.booking.models import Resource
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.plans.domain.floors import list_shapes, lock_floor
from chuangbao.plans.domain.geometry import check_inside, outline_of, overlap_of, square_metres
from chuangbao.plans.enums import AREAS, PIECES, ShapeKind
from chuangbao.plans.models import Shape
from chuangbao.plans.models.shapes import LARGEST, TURNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chuangbao.core.access.actors import Actor
    from chuangbao.plans.models import Floor

__all__ = [
    "MOST_SHAPES",
    "Row",
    "add_row",
    "add_shape",
    "check_clash",
    "describe_change",
    "lay",
    "remove_shape",
    "restore_shape",
    "save_laid",
    "update_shape",
]

FIELDS = frozenset({"kind", "label", "x_mm", "y_mm", "width_mm", "depth_mm", "turn", "points", "resource"})
"""What is written of a shape."""
BOOKED: dict[str, tuple[str, dict[str, Any]]] = {
    ShapeKind.DESK: (ResourceKind.FIXED_DESK, {"audience": Audience.TENANTS}),
    ShapeKind.ROOM: (ResourceKind.ROOM, {}),
    ShapeKind.MACHINE: (ResourceKind.MACHINE, {}),
}
"""Which kind of resource a kind of shape is, and by which rules one that is added is booked."""
LONGEST_FLOOR = 20
MOST_SHAPES = 300
"""How many shapes a floor may have: the form that moves them all at once has three fields for each."""
LEAST_CORNERS, MOST_CORNERS = 3, 40
LEAST_OVERLAP = 100.0
"""Below so many mm² shapes only touch."""


@dataclass(frozen=True, slots=True)
class Row:
    """How a row of equal shapes is laid: how many, which way, and how far apart, in millimetres.

    ``link`` says whether each is what can be booked under its number: "" for no, "there" where such a resource is
    there, "add" to add those that are not.
    """

    count: int
    gap_mm: int = 0
    down: bool = False
    prefix: str = ""
    first: int = 1
    link: str = ""


def find_clash(shape: Shape, others: Iterable[Shape]) -> tuple[Shape, float] | None:
    """Return what a shape overlaps and by how many mm²; None where it has its place to itself."""
    layer = next((kinds for kinds in (AREAS, PIECES) if shape.kind in kinds), ())
    for other in others:
        if other.kind in layer and other.pk != shape.pk and (found := overlap_of(shape, other)) > LEAST_OVERLAP:
            return other, found
    return None


def check_clash(shape: Shape, others: Iterable[Shape]) -> None:
    """Let a shape through that overlaps none of its layer. Raises Refused: overlaps (x_mm)."""
    if clash := find_clash(shape, others):
        words = _("“%(shape)s” would lie on “%(other)s”: they share %(area)s m². Move one, or make it smaller.")
        said = {"shape": shape, "other": clash[0], "area": max(square_metres(clash[1]), square_metres(10_000))}
        raise Refused("overlaps", words % said, field="x_mm")


def lay(row: Shape, floor: Floor) -> Shape:
    """Work out the outline of a shape on a floor.

    Raises Refused: out_of_range (width_mm, depth_mm, turn), too_many_corners (points), crossed (points), outside (x_mm,
    y_mm).
    """
    if row.points:
        check_points(row)
        row.width_mm, row.depth_mm = (max(point[axis] for point in row.points) for axis in (0, 1))
    for name in ("width_mm", "depth_mm"):
        if not 1 <= getattr(row, name) <= LARGEST:
            raise Refused(
                "out_of_range", _("From %(least)d mm to %(most)d mm.") % {"least": 1, "most": LARGEST}, field=name
            )
    if row.turn not in TURNS:
        raise Refused("out_of_range", _("A shape is turned by 0, 90, 180 or 270 degrees."), field="turn")
    row.outline = outline_of(row)
    check_inside(row, floor)
    return row


def check_points(row: Shape) -> None:
    """Let corners through that begin at the corner of their own box. Raises Refused: too_few, off_corner (points)."""
    least = [min(point[axis] for point in row.points) for axis in (0, 1)]
    if not LEAST_CORNERS <= len(row.points) <= MOST_CORNERS:
        raise Refused("too_few", _("List from 3 to 40 corners."), field="points")
    if least != [0, 0]:
        words = _("Corners are counted from the shape's own upper left corner: the smallest of each must be 0.")
        raise Refused("off_corner", words, field="points")


def check_resource(row: Shape, floor: Floor) -> None:
    """Let a resource of the venue of the floor through. Raises Refused: other_venue, drawn_already (resource)."""
    if row.resource is None:
        return
    if row.resource.venue_id != floor.venue_id:
        raise Refused("other_venue", _("Choose something of this venue."), field="resource")
    drawn = unscoped(Shape, because="where it is drawn").filter(resource=row.resource, removed_at=None)
    if other := drawn.exclude(pk=row.pk).select_related("floor").first():
        words = _("It is drawn already: “%(shape)s” on floor “%(floor)s”. Remove that first.")
        raise Refused("drawn_already", words % {"shape": other, "floor": other.floor}, field="resource")


def save_laid(rows: Sequence[Shape]) -> None:
    """Save shapes, then ask PostgreSQL whether all have their place.

    Raises Refused: overlaps (x_mm) where another was faster, which the lock of the floor should have prevented.
    """
    try:
        with transaction.atomic():
            for row in rows:
                row.revision += 1
                row.save()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS plan_areas_never_overlap, plan_pieces_never_overlap IMMEDIATE")
                cursor.execute("SET CONSTRAINTS plan_areas_never_overlap, plan_pieces_never_overlap DEFERRED")
    except IntegrityError as clash:
        if not isinstance(clash.__cause__, ExclusionViolation | UniqueViolation):
            raise
        words = _("Another was faster: this place is taken now. Look at the floor again.")
        raise Refused("overlaps", words, field="x_mm") from clash


def check_room(others: Sequence[Shape], more: int) -> None:
    """Keep a floor within what its form can move at once. Raises Refused: too_many (count)."""
    if len(others) + more > MOST_SHAPES:
        words = _("A floor has at most %(n)d shapes, and %(there)d are drawn.")
        raise Refused("too_many", words % {"n": MOST_SHAPES, "there": len(others)}, field="count")


@transaction.atomic
def add_shape(*, actor: Actor, floor: Floor, **given: Any) -> Shape:
    """Draw a shape on a floor; ``given`` are its fields.

    Raises Forbidden, TypeError for a field that a shape does not have; Refused: venue_closed, gone, too_many (count),
    other_venue (resource), drawn_already (resource), overlaps (x_mm), and those of ``lay``.
    """
    if unknown := set(given) - FIELDS:
        raise TypeError(f"a shape has no {', '.join(sorted(unknown))}")
    place = lock_floor(floor, actor)
    row, others = Shape(floor=place, **given), list_shapes(place)
    check_room(others, 1)
    lay(row, place)
    check_resource(row, place)
    check_clash(row, others)
    save_laid([row])
    record(actor, "plans.add_shapes", place, data={"shapes": 1})
    return row


@transaction.atomic
def add_row(*, actor: Actor, floor: Floor, like: dict[str, Any], row: Row) -> list[Shape]:
    """Draw a row of equal shapes, numbered one after the other: ``like`` are the fields of the first.

    Raises Forbidden; Refused: no_count (count), and what ``add_shape`` refuses, in words that name the shape.
    """
    if row.count < 1:
        raise Refused("no_count", _("At least one."), field="count")
    place = lock_floor(floor, actor)
    others = list_shapes(place)
    made: list[Shape] = []
    check_room(others, row.count)
    for n in range(row.count):
        label = f"{row.prefix}{row.first + n}" if row.prefix or row.count > 1 else like.get("label", "")
        one = Shape(floor=place, **like | {"label": label[:40]})
        step = n * (one.box[row.down] + row.gap_mm)
        one.x_mm, one.y_mm = (one.x_mm, one.y_mm + step) if row.down else (one.x_mm + step, one.y_mm)
        with naming_shape(one):
            lay(one, place)
        check_clash(one, [*others, *made])
        made.append(one)
    if row.link and like["kind"] in BOOKED:
        link_row(made, place, actor, is_adding=row.link == "add")
    save_laid(made)
    record(actor, "plans.add_shapes", place, data={"shapes": len(made)})
    return made


def link_row(made: Sequence[Shape], floor: Floor, actor: Actor, *, is_adding: bool) -> None:
    """Link each shape of a row to the resource that has its label for a name, or ends with it; add those not there.

    What is drawn already keeps its place, and a label that two resources end with is left alone. Raises Refused as
    ``create_resource`` does.
    """
    kind, rules = BOOKED[made[0].kind]
    known = unscoped(Resource, because="of the venue of a locked floor").filter(venue=floor.venue, retired_at=None)
    drawn = unscoped(Shape, because="where it is drawn").filter(resource__venue=floor.venue, removed_at=None)
    taken = set(drawn.values_list("resource", flat=True))
    there = list(known.filter(kind=kind).order_by("pk"))
    for one in made:
        found = [row for row in there if one.label and is_named(row.name, one.label)]
        if len(found) == 1 and found[0].pk not in taken:
            one.resource = found[0]
        elif not found and one.label and is_adding:
            with naming_shape(one):
                given = {"kind": kind, "name": one.label, "floor": floor.name[:LONGEST_FLOOR], **rules}
                one.resource = create_resource(actor=actor, venue=floor.venue, **given)


def is_named(name: str, label: str) -> bool:
    """Whether a resource is the one of a label: 工位A1 is A1, but neither 1 nor BA1 is."""
    before = name.removesuffix(label)
    if before == name:
        return False
    return not before or not (before[-1].isascii() and before[-1].isalnum())


@contextmanager
def naming_shape(shape: Shape) -> Iterator[None]:
    """Put the name of a shape before the words of a refusal. Raises Refused with its code and field."""
    try:
        yield
    except Refused as refusal:
        said = f"{shape}{_(': ')}{refusal}"
        raise Refused(refusal.code, said, field=refusal.field) from refusal


def lock_shape(shape: Shape, actor: Actor) -> tuple[Shape, Floor]:
    """Return a shape as it is now, with its floor locked. Raises Forbidden; Refused: venue_closed, gone."""
    floor = lock_floor(shape.floor, actor)
    row = unscoped(Shape, because="of a locked floor").select_related("resource").filter(pk=shape.pk).first()
    if row is None:
        raise Refused("gone", _("This was deleted while you were working on it."))
    row.floor = floor
    return row, floor


def check_seen(row: Shape, seen: int) -> None:
    """Let who has seen the shape as it is now through. Raises Refused: changed, with where it is now."""
    if row.revision != seen or row.removed_at is not None:
        raise Refused("changed", describe_change(row))


def describe_change(row: Shape) -> str:
    """Say what a colleague made of a shape in the mean time."""
    if row.removed_at is not None:
        return _("A colleague removed this after you opened the page.")
    words = _(
        "A colleague changed this after you opened the page: it is at %(x)d / %(y)d mm now. Save again to put yours."
    )
    return words % {"x": row.x_mm, "y": row.y_mm}


@transaction.atomic
def update_shape(*, actor: Actor, shape: Shape, seen: int, **changes: Any) -> Shape:
    """Change a shape; ``seen`` is the revision that the actor had before them.

    Raises Forbidden, TypeError, and Refused as ``add_shape`` does, further changed.
    """
    if unknown := set(changes) - FIELDS:
        raise TypeError(f"a shape has no {', '.join(sorted(unknown))} to change")
    row, floor = lock_shape(shape, actor)
    check_seen(row, seen)
    for name, value in changes.items():
        setattr(row, name, value)
    lay(row, floor)
    check_resource(row, floor)
    check_clash(row, list_shapes(floor))
    save_laid([row])
    record(actor, "plans.update_shape", floor, data={"shape": row.pk})
    return row


@transaction.atomic
def remove_shape(*, actor: Actor, shape: Shape) -> Shape:
    """Remove a shape from its floor; it can be put back. Raises Forbidden; Refused: venue_closed, gone."""
    row, floor = lock_shape(shape, actor)
    if row.removed_at is None:
        row.removed_at = timezone.now()
        row.revision += 1
        row.save(update_fields=["removed_at", "revision"])
        record(actor, "plans.remove_shape", floor, data={"shape": row.pk})
    return row


@transaction.atomic
def restore_shape(*, actor: Actor, shape: Shape) -> Shape:
    """Put a shape back where it was.

    Raises Forbidden; Refused: venue_closed, gone, too_many (count), drawn_already (resource), outside and overlaps
    (x_mm), where its place is no longer free.
    """
    row, floor = lock_shape(shape, actor)
    if row.removed_at is None:
        return row
    others = list_shapes(floor)
    check_room(others, 1)
    row.removed_at = None
    check_inside(row, floor)
    check_resource(row, floor)
    check_clash(row, others)
    save_laid([row])
    record(actor, "plans.restore_shape", floor, data={"shape": row.pk})
    return row
