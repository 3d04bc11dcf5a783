"""Series (系列预约): the same thing again and again, as bookings of their own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from chuangbao.accounts.models import Organisation
from chuangbao.booking.enums import Repeat
from chuangbao.booking.models.resources import Resource
from chuangbao.core.access.row_access import ScopedManager

__all__ = ["Series"]


class Series(models.Model):
    """What bookings of a series have in common (系列预约); ``until`` is the last day on which one may begin."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    for_organization = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    repeat = models.CharField(max_length=12, choices=Repeat.choices)
    until = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.repeat} {self.until}"
