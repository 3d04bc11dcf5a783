"""What the portal keeps: check-ups; those without a name for thirty days, those of somebody signed in for next time."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from chuangbao.facts.models import Subject

KEPT = timedelta(days=30)


def new_token() -> str:
    """An address that nobody can guess (256 bits)."""
    return secrets.token_urlsafe(32)


def end_of_keeping() -> datetime:
    """When a check-up started now is forgotten."""
    return timezone.now() + KEPT


class CheckUp(models.Model):
    """One visitor's check-up (政策体检), or a frozen copy of one that was shared (分享)."""

    token = models.CharField(max_length=64, unique=True, default=new_token)
    subject = models.ForeignKey(
        Subject, on_delete=models.CASCADE, null=True, related_name="checkups",
        help_text="whose facts it starts from and adds to; none for a check-up without a name",
    )  # fmt: skip
    who = models.CharField(max_length=40, blank=True)
    want = models.CharField(max_length=40, blank=True)
    as_of = models.DateField()
    region = models.CharField(max_length=12)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=end_of_keeping)

    def __str__(self) -> str:
        return f"{self.who} {self.as_of}"


class CheckUpAnswer(models.Model):
    """One answer: a fact of the catalogue with its value, known to be absent, or not known."""

    class State(models.TextChoices):
        """What was said."""

        GIVEN = "given"
        ABSENT = "absent"
        UNKNOWN = "unknown"

    checkup = models.ForeignKey(CheckUp, on_delete=models.CASCADE, related_name="answers")
    fact = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State.choices)
    value = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["checkup", "fact"], name="answered_once")]

    def __str__(self) -> str:
        return f"{self.fact}: {self.state}"


class CheckUpVerdict(models.Model):
    """What came out for one measure, kept to show next time what changed (上次结果)."""

    checkup = models.ForeignKey(CheckUp, on_delete=models.CASCADE, related_name="verdicts")
    measure = models.CharField(max_length=80)
    version = models.CharField(max_length=80)
    status = models.CharField(max_length=16)
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["checkup", "measure"], name="judged_once")]

    def __str__(self) -> str:
        return f"{self.version}: {self.status}"
