"""Who may book what is not open to everybody (准入)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from chuangbao.accounts.models import Organisation
from chuangbao.booking.models.resources import Resource
from chuangbao.booking.models.venues import Venue
from chuangbao.core.access.row_access import ScopedManager

__all__ = ["AccessPass"]


class AccessPass(models.Model):
    """An organisation or a person is a tenant of a venue, or on the list of one resource of it (准入).

    It holds from the day it is given to ``ends_on``, that day included; for good where that is empty.
    """

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="passes")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, null=True, related_name="passes")
    for_organization = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    begins_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["venue", "pk"]
        indexes = [
            models.Index(fields=["for_organization", "venue"], name="pass_of_organization"),
            models.Index(fields=["person", "venue"], name="pass_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(for_organization__isnull=True) ^ models.Q(person__isnull=True),
                name="pass_for_one",
            ),
            models.UniqueConstraint(
                fields=["venue", "resource", "for_organization", "person"], nulls_distinct=False, name="pass_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.venue_id} {self.resource_id or ''}"
