"""Check-ups (政策体检) and their answers: thirty days for a visitor, until they are erased for an account."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from chuangbao.accounts.models import Membership
from chuangbao.core.access.tokens import KeyedByAddress, derive_token, hash_token
from chuangbao.core.storage.encryption import EncryptedTextField
from chuangbao.facts.models import Subject

KEPT = timedelta(days=30)


def end_of_keeping() -> datetime:
    """When a check-up started now is forgotten."""
    return timezone.now() + KEPT


class CheckUp(KeyedByAddress):
    """One visitor's check-up (政策体检), or a frozen copy of one that was shared (分享).

    Who one is, what was answered and what came out of it can each tell a sensitive fact: they are sealed, all of them,
    whatever the catalogue calls sensitive today, and what is sealed opens only in the row that it was written for.
    """

    subject = models.ForeignKey(
        Subject, on_delete=models.CASCADE, null=True, related_name="checkups",
        help_text="whose facts it starts from and adds to; none for a check-up without a name",
    )  # fmt: skip
    who = EncryptedTextField(default="", blank=True, bound_to=("token_hash",), block=64)
    want = models.CharField(max_length=40, blank=True)
    as_of = models.DateField()
    region = models.CharField(max_length=12)
    shared = models.BooleanField(default=False)
    copied_from = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="copies",
        help_text="the check-up that a shared copy was made from; who holds its address may withdraw the copy",
    )  # fmt: skip
    shared_by = models.ForeignKey(
        Membership,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text="the membership in which a copy of an organisation was shared; the copy ends with it",
    )
    needs_verified = models.BooleanField(
        default=False, help_text="a copy made while the organisation was verified: it may hold what registers state"
    )
    outcome = EncryptedTextField(
        null=True,
        bound_to=("token_hash",),
        block=4096,
        help_text="version, status and amount of each measure, as JSON, to show next time what changed (上次结果)",
    )
    moved_from = EncryptedTextField(
        null=True,
        bound_to=("token_hash",),
        block=4096,
        help_text="what came out before the last change of an answer, day or place, and which, as JSON (变动前结果)",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=end_of_keeping)

    def __str__(self) -> str:
        return f"{self.pk} {self.as_of}"

    def token_of_copy(self, copy: CheckUp) -> str:
        """The token of a shared copy, derived from the check-up's own; empty where the copy was made before that."""
        token = derive_token(self.token, f"copy:{copy.pk}")
        return token if hash_token(token) == copy.token_hash else ""


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
    value = EncryptedTextField(default="", blank=True, bound_to=("checkup_id", "fact"), block=128)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["checkup", "fact"], name="answered_once")]

    def __str__(self) -> str:
        return f"{self.fact}: {self.state}"
