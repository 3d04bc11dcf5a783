"""The agreement (入驻协议) of an operator and a tenant: a text that never changes, confirmed by both."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.spaces.models import Space
from chuangbao.tenants.enums import AgreementStage
from chuangbao.tenants.models.tenancies import Tenancy

__all__ = ["Agreement"]


class Agreement(models.Model):
    """An agreement (入驻协议), numbered by space and year; ``content`` is the whole text, ``content_hash`` its SHA-256.

    Who confirmed, when, and the hash of what they had before them say that both mean the same text. Another
    agreement renews the term (续签); the one confirmed last holds.
    """

    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="agreements")
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("Number of the agreement"), max_length=24, unique=True)
    year = models.PositiveSmallIntegerField()
    place_in_year = models.PositiveIntegerField()
    starts_on = models.DateField(_("First day in the space"))
    term_ends_on = models.DateField(_("Term ends on"))
    content = models.TextField()
    content_hash = models.CharField(max_length=64)
    stage = models.CharField(max_length=8, choices=AgreementStage.choices, default=AgreementStage.OFFERED)
    offered_at = models.DateTimeField(default=timezone.now)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["space", "year", "place_in_year"], name="agreement_numbered_once"),
            models.UniqueConstraint(
                fields=["tenancy"], condition=Q(stage=AgreementStage.OFFERED), name="agreement_waits_once"
            ),
            models.CheckConstraint(condition=~Q(content=""), name="agreement_says_something"),
            models.CheckConstraint(
                condition=Q(term_ends_on__gte=F("starts_on")), name="agreement_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(stage=AgreementStage.SIGNED) | Q(signed_at__isnull=False),
                name="agreement_signed_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.space.region_id
