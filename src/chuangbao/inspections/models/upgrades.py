"""An upgrade plan (升级改造计划) of a space from kind to kind, with milestones and evidence (clause 2.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.models import StoredFile
from chuangbao.inspections.enums import PlanStage
from chuangbao.spaces.enums import SpaceKind
from chuangbao.spaces.models import Space

if TYPE_CHECKING:
    from datetime import date

__all__ = ["PlanMilestone", "UpgradePlan"]

GOING = (PlanStage.DRAFT, PlanStage.RUNNING)


class UpgradePlan(models.Model):
    """A plan of an operator to turn its space into another kind, such as 苗圃 → 孵化器 → 加速器.

    The operator begins, reaches and drops it freely; officers of the area see it once it runs, and may write guidance.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="upgrade_plans")
    from_kind = models.CharField(max_length=12, choices=SpaceKind.choices)
    to_kind = models.CharField(_("Kind that it is to become"), max_length=12, choices=SpaceKind.choices)
    aim = models.TextField(_("What changes, and why"), max_length=2000)
    starts_on = models.DateField(_("Begins on"))
    due_on = models.DateField(_("To be reached until"))
    stage = models.CharField(max_length=10, choices=PlanStage.choices, default=PlanStage.DRAFT)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["space"], condition=Q(stage__in=GOING), name="one_upgrade_at_a_time"),
            models.CheckConstraint(condition=~Q(from_kind=F("to_kind")), name="upgrade_to_another_kind"),
            models.CheckConstraint(condition=Q(due_on__gte=F("starts_on")), name="upgrade_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(aim=""), name="upgrade_has_an_aim"),
            models.CheckConstraint(
                condition=Q(stage__in=GOING) | Q(ended_on__isnull=False), name="upgrade_ended_with_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_kind_display()} → {self.get_to_kind_display()}"

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.space.region_id

    @property
    def is_late(self) -> bool:
        """Whether it should have been reached before today."""
        return self.stage == PlanStage.RUNNING and self.due_on < timezone.localdate()


class PlanMilestone(models.Model):
    """A milestone of an upgrade plan: due on a day, reached with words or a file that show it."""

    plan = models.ForeignKey(UpgradePlan, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("Title of the milestone"), max_length=120)
    due_on = models.DateField(_("Due on"))
    reached_on = models.DateField(_("Reached on"), null=True)
    evidence = models.CharField(_("What shows it"), max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "title"], name="plan_milestone_once"),
            models.CheckConstraint(condition=~Q(title=""), name="plan_milestone_has_a_title"),
            models.CheckConstraint(
                condition=Q(reached_on__isnull=True) | ~Q(evidence=""), name="plan_milestone_reached_with_evidence"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def late_since(self) -> date | None:
        """The day on which it was due, where that is over."""
        is_late = self.reached_on is None and self.due_on < timezone.localdate()
        return self.due_on if is_late else None
