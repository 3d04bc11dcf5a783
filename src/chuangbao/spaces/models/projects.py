"""Projects of a region (区域项目, clause 3.2): start-up streets and specialised parks, with milestones and members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.models import Region
from chuangbao.spaces.enums import MemberStage, ProjectKind, ProjectStage
from chuangbao.spaces.models.spaces import Space

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Project", "ProjectMember", "ProjectMilestone"]


class Project(models.Model):
    """A start-up street (创业孵化一条街) or specialised park (专业型孵化园区) of a region, kept by its officers.

    ``industry_codes`` has the codes of GB/T 4754 of its industry, of two to four digits, with blanks between.
    ``addresses`` has one street or building a line; ``boundary`` one point a line, latitude and longitude in degrees,
    around the area. ``revision`` counts the changes, so that two who change it at once are seen.
    """

    kind = models.CharField(_("Kind of project"), max_length=10, choices=ProjectKind.choices)
    name = models.CharField(_("Name of the project"), max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Region"))
    industry = models.CharField(_("Local industry that it is built around"), max_length=60, blank=True)
    industry_codes = models.CharField(_("Codes of the industry"), max_length=60, blank=True)
    introduction = models.TextField(_("Introduction"), max_length=2000, blank=True)
    addresses = models.TextField(_("Streets and buildings"), max_length=1000, blank=True)
    boundary = models.TextField(_("Points around the area"), max_length=1000, blank=True)
    started_on = models.DateField(_("Started on"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("Demonstration base"), default=False)  # 示范基地 (3.2.3)
    stage = models.CharField(max_length=8, choices=ProjectStage.choices, default=ProjectStage.PLANNED)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(_("Why it ended"), max_length=300, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"], condition=~Q(stage=ProjectStage.ENDED), name="project_entered_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="project_has_a_name"),
            models.CheckConstraint(condition=~Q(kind=ProjectKind.PARK) | ~Q(industry=""), name="park_has_an_industry"),
            models.CheckConstraint(
                condition=~Q(stage=ProjectStage.ENDED) | Q(ended_on__isnull=False), name="project_ended_with_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def streets(self) -> list[str]:
        """The streets and buildings, one by one."""
        return [line.strip() for line in self.addresses.splitlines() if line.strip()]

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.stage == ProjectStage.ENDED


class ProjectMilestone(models.Model):
    """A milestone (节点) of a project: what is due when, since when it is reached, and what shows it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("Milestone"), max_length=120)
    due_on = models.DateField(_("To be reached by"))
    reached_on = models.DateField(_("Reached on"), null=True, blank=True)
    evidence = models.CharField(_("What shows it"), max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["project", "due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "title"], name="project_milestone_once"),
            models.CheckConstraint(
                condition=Q(reached_on__isnull=True) | ~Q(evidence=""), name="project_milestone_shown"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_late(self) -> bool:
        """Whether its day is over and it is not reached."""
        return self.reached_on is None and self.due_on < timezone.localdate()


class ProjectMember(models.Model):
    """A space in a project: its operator asks and an officer confirms, or an officer enters it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="project_members")
    stage = models.CharField(max_length=8, choices=MemberStage.choices, default=MemberStage.ASKED)
    note = models.CharField(_("Why it belongs there"), max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["project", "asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "space"],
                condition=Q(stage__in=[MemberStage.ASKED, MemberStage.MEMBER]),
                name="space_once_in_a_project",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.space_id} {self.stage}"

    @property
    def region_id(self) -> str:
        """Where the project is, for the record and for the area of an officer."""
        return self.project.region_id

    @property
    def asked_on(self) -> date:
        """The day on which it was asked for, in the province."""
        return timezone.localdate(self.asked_at)

    def persons_concerned(self) -> frozenset[int]:
        """Who decides nothing about it (回避): those who are party to the operator of the space."""
        return self.space.persons_concerned()
