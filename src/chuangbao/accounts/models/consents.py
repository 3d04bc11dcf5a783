"""What people have agreed to (同意记录): which text, in which version, on which day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from chuangbao.core.access.row_access import ScopedManager


class Consent(models.Model):
    """A person has agreed to one version of a text (同意); a row is never changed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents")
    document = models.CharField(max_length=20)
    version = models.DateField(help_text="the day of the text")
    given_at = models.DateTimeField(default=timezone.now)
    language = models.CharField(max_length=10, help_text="the language it was read in")

    objects = ScopedManager()

    class Meta:
        ordering = ["-given_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["person", "document", "version"], name="agreed_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.document} {self.version}"
