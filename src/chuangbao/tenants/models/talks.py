"""A talk (洽谈) with an applicant: when and where, and what the operator noted of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.tenants.models.tenancies import Tenancy

__all__ = ["Talk"]


class Talk(models.Model):
    """An appointment with an applicant (洽谈预约); the applicant reads when and where, not the note."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="talks")
    at = models.DateTimeField(_("When"))
    place = models.CharField(_("Where, or by which telephone"), max_length=200)
    note = models.TextField(_("Note of the talk"), max_length=2000, blank=True)
    arranged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(place=""), name="talk_has_a_place")]

    def __str__(self) -> str:
        return f"{self.tenancy_id} {self.at:%Y-%m-%d %H:%M}"
