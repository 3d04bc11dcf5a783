"""Work that takes longer than a page (后台任务), with its progress and its result; and what makes pages safe."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.scoped_rows import ScopedManager


class JobStage(models.TextChoices):
    """The stage of a job (任务状态)."""

    WAITING = "waiting", _("Waiting")  # 排队中
    RUNNING = "running", _("Running")  # 进行中
    DONE = "done", _("Done")  # 已完成
    FAILED = "failed", _("Failed")  # 失败
    CANCELLED = "cancelled", _("Cancelled")  # 已取消


class Job(models.Model):
    """One piece of work (后台任务) that a person or the system started."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="jobs")
    acting = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=10, choices=JobStage.choices, default=JobStage.WAITING)
    cancel_wanted = models.BooleanField(default=False)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.stage in {JobStage.DONE, JobStage.FAILED, JobStage.CANCELLED}


class Hit(models.Model):
    """How often something was asked in the present frame of time (访问计数)."""

    key = models.CharField(max_length=160, primary_key=True)
    frame = models.BigIntegerField()
    count = models.PositiveIntegerField()
    counted_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class Answered(models.Model):
    """A form that was sent once (幂等令牌), and where its answer led."""

    token = models.UUIDField(primary_key=True)
    place = models.CharField(max_length=300)
    location = models.CharField(max_length=600, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.place} {self.at:%Y-%m-%d}"
