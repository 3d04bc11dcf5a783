"""What one person puts forward and another decides (双人): a row for each proposal, kept after it was decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ProposalStage(models.TextChoices):
    """The states of a proposal (提请状态): open, confirmed, declined, withdrawn."""

    OPEN = "open", _("Waits for a second person")  # 待复核
    CONFIRMED = "confirmed", _("Confirmed")  # 已同意
    DECLINED = "declined", _("Turned down")  # 未同意
    WITHDRAWN = "withdrawn", _("Taken back")  # 已撤回


class Proposal(models.Model):
    """One act that needs two persons (提请), put forward by the first; PostgreSQL refuses one who confirms their own.

    ``kind`` and ``object_id`` name the row as the record does; ``data`` holds ids, days and codes.
    """

    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=60, help_text="app_label.model of the row it is about")
    object_id = models.BigIntegerField()
    region = models.CharField(max_length=12, blank=True)
    data = models.JSONField(default=dict, blank=True)
    reason = models.TextField()
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    stage = models.CharField(max_length=10, choices=ProposalStage.choices, default=ProposalStage.OPEN)
    decider = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "verb"],
                condition=models.Q(stage=ProposalStage.OPEN),
                name="proposed_once_at_a_time",
            ),
            models.CheckConstraint(
                name="confirmed_by_a_second_person",
                condition=~models.Q(stage__in=[ProposalStage.CONFIRMED, ProposalStage.DECLINED])
                | models.Q(decider__isnull=False) & ~models.Q(decider=models.F("proposer")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind}:{self.object_id} {self.stage}"

    def persons_concerned(self) -> frozenset[int]:
        """Who does not decide it (双人): the person who proposed it."""
        return frozenset({self.proposer_id})
