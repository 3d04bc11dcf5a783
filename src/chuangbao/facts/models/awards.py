"""What subjects already got (以往所得): grants as rows, and since when the record of a measure is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.models import Region
from chuangbao.facts.enums import AwardStage
from chuangbao.facts.models.facts import Source
from chuangbao.facts.models.intake import Intake
from chuangbao.facts.models.subjects import Subject

if TYPE_CHECKING:
    from typing import ClassVar

    from chuangbao.core.workflow.transitions import Life

__all__ = ["Award", "AwardRecord"]


class Award(models.Model):
    """One grant of a measure (以往所得): when, for which period, how much in yuan, for how many months.

    ``measure`` is the measure's id in the pack. A row that was wrong is withdrawn and stays in the history.
    """

    class Level(models.TextChoices):
        """Whose money it was (级次)."""

        NATION = "nation", _("National")  # 国家级
        PROVINCE = "province", _("Provincial")  # 省级
        CITY = "city", _("Of the prefecture")  # 市级
        COUNTY = "county", _("Of the county")  # 县级

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="awards")
    measure = models.CharField(_("Measure"), max_length=80)
    kind = models.CharField(
        _("Kind of benefit"), max_length=20, blank=True, help_text="a kind of benefit of the rule language"
    )
    level = models.CharField(_("Level of the grant"), max_length=10, choices=Level.choices, blank=True)
    place = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Region"))
    granted_on = models.DateField(_("Granted on"))
    period = models.CharField(_("Period"), max_length=40, blank=True)
    amount = models.DecimalField(_("Amount"), max_digits=17, decimal_places=2, null=True)
    months = models.PositiveSmallIntegerField(_("Months"), null=True)
    source = models.CharField(_("Source"), max_length=10, choices=Source.choices)
    stage = models.CharField(max_length=10, choices=AwardStage.choices, default=AwardStage.RECORDED)
    intake = models.ForeignKey(Intake, on_delete=models.SET_NULL, null=True, related_name="awards")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    life: ClassVar[Life]
    objects = ScopedManager()

    class Meta:
        ordering = ["-granted_on", "-pk"]
        indexes = [
            models.Index(fields=["subject", "measure"], condition=Q(stage="recorded"), name="award_on_record"),
            models.Index(fields=["measure", "-granted_on"], name="award_of_measure"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "measure", "granted_on", "period", "source"],
                condition=Q(stage="recorded"),
                name="award_once",
            ),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="award_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.granted_on}"

    def persons_concerned(self) -> frozenset[int]:
        """Who decides nothing about it (回避): everybody who is party to its subject."""
        return self.subject.persons_concerned()

    @property
    def region_id(self) -> str:
        """Where its subject belongs."""
        return self.subject.region_id

    @property
    def from_outside(self) -> bool:
        """Whether an office says so."""
        return self.source == Source.OFFICER


class AwardRecord(models.Model):
    """Since when the record of a measure is complete (记录完整起始日).

    Of a ``region``: every grant of the measure to whom belongs there, as its office says. Of a ``subject``: every grant
    that its own people know of; without a day since ever.
    """

    measure = models.CharField(max_length=80)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="award_records")
    since = models.DateField(null=True)
    intake = models.ForeignKey(Intake, on_delete=models.SET_NULL, null=True, related_name="award_records")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["measure", "-pk"]
        indexes = [models.Index(fields=["measure", "region"], name="award_record_of_measure")]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=False, subject__isnull=True, since__isnull=False)
                | Q(region__isnull=True, subject__isnull=False),
                name="award_record_of_a_region_since_a_day_or_of_a_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.since or ''}"

    def persons_concerned(self) -> frozenset[int]:
        """Who is party to the subject that it is about."""
        return frozenset() if self.subject is None else self.subject.persons_concerned()
