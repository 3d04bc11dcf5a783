"""Files that bring facts or past grants (批量导入): an Excel file of a person here, or one that a register dropped."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.storage.encryption import EncryptedTextField
from chuangbao.facts.models.facts import Fact


class Intake(models.Model):
    """One file (导入批次): first read and checked, then taken in once it is confirmed."""

    class Stage(models.TextChoices):
        """Its stage."""

        READ = "read", _("Waiting for your confirmation")  # 待确认
        TAKEN = "taken", _("Taken in")  # 已导入
        FAILED = "failed", _("Could not be read")  # 读取失败
        UNDONE = "undone", _("Undone")  # 已撤销

    class Holds(models.TextChoices):
        """What its lines are."""

        FACTS = "facts", _("Facts")
        AWARDS = "awards", _("Past grants")  # 以往所得

    register = models.CharField(max_length=80, blank=True, help_text="empty for a file that somebody uploaded")
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.READ)
    problem = models.TextField(blank=True)
    holds = models.CharField(max_length=8, choices=Holds.choices, default=Holds.FACTS)
    holder = models.CharField(max_length=40, blank=True, help_text="the capacity it was uploaded in")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "digest"], condition=~models.Q(register=""), name="register_file_once"
            )
        ]

    def __str__(self) -> str:
        return self.filename


class IntakeRow(models.Model):
    """One line of a file (导入行): what it says, and why it cannot be taken in where that is so."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120, blank=True)
    value = EncryptedTextField(blank=True, bound_to=("intake_id", "line"))
    when = models.CharField(max_length=40, blank=True)
    problem = models.TextField(blank=True)
    fact = models.ForeignKey(Fact, on_delete=models.SET_NULL, null=True, related_name="+")
    """What became of it. ``value`` holds, of a grant, all its cells as JSON."""

    objects = ScopedManager()

    class Meta:
        ordering = ["intake", "line"]
        constraints = [models.UniqueConstraint(fields=["intake", "line"], name="intake_line_once")]

    def __str__(self) -> str:
        return f"{self.intake_id}:{self.line}"
