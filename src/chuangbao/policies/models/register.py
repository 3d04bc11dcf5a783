"""The register of measures (政策事项库): versions that officers write, review and publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.models import Region
from chuangbao.policies.enums import Stage

if TYPE_CHECKING:
    from typing import ClassVar

    from chuangbao.core.workflow.transitions import Life


class Origin(models.TextChoices):
    """Who brought a version: an officer, or the files of a pack (来源)."""

    OFFICER = "officer", _("Written here")  # 本库起草
    PACK = "pack", _("From the pack")  # 地区包


class RegisteredMeasure(models.Model):
    """One measure (政策事项) under the name the packs know it by; what it says is in its versions."""

    ref = models.CharField(max_length=120, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Area"))
    department = models.CharField(_("Department"), max_length=80)
    head = models.TextField(blank=True, help_text="title, subject, themes: what all versions share")
    file = models.CharField(max_length=200, blank=True, help_text="its file in a pack")

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
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.OFFICER)
    name = models.CharField(max_length=120, blank=True, help_text="the id of the version, as its text says")
    title = models.CharField(max_length=200, blank=True)
    clauses = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    content = models.TextField(_("Text"))
    content_hash = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    writers = ArrayField(models.BigIntegerField(), default=list, help_text="everybody whose hand the text went through")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="revisions")
    valid_from = models.DateField(_("Valid from"), null=True)
    valid_to = models.DateField(_("Valid to"), null=True)
    created_at = models.DateTimeField(default=timezone.now)

    life: ClassVar[Life]
    objects = ScopedManager()

    class Meta:
        ordering = ["measure", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                name="published_with_a_day_and_two_persons",
                condition=~Q(stage__in=[Stage.IN_FORCE, Stage.RETIRED])
                | Q(origin=Origin.PACK)
                | Q(valid_from__isnull=False, reviewer__isnull=False) & ~Q(reviewer=F("author")),
            ),
            models.CheckConstraint(
                name="written_by_somebody", condition=Q(origin=Origin.PACK) | Q(author__isnull=False)
            ),
            models.UniqueConstraint(
                name="version_name_once",
                fields=["name"],
                condition=Q(stage__in=[Stage.IN_FORCE, Stage.RETIRED]) & ~Q(name=""),
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

    def persons_concerned(self) -> frozenset[int]:
        """Who does not judge it (双人): everybody whose hand the text went through."""
        return frozenset(self.writers)


class RegisterStamp(models.Model):
    """Changes with every publication: each process sees by it whether its engine is up to date (登记戳)."""

    value = models.UUIDField()

    def __str__(self) -> str:
        return str(self.value)
