"""A visit to a space that was drawn: when and where, by whom, what was found, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Post
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.models import StoredFile
from chuangbao.inspections.enums import CheckItem, FileKind, Outcome, VisitStage
from chuangbao.inspections.models.draws import Draw
from chuangbao.spaces.models import Space

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Finding", "Visit", "VisitFile", "VisitInspector"]

SEEN = (VisitStage.CLEAR, VisitStage.MENDING, VisitStage.MENDED, VisitStage.HANDED, VisitStage.CLOSED)
"""The visit took place."""


class Visit(models.Model):
    """A visit (检查) to a space that was drawn (抽中对象)."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="visits")
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="visits")
    place_in_draw = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=10, choices=VisitStage.choices, default=VisitStage.PLANNED)
    planned_on = models.DateField(_("Planned for"), null=True)
    visited_at = models.DateTimeField(_("Visited at"), null=True)
    place = models.CharField(_("Place of the visit"), max_length=200, blank=True)
    summary = models.TextField(_("What was found"), max_length=2000, blank=True)
    mend_by = models.DateField(_("To be mended until"), null=True)
    handed_to = models.CharField(_("Handed on to"), max_length=120, blank=True)
    answer = models.TextField(_("What you mended, and how"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    end_note = models.CharField(_("Note"), max_length=300, blank=True)
    ended_on = models.DateField(null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["draw", "place_in_draw"]
        indexes = [models.Index(fields=["space", "stage"], name="visit_of_space")]
        constraints = [
            models.UniqueConstraint(fields=["draw", "space"], name="visited_once_in_a_draw"),
            models.UniqueConstraint(fields=["draw", "place_in_draw"], name="visit_has_its_place"),
            models.CheckConstraint(
                condition=~Q(stage__in=SEEN) | Q(visited_at__isnull=False) & ~Q(place=""),
                name="visit_recorded_with_time_and_place",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=(VisitStage.MENDING, VisitStage.MENDED)) | Q(mend_by__isnull=False),
                name="visit_mended_by_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(stage=VisitStage.HANDED) | ~Q(handed_to=""), name="visit_handed_on_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space} · {self.draw}"

    @property
    def region_id(self) -> str:
        """Where the space is."""
        return self.space.region_id

    @property
    def visited_on(self) -> date | None:
        """The day of the visit in the province."""
        return timezone.localdate(self.visited_at) if self.visited_at else None

    @property
    def shown_on(self) -> date | None:
        """The day of the visit, or for which it is planned."""
        return self.visited_on or self.planned_on

    @property
    def took_place(self) -> bool:
        """Whether the space was visited."""
        return self.stage in SEEN

    @property
    def is_late(self) -> bool:
        """Whether something should have been mended before today."""
        return self.stage == VisitStage.MENDING and self.mend_by is not None and self.mend_by < timezone.localdate()

    def persons_concerned(self) -> frozenset[int]:
        """Who inspects nothing there (回避)."""
        return self.space.persons_concerned()


class VisitInspector(models.Model):
    """An inspector whom the draw gave to a visit, by post."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="inspectors")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager()

    class Meta:
        ordering = ["visit", "pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "post"], name="inspector_once_in_a_visit")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.post_id}"


class Finding(models.Model):
    """What was found of one item of a visit."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="findings")
    item = models.CharField(max_length=10, choices=CheckItem.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    note = models.CharField(max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["visit", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "item"], name="item_found_once"),
            models.CheckConstraint(condition=~Q(outcome=Outcome.PROBLEM) | ~Q(note=""), name="problem_said_in_words"),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.item} {self.outcome}"


class VisitFile(models.Model):
    """A photograph of a visit, or a proof of what the operator mended."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=8, choices=FileKind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("What it shows"), max_length=120, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.kind}"
