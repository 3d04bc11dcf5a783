"""Files that people bring (附件): what they are by their content, where they lie, and whether they may be served."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.scoped_rows import ScopedManager


class FileStage(models.TextChoices):
    """Whether a file may be served (文件状态)."""

    QUARANTINED = "quarantined", _("Waiting for the scanner")  # 待查毒
    CLEAN = "clean", _("Clean")  # 可用
    REFUSED = "refused", _("Refused")  # 已拒收


class StoredFile(models.Model):
    """One file (附件).

    Who may see the row that points to it may read it; by itself only who brought it may, in the same capacity.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=160, help_text="as it was called, cleaned of folders and control characters")
    media_type = models.CharField(max_length=100, help_text="by its content, never by its name")
    size = models.PositiveBigIntegerField(help_text="bytes, before encryption")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content")
    purpose = models.CharField(max_length=60)
    sensitive = models.BooleanField(default=False, help_text="encrypted at rest, every reading recorded")
    stage = models.CharField(max_length=12, choices=FileStage.choices, default=FileStage.CLEAN)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    holder = models.CharField(max_length=40, blank=True, help_text="the capacity it was brought in, as ``member:12``")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Where the storage keeps it; nothing of its name is in it."""
        return f"{self.key.hex[:2]}/{self.key.hex}"
