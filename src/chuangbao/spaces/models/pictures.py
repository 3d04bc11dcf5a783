"""Pictures of a space, with a text for who cannot see them."""

from __future__ import annotations

from django.db import models
from django.db.models import Deferrable, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.models import StoredFile
from chuangbao.spaces.models.spaces import Space

__all__ = ["SpacePicture"]


class SpacePicture(models.Model):
    """A picture (照片) that an operator shows of its space, encoded again in two sizes; public like the entry.

    Sides are in pixels. The lowest ``rank`` comes first and stands for the space in lists.
    """

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="pictures")
    alt = models.CharField(_("What the picture shows"), max_length=200)
    rank = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    small = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    small_width = models.PositiveIntegerField()
    small_height = models.PositiveIntegerField()
    added_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["space", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "rank"], name="picture_has_its_rank", deferrable=Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=~Q(alt=""), name="picture_said_in_words"),
        ]

    def __str__(self) -> str:
        return self.alt
