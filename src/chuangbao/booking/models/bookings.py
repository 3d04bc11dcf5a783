"""Bookings (预约): who has what when, and what PostgreSQL holds of it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.booking.enums import HOLDING, BookingStage
from chuangbao.booking.models.resources import Resource
from chuangbao.booking.models.series import Series
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.localization.money import MoneyField

__all__ = ["FOREIGN", "Booking", "Busy"]

FOREIGN = "ics"
"""The reason of what an imported calendar says."""


class Booking(models.Model):
    """A resource is held for a person, or an organisation that they act for, during a time (预约).

    ``blocked`` is the time with what is needed to prepare before and to clear up after; ``place`` is which of the
    places of a shared resource. The two never overlap for bookings that hold, by a constraint of PostgreSQL.
    """

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="bookings")
    place = models.PositiveSmallIntegerField(default=1)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    for_organization = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    starts = models.DateTimeField(_("Starts"))
    ends = models.DateTimeField(_("To"))
    blocked = DateTimeRangeField()
    stage = models.CharField(max_length=12, choices=BookingStage.choices, default=BookingStage.CONFIRMED)
    purpose = models.CharField(_("What for"), max_length=120, blank=True)
    people = models.PositiveSmallIntegerField(_("How many people"), default=1)
    price = MoneyField(_("Price in yuan"), null=True)
    created_at = models.DateTimeField(default=timezone.now)
    checked_in_at = models.DateTimeField(null=True)
    series = models.ForeignKey(Series, on_delete=models.SET_NULL, null=True, related_name="bookings")
    is_moved = models.BooleanField(default=False, help_text="moved by itself, so that edits of its series keep it")

    objects = ScopedManager()

    class Meta:
        ordering = ["starts", "pk"]
        constraints = [
            ExclusionConstraint(
                name="booking_never_doubled",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    ("blocked", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(stage__in=HOLDING),
            ),
            models.CheckConstraint(condition=models.Q(starts__lt=models.F("ends")), name="booking_ends_after_start"),
            models.CheckConstraint(condition=models.Q(place__gte=1, people__gte=1), name="booking_has_a_place"),
        ]
        indexes = [
            models.Index(fields=["person", "starts"], name="booking_of_person"),
            models.Index(fields=["for_organization", "starts"], name="booking_of_organization"),
            models.Index(fields=["resource", "starts"], name="booking_of_resource"),
            models.Index(
                fields=["ends"],
                condition=models.Q(stage__in=[BookingStage.CONFIRMED, BookingStage.IN_USE]),
                name="booking_to_finish",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.starts:%Y-%m-%d %H:%M} {self.stage}"

    @property
    def organization_id(self) -> int:
        """Whose venue it is in."""
        return self.resource.venue.organization_id

    @property
    def is_held(self) -> bool:
        """Whether it holds its time."""
        return self.stage in HOLDING


class Busy(models.Model):
    """A time at which a resource cannot be booked, though no booking holds it (占用): closed off, or used elsewhere."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="busy")
    period = DateTimeRangeField()
    reason = models.CharField(_("Reason"), max_length=120, blank=True)

    class Meta:
        ordering = ["resource", "period", "pk"]
        indexes = [GistIndex(fields=["resource", "period"], name="busy_period")]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.period}"

    @property
    def reason_words(self) -> str:
        """The reason, in words."""
        return str(_("imported calendar")) if self.reason == FOREIGN else self.reason
