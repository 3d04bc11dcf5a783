"""A column for one half of a point on the map, in degrees of WGS 84."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["degrees_field"]


def degrees_field(label: str | _StrPromise, *, most: int) -> Any:
    """Return a column of degrees from ``-most`` to ``most`` with five digits behind the point, about a metre."""
    return models.DecimalField(
        label,
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-most), MaxValueValidator(most)],
    )
