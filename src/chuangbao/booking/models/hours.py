"""Opening hours (开放时间): by kind of day, and exceptions by date."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangbao.booking.models.resources import Resource
from chuangbao.booking.models.venues import Venue
from chuangbao.core.access.row_access import ScopedManager

__all__ = ["DAY", "DayKind", "HoursException", "OpeningHours"]

DAY = 1440
"""Minutes of a day; hours are kept as minutes since midnight, so that a day can end at 24:00."""


class DayKind(models.IntegerChoices):
    """Which days an opening time is for; statutory days and working weekends (调休) are days of their own."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")
    HOLIDAY = 8, _("Public holiday")  # 法定节假日
    EXCHANGED = 9, _("Working weekend")  # 调休上班日


def between_midnights() -> models.Q:
    """From before to after, within one day."""
    return models.Q(opens__gte=0, opens__lt=models.F("closes"), closes__lte=DAY)


class OpeningHours(models.Model):
    """A time of one kind of day at which a venue is open, or one resource of it where that has hours of its own."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="hours")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, null=True, related_name="hours")
    day = models.PositiveSmallIntegerField(choices=DayKind.choices)
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["venue", "resource", "day", "opens"]
        indexes = [
            models.Index(fields=["day", "opens"], condition=models.Q(resource=None), name="hours_opening_first"),
            models.Index(fields=["day", "closes"], condition=models.Q(resource=None), name="hours_closing_last"),
        ]
        constraints = [models.CheckConstraint(condition=between_midnights(), name="opening_hours_of_a_day")]

    def __str__(self) -> str:
        return f"{self.venue_id} {self.day} {self.opens}-{self.closes}"


class HoursException(models.Model):
    """Days on which a venue is closed, or open at another time (临时开放时间); it goes before the weekly hours."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="exceptions")
    days = DateRangeField()
    opens = models.PositiveSmallIntegerField(null=True)
    closes = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=120, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["venue", "days", "pk"]
        indexes = [GistIndex(fields=["venue", "days"], name="hours_exception_days")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True) | between_midnights(),
                name="exception_hours_of_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.venue_id} {self.days}"
