"""Questions to an office (问一问) and what was said in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.models import Region
from chuangbao.core.storage.encryption import EncryptedTextField
from chuangbao.guidance.states import QUESTION, QuestionStage


class Question(models.Model):
    """A question of a founder (问题): who asks, for what place, which office has it now, and until when.

    ``place`` is where the founder is, ``region`` the place whose officers have the question; ``attached`` is the
    token of the shared copy of a check-up, which the founder agreed to show.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=80, blank=True)
    attached = EncryptedTextField(default="", blank=True, bound_to=("person_id",), block=64)
    stage = models.CharField(max_length=12, choices=QuestionStage.choices, default=QuestionStage.OPEN)
    asked_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("Answer until"))

    life = QUESTION
    objects = ScopedManager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["region", "stage", "due_on"], name="question_waiting"),
            models.Index(fields=["person", "asked_at"], name="question_own"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.stage}"

    @property
    def is_overdue(self) -> bool:
        """Whether the office should have answered before today."""
        return self.stage == QuestionStage.OPEN and self.due_on < timezone.localdate()

    def persons_concerned(self) -> frozenset[int]:
        """Return who is party to it: nobody answers their own question."""
        return frozenset({self.person_id})


class Message(models.Model):
    """One thing that was said in a thread (往来): by the founder or by an office."""

    class Kind(models.TextChoices):
        """What was said."""

        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")
        ASK_BACK = "ask_back", _("The office asks")
        REPLY = "reply", _("Reply")
        HAND_ON = "hand_on", _("Handed on")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=200, blank=True, help_text="the agency for which an officer spoke")
    text = EncryptedTextField(bound_to=("question_id",), block=256)
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.question_id} {self.kind}"
