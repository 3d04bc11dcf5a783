"""What belongs to the end of a tenancy: grounds of graduation (毕业依据) and the hand-over list (交接清单)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.tenants.enums import Finding, Ground, HandoverItem
from chuangbao.tenants.models.tenancies import Tenancy

__all__ = ["GraduationGround", "Handover"]


class GraduationGround(models.Model):
    """A ground on which a tenant graduated, what shows it, and what the facts said of it on that day."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="grounds")
    ground = models.CharField(_("Ground"), max_length=1, choices=Ground.choices)
    evidence = models.CharField(_("What shows it"), max_length=300)
    finding = models.CharField(max_length=10, choices=Finding.choices, default=Finding.UNKNOWN)

    objects = ScopedManager()

    class Meta:
        ordering = ["tenancy", "ground"]
        constraints = [
            models.UniqueConstraint(fields=["tenancy", "ground"], name="graduation_ground_once"),
            models.CheckConstraint(condition=~Q(evidence=""), name="graduation_ground_is_shown"),
        ]

    def __str__(self) -> str:
        return f"{self.tenancy_id} {self.ground}"


class Handover(models.Model):
    """One line of the hand-over list of a tenancy that ended, and when it was done; either side ticks it."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="handovers")
    item = models.CharField(max_length=10, choices=HandoverItem.choices)
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        ordering = ["tenancy", "pk"]
        constraints = [models.UniqueConstraint(fields=["tenancy", "item"], name="handover_item_once")]

    def __str__(self) -> str:
        return f"{self.tenancy_id} {self.item}"
