"""A floor of a venue (楼层), with the picture that it is drawn over."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.booking.models import Venue
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.models import StoredFile

__all__ = ["LONGEST", "SHORTEST", "Floor"]

SHORTEST, LONGEST = 1_000, 300_000
"""The least and the most of a side of a floor, in millimetres."""


class Floor(models.Model):
    """A floor (楼层) of a venue (场所), ``width_mm`` across and ``depth_mm`` down; its zero is the upper left corner.

    The picture behind it is ``mm_per_pixel`` coarse, and its corner is at ``offset_x_mm`` and ``offset_y_mm``.
    ``revision`` counts the changes of the floor itself, so that two who change it at once are seen.
    """

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="floors")
    name = models.CharField(_("Name of the floor"), max_length=40)
    level = models.SmallIntegerField(
        _("Order of the floor"), default=1, validators=[MinValueValidator(-20), MaxValueValidator(200)]
    )
    width_mm = models.PositiveIntegerField(_("Width of the floor"))
    depth_mm = models.PositiveIntegerField(_("Depth of the floor"))
    is_shown = models.BooleanField(_("Visitors see it"), default=True)
    picture = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    picture_width = models.PositiveIntegerField(default=0, help_text="pixels")
    picture_height = models.PositiveIntegerField(default=0, help_text="pixels")
    mm_per_pixel = models.DecimalField(_("Millimetres per pixel"), max_digits=10, decimal_places=4, default=Decimal(10))
    offset_x_mm = models.IntegerField(_("Picture begins at, across"), default=0)
    offset_y_mm = models.IntegerField(_("Picture begins at, down"), default=0)
    shows_picture = models.BooleanField(_("Visitors see the picture, too"), default=False)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["venue", "level", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="floor_has_a_name"),
            models.UniqueConstraint(fields=["venue", "name"], name="floor_named_once"),
            models.CheckConstraint(
                condition=Q(width_mm__range=(SHORTEST, LONGEST), depth_mm__range=(SHORTEST, LONGEST)),
                name="floor_has_a_size",
            ),
            models.CheckConstraint(condition=Q(mm_per_pixel__gt=0), name="floor_picture_has_a_scale"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def organization_id(self) -> int:
        """Whose venue it is in."""
        return self.venue.organization_id
