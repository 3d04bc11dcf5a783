"""What is on a floor (图形): rooms, desks, machines and the rest, each with its place in millimetres."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.booking.models import Resource
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.plans.enums import AREAS, PIECES, ShapeKind
from chuangbao.plans.models.columns import PolygonField
from chuangbao.plans.models.floors import Floor

__all__ = ["LARGEST", "TURNS", "Shape"]

TURNS = (0, 90, 180, 270)
LARGEST = 300_000
"""The most of a side, in millimetres."""
OVERLAP = "&&"


def never_overlap(name: str, kinds: tuple[ShapeKind, ...]) -> ExclusionConstraint:
    """Hold that no two shapes of some kinds overlap; asked at the end, so that two can change places at once."""
    return ExclusionConstraint(
        name=name,
        expressions=[("floor", RangeOperators.EQUAL), ("outline", OVERLAP)],
        condition=Q(kind__in=[kind.value for kind in kinds], removed_at=None),
        deferrable=models.Deferrable.DEFERRED,
    )


class Shape(models.Model):
    """A shape on a floor (图形), turned clockwise by ``turn`` degrees; all lengths in millimetres.

    ``x_mm`` and ``y_mm`` are the upper left corner of the box around it as it is on the floor; ``width_mm`` and
    ``depth_mm`` are its sides before it is turned. ``points`` are the corners of what is no rectangle, from its own
    upper left corner, before it is turned. ``outline`` is the same on the floor and a little smaller, so that
    neighbours may touch. What was removed stays and can be put back.
    """

    floor = models.ForeignKey(Floor, on_delete=models.CASCADE, related_name="shapes")
    kind = models.CharField(_("Kind of shape"), max_length=10, choices=ShapeKind.choices)
    label = models.CharField(_("Label"), max_length=40, blank=True)
    x_mm = models.PositiveIntegerField(_("From the left"))
    y_mm = models.PositiveIntegerField(_("From above"))
    width_mm = models.PositiveIntegerField(_("Width"))
    depth_mm = models.PositiveIntegerField(_("Depth"))
    turn = models.PositiveSmallIntegerField(_("Turned by"), default=0, choices=[(n, f"{n}°") for n in TURNS])
    points = ArrayField(
        ArrayField(models.PositiveIntegerField(), size=2), default=list, blank=True, verbose_name=_("Corners")
    )
    outline = PolygonField(editable=False)
    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, null=True, related_name="shapes", verbose_name=_("What is booked here")
    )
    revision = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["floor", "kind", "label", "pk"]
        constraints = [
            never_overlap("plan_areas_never_overlap", AREAS),
            never_overlap("plan_pieces_never_overlap", PIECES),
            models.UniqueConstraint(fields=["resource"], condition=Q(removed_at=None), name="plan_resource_drawn_once"),
            models.CheckConstraint(condition=Q(turn__in=TURNS), name="plan_shape_turned_square"),
            models.CheckConstraint(
                condition=Q(width_mm__range=(1, LARGEST), depth_mm__range=(1, LARGEST)), name="plan_shape_has_a_size"
            ),
        ]

    def __str__(self) -> str:
        kind = str(self.get_kind_display())
        return self.label if self.label.startswith(kind) else f"{kind} {self.label}".strip()

    @property
    def organization_id(self) -> int:
        """Whose venue it is in."""
        return self.floor.venue.organization_id

    @property
    def box(self) -> tuple[int, int]:
        """Width and depth of the box around it as it is on the floor."""
        return (self.depth_mm, self.width_mm) if self.turn in {90, 270} else (self.width_mm, self.depth_mm)
