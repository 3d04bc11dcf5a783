"""The record that cannot be rewritten (办理日志): rows are only ever added, and each is sealed to the one before.

PostgreSQL itself refuses to change or delete a row (migration 0002). A row is sealed as its transaction
commits: the seal holds a digest of the row and of the seal before it, so a changed, missing, moved or
inserted row breaks the chain (``chuangbao audit verify``). It never holds personal data, only ids.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.utils import timezone


class History(models.Model):
    """One thing that happened (办理记录): who, in which capacity, did what to which row, and why."""

    at = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    acting = models.CharField(max_length=40)
    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=60, help_text="app_label.model of the row it happened to")
    object_id = models.BigIntegerField(null=True)
    region = models.CharField(max_length=12, blank=True)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "object_id", "-id"], name="history_of_a_row"),
            models.Index(fields=["person", "-id"], name="history_of_a_person"),
            models.Index(
                KeyTransform("about", "data"),
                models.F("id").desc(),
                condition=models.Q(data__has_key="about"),
                name="history_read_of",
            ),
            models.Index(
                KeyTransform("about_organisation", "data"),
                models.F("id").desc(),
                condition=models.Q(data__has_key="about_organisation"),
                name="history_read_of_firm",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.acting} {self.verb} {self.kind}:{self.object_id}"


class Seal(models.Model):
    """The seal of one row (链式摘要); written by PostgreSQL at commit, never by the application."""

    seq = models.BigIntegerField(primary_key=True)
    history = models.OneToOneField(History, on_delete=models.PROTECT, related_name="seal")
    digest = models.BinaryField(max_length=32)
    version = models.PositiveSmallIntegerField(db_default=1)
    """In which form the row was digested: 1 with separators, 2 with the length of each field."""

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq}: {bytes(self.digest).hex()[:12]}"
