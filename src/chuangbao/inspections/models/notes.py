"""A guidance note (指导意见) of an office to a space, and what both sides wrote to it (clause 1.2.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.inspections.enums import NoteStage, NoteTopic, Side
from chuangbao.spaces.models import Space

if TYPE_CHECKING:
    from datetime import date

__all__ = ["GuidanceNote", "GuidanceReply"]


class GuidanceNote(models.Model):
    """A guidance note (指导意见): an office writes to a space about something of its record.

    It is words alone: nothing else of the space is changed by it, whatever becomes of it.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="guidance_notes")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(_("About"), max_length=10, choices=NoteTopic.choices)
    title = models.CharField(_("Title of the note"), max_length=120)
    body = models.TextField(_("What you suggest, and why"), max_length=2000)
    answer_by = models.DateField(_("An answer is welcome until"), null=True)
    stage = models.CharField(max_length=10, choices=NoteStage.choices, default=NoteStage.OPEN)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["space", "stage", "-written_at"], name="guidance_of_space")]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(body=""), name="guidance_says_something"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def region_id(self) -> str:
        """Where the space is."""
        return self.space.region_id

    @property
    def written_on(self) -> date:
        """The day in the province."""
        return timezone.localdate(self.written_at)

    def persons_concerned(self) -> frozenset[int]:
        """Who writes no guidance about it (回避)."""
        return self.space.persons_concerned()


class GuidanceReply(models.Model):
    """What one side wrote to a guidance note; it stays as it was written."""

    note = models.ForeignKey(GuidanceNote, on_delete=models.CASCADE, related_name="replies")
    side = models.CharField(max_length=8, choices=Side.choices)
    text = models.TextField(max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="guidance_reply_says_something")]

    def __str__(self) -> str:
        return f"{self.note_id} {self.side}"
