"""Addresses of calendars (日历订阅地址): each is the key to the bookings of one person, or of one resource."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from chuangbao.booking.models.resources import Resource
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.access.tokens import KeyedByAddress

__all__ = ["Feed"]


class Feed(KeyedByAddress):
    """A secret address under which a calendar program reads bookings (日历订阅); making another ends it."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    resource = models.OneToOneField(Resource, on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(resource__isnull=True), name="feed_of_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id or ''} {self.resource_id or ''}"
