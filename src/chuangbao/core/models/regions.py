"""Regions as rows (行政区划), so that other rows can point to one and PostgreSQL holds them to it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language


class Region(models.Model):
    """An administrative unit (行政区划单位) as it was last; its parents by date are in ``RegionPeriod``."""

    code = models.CharField(max_length=12, primary_key=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=12)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return (self.name_en or self.name_zh) if (get_language() or "").startswith("en") else self.name_zh


class RegionPeriod(models.Model):
    """Where a unit belonged during a time (隶属): 公主岭市 left 四平 for 长春 in June 2020."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="periods")
    parent = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    reports_to = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    has_code = models.BooleanField(default=True)

    class Meta:
        ordering = ["region", models.F("valid_from").asc(nulls_first=True)]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="region_period_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.region_id}: {self.parent_id} {self.valid_from or ''}–{self.valid_to or ''}"
