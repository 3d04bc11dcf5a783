"""The picture behind a floor (底图): brought as PNG or JPEG, given its scale, taken away again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import hypot
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.core.audit.log import record
from chuangbao.core.storage.brought_pictures import clean_picture
from chuangbao.core.storage.files import all_or_nothing, forget_unused, keep
from chuangbao.core.workflow.refusals import Refused
from chuangbao.plans.domain.floors import lock_floor, save_floor
from chuangbao.plans.domain.geometry import metres

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.storage.brought_pictures import CleanPicture
    from chuangbao.plans.models import Floor

__all__ = ["TwoPoints", "put_picture", "remove_picture", "scale_picture"]

PURPOSE = "floor plan"
LEAST_PART, MOST_TIMES = Decimal("0.5"), Decimal(4)
"""A picture that fits shows at least half of the floor, and its margins are at most three times as wide as it."""
LEAST_APART = 20
"""Pixels: nearer to each other two points say nothing exact."""
STEP = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class TwoPoints:
    """Two points of a picture in pixels, and how many metres are between them."""

    x1: int
    y1: int
    x2: int
    y2: int
    distance: Decimal


def put_picture(*, actor: Actor, floor: Floor, file: UploadedFile[Any]) -> Floor:
    """Put a picture behind a floor, as wide as the floor until it is given its scale.

    It is read before anything is locked: that may take seconds. Raises Forbidden; Refused: venue_closed, gone, and
    those of ``clean_picture`` and ``keep`` (file).
    """
    return keep_picture(actor, floor, clean_picture(file))


@all_or_nothing()
def keep_picture(actor: Actor, floor: Floor, cleaned: CleanPicture) -> Floor:
    """Put a picture that was read behind a floor. Raises Forbidden; Refused: venue_closed, gone."""
    row = lock_floor(floor, actor)
    before = row.picture_id
    row.picture = keep(upload=cleaned.file, actor=actor, purpose=PURPOSE, known=cleaned.kind)
    row.picture_width, row.picture_height = cleaned.width, cleaned.height
    row.mm_per_pixel = max((Decimal(row.width_mm) / cleaned.width).quantize(STEP), STEP)
    row.offset_x_mm = row.offset_y_mm = 0
    save_floor(row)
    forget_unused([before] if before else [])
    record(actor, "plans.put_picture", row, data={"file": row.picture.pk})
    return row


def measure_scale(points: TwoPoints) -> Decimal:
    """Return millimetres per pixel from two points. Raises Refused: too_near (x2), no_distance (distance)."""
    apart = hypot(points.x2 - points.x1, points.y2 - points.y1)
    if apart < LEAST_APART:
        words = _("The two points are %(n)d pixels apart. Choose two that are at least %(least)d pixels apart.")
        raise Refused("too_near", words % {"n": round(apart), "least": LEAST_APART}, field="x2")
    if points.distance <= 0:
        raise Refused("no_distance", _("Say how many metres are between the two points."), field="distance")
    return (points.distance * 1000 / Decimal(str(apart))).quantize(STEP)


def check_scale(row: Floor, scale: Decimal, field: str) -> None:
    """Let a scale through at which the picture fits the floor. Raises Refused: other_scale, with what is expected."""
    least = LEAST_PART * row.width_mm / row.picture_width
    most = MOST_TIMES * row.width_mm / row.picture_width
    if not least <= scale <= most:
        words = _(
            "At %(scale)s mm per pixel the picture shows %(wide)s m × %(high)s m, and the floor is %(floor_wide)s m × "
            "%(floor_deep)s m. Expected are %(least)s to %(most)s mm per pixel. Look at the two points and the "
            "distance again, or at the size of the floor."
        )
        said = {
            "scale": f"{scale:.2f}",
            "wide": metres(float(scale * row.picture_width)),
            "high": metres(float(scale * row.picture_height)),
            "floor_wide": metres(row.width_mm),
            "floor_deep": metres(row.depth_mm),
            "least": f"{least:.2f}",
            "most": f"{most:.2f}",
        }
        raise Refused("other_scale", words % said, field=field)


@transaction.atomic
def scale_picture(
    *, actor: Actor, floor: Floor, scale: Decimal | TwoPoints, offset_x_mm: int = 0, offset_y_mm: int = 0
) -> Floor:
    """Give the picture of a floor its scale, in mm per pixel or by two points, and where its corner is.

    Raises Forbidden; Refused: venue_closed, gone, no_picture, too_near (x2), no_distance (distance), other_scale
    (distance or mm_per_pixel).
    """
    row = lock_floor(floor, actor)
    if row.picture_id is None:
        raise Refused("no_picture", _("There is no picture behind this floor. Bring one first."))
    by_points = isinstance(scale, TwoPoints)
    found = measure_scale(scale) if isinstance(scale, TwoPoints) else scale
    check_scale(row, found, "distance" if by_points else "mm_per_pixel")
    row.mm_per_pixel, row.offset_x_mm, row.offset_y_mm = found, offset_x_mm, offset_y_mm
    save_floor(row)
    record(actor, "plans.scale_picture", row, data={"mm_per_pixel": str(found)})
    return row


@transaction.atomic
def remove_picture(*, actor: Actor, floor: Floor) -> Floor:
    """Take the picture from a floor; what is drawn stays. Raises Forbidden; Refused: venue_closed, gone."""
    row = lock_floor(floor, actor)
    before, row.picture = row.picture_id, None
    row.picture_width = row.picture_height = 0
    save_floor(row)
    forget_unused([before] if before else [])
    record(actor, "plans.remove_picture", row)
    return row
