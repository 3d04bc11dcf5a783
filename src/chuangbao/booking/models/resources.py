"""Resources (资源): desks, rooms, machines and what else can be booked."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.booking.enums import SHARED, Audience, ResourceKind
from chuangbao.booking.models.trainings import TrainingKind
from chuangbao.booking.models.venues import Venue
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.localization.money import MoneyField
from chuangbao.core.localization.name_search import parts_of

__all__ = ["Resource"]


class Resource(models.Model):
    """Something of a venue that can be booked (资源), with its rules; times are in minutes.

    ``capacity`` is how many people a room takes, and of shared kinds how many can be had at once: ``places`` is
    that number, 1 for every other kind; ``area`` is the code of the venue's region, which the search goes by.
    ``cancel_minutes`` before its start a booking can no longer be cancelled; ``no_show_minutes`` after its start one
    without check-in is released, never where it is empty.
    """

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="resources")
    kind = models.CharField(_("Kind of resource"), max_length=12, choices=ResourceKind.choices)
    name = models.CharField(_("Name of the resource"), max_length=120)
    floor = models.CharField(_("Floor"), max_length=20, blank=True)
    door = models.CharField(_("Door"), max_length=40, blank=True)
    capacity = models.PositiveSmallIntegerField(_("Capacity"), default=1, validators=[MinValueValidator(1)])
    places = models.PositiveSmallIntegerField(default=1, editable=False)
    features = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("Equipment"))
    audience = models.CharField(_("Open to"), max_length=8, choices=Audience.choices, default=Audience.PUBLIC)
    needs_approval = models.BooleanField(_("Bookings wait for approval"), default=False)
    buffer_before = models.PositiveSmallIntegerField(_("Minutes to prepare before"), default=0)
    buffer_after = models.PositiveSmallIntegerField(_("Minutes to clear up after"), default=0)
    notice_minutes = models.PositiveIntegerField(_("Book at least minutes ahead"), default=0)
    cancel_minutes = models.PositiveIntegerField(_("Cancel at least minutes ahead"), default=0)
    max_minutes = models.PositiveIntegerField(_("Longest booking in minutes"), null=True, blank=True)
    slot_minutes = models.PositiveSmallIntegerField(_("Begins and ends on steps of minutes"), default=30)
    horizon_days = models.PositiveSmallIntegerField(_("Book at most days ahead"), default=180)
    no_show_minutes = models.PositiveSmallIntegerField(_("Released without check-in after minutes"), null=True)
    weekly_minutes = models.PositiveIntegerField(_("At most minutes a week for each person"), null=True)
    training = models.ForeignKey(
        TrainingKind, on_delete=models.PROTECT, null=True, related_name="resources", verbose_name=_("Training needed")
    )
    price_per_hour = MoneyField(_("Price per hour in yuan"), null=True)
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)
    area = models.CharField(max_length=12, editable=False, default="")
    parts = parts_of("name")

    objects = ScopedManager()

    class Meta:
        ordering = ["venue", "name", "pk"]
        indexes = [
            models.Index(fields=["venue", "kind"], name="resource_of"),
            models.Index(fields=["kind", "capacity", "id"], condition=models.Q(retired_at=None), name="resource_need"),
            models.Index(fields=["capacity", "id"], condition=models.Q(retired_at=None), name="resource_size"),
            models.Index(fields=["area", "capacity", "id"], condition=models.Q(retired_at=None), name="resource_area"),
            models.Index(
                fields=["area", "kind", "capacity", "id"],
                condition=models.Q(retired_at=None),
                name="resource_kind_in_area",
            ),
            GinIndex(fields=["features"], condition=models.Q(retired_at=None), name="resource_features"),
            GinIndex(fields=["parts"], name="resource_parts"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="resource_has_a_name"),
            models.CheckConstraint(condition=models.Q(capacity__gte=1, places__gte=1), name="resource_has_room"),
            models.CheckConstraint(
                condition=models.Q(slot_minutes__gte=5, slot_minutes__lte=1440), name="resource_slot_fits_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(price_per_hour__isnull=True) | models.Q(price_per_hour__gte=0),
                name="resource_price_not_negative",
            ),
            models.UniqueConstraint(
                fields=["venue", "name"], condition=models.Q(retired_at=None), name="resource_named_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        """Whether several bookings may hold it at once."""
        return self.kind in SHARED

    @property
    def organization_id(self) -> int:
        """Whose venue it is in."""
        return self.venue.organization_id

    @property
    def way(self) -> str:
        """Floor and door as one line."""
        return " · ".join(part for part in (self.floor, self.door) if part)
