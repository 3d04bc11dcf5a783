"""What the portal keeps: check-ups and their answers, for thirty days and without a name."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

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
