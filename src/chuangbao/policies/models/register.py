"""The register of measures (政策事项库): versions that officers write, review and publish."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.models import Region
from chuangbao.core.scope import ScopedManager
from chuangbao.policies.states import VERSION, Stage


class RegisteredMeasure(models.Model):
    """One measure (政策事项) under the name the packs know it by; what it says stands in its versions."""

    ref = models.CharField(max_length=120, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Area"))
    department = models.CharField(_("Department"), max_length=80)

    class Meta:
        ordering = ["ref"]

    def __str__(self) -> str:
        return self.ref


class MeasureVersion(models.Model):
    """One version (版本); PostgreSQL refuses to change what it says once it was published."""

    measure = models.ForeignKey(RegisteredMeasure, on_delete=models.PROTECT, related_name="versions")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Area"))
    department = models.CharField(_("Department"), max_length=80)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.DRAFT)
    content = models.TextField(_("Text"))
    content_hash = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    writers = ArrayField(models.BigIntegerField(), default=list, help_text="everybody whose hand the text went through")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="revisions")
    valid_from = models.DateField(_("Valid from"), null=True)
    valid_to = models.DateField(_("Valid to"), null=True)
    created_at = models.DateTimeField(default=timezone.now)

    life = VERSION
    objects = ScopedManager()

    class Meta:
        ordering = ["measure", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                name="published_with_a_day_and_two_persons",
                condition=~Q(stage__in=[Stage.IN_FORCE, Stage.RETIRED])
                | Q(valid_from__isnull=False, reviewer__isnull=False) & ~Q(reviewer=F("author")),
            ),
            ExclusionConstraint(
                name="one_version_on_a_day",
                condition=Q(stage__in=[Stage.IN_FORCE, Stage.RETIRED]),
                expressions=[
                    ("measure", RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from", "valid_to", RangeBoundary(inclusive_upper=True),
                            function="daterange", output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.measure_id} {self.stage}"


class ReviewComment(models.Model):
    """What a reviewer says about a version, or about one condition of it (审核意见)."""

    version = models.ForeignKey(MeasureVersion, on_delete=models.PROTECT, related_name="comments")
    condition = models.CharField(max_length=80, blank=True)
    text = models.TextField(_("Comment"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
