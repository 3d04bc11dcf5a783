"""What colleagues say about a text, and what a person has typed and not saved yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager

__all__ = ["ReviewComment", "WorkingCopy"]


class ReviewComment(models.Model):
    """What colleagues say about a version or a document, about the whole or one part of it (审核意见).

    It begins a thread, or answers the comment that began one; a thread is settled (已处理) and opened again as a whole.
    """

    version = models.ForeignKey("policies.MeasureVersion", on_delete=models.PROTECT, null=True, related_name="comments")
    condition = models.CharField(max_length=80, blank=True)
    document = models.ForeignKey(
        "policies.RegisteredDocument", on_delete=models.PROTECT, null=True, related_name="comments"
    )
    clause = models.ForeignKey(
        "policies.RegisteredClause", on_delete=models.SET_NULL, null=True, related_name="comments"
    )
    place = models.CharField(max_length=120, blank=True, help_text="how the clause was cited when it was written")
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    text = models.TextField(_("Comment"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "policies"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="comment_on_one_text", condition=Q(version__isnull=True) ^ Q(document__isnull=True)
            ),
            models.CheckConstraint(
                name="comment_settled_by_somebody", condition=Q(settled_by__isnull=True) ^ Q(settled_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.text


class WorkingCopy(models.Model):
    """What a person has typed into a draft and not saved yet (暂存): theirs alone, gone when the draft is saved."""

    version = models.ForeignKey("policies.MeasureVersion", on_delete=models.CASCADE, related_name="copies")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content = models.TextField()
    revision = models.PositiveIntegerField()
    kept_at = models.DateTimeField(auto_now=True)

    objects = ScopedManager()

    class Meta:
        app_label = "policies"
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="one_copy_each")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.person_id}"
