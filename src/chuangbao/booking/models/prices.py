"""What an hour costs whom (分组价格), what is free each month (免费时长), and what a booking was priced at."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.booking.enums import HolderGroup, RateDays, ResourceKind
from chuangbao.booking.models.bookings import Booking
from chuangbao.booking.models.hours import DAY
from chuangbao.booking.models.resources import Resource
from chuangbao.booking.models.venues import Venue
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.localization.money import MoneyField

__all__ = ["Allowance", "AllowanceUse", "Quote", "QuotePart", "Rate"]


def days_held() -> Func:
    """Return the days on which a row holds, both ends included; PostgreSQL takes no end as for good."""
    return Func(F("first"), F("last"), Value("[]"), function="daterange", output_field=DateRangeField())


class Rate(models.Model):
    """What an hour of a resource costs a group of holders, from a day on (分组价格).

    It is for one ``resource``, all of a ``kind``, or all of the venue; for one ``group``, or everybody where that is
    empty; on some days, between two times of the day in minutes since midnight. What is said more closely goes before
    what is said for all. A rate is never changed: it ends, and another begins, so that a booking names what it went by.
    """

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="rates")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, null=True, related_name="rates")
    kind = models.CharField(_("Kind of resource"), max_length=12, choices=ResourceKind.choices, blank=True)
    group = models.CharField(_("Whom it is for"), max_length=9, choices=HolderGroup.choices, blank=True)
    days = models.CharField(_("On which days"), max_length=5, choices=RateDays.choices, default=RateDays.EVERY)
    opens = models.PositiveSmallIntegerField(default=0)
    closes = models.PositiveSmallIntegerField(default=DAY)
    price_per_hour = MoneyField(_("Price per hour in yuan"))
    first = models.DateField(_("Holds from"), default=timezone.localdate)
    last = models.DateField(_("Last day"), null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["venue_id", "kind", "resource_id", "group", "-first", "opens", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(price_per_hour__gte=0), name="rate_not_negative"),
            models.CheckConstraint(
                condition=Q(opens__gte=0, opens__lt=F("closes"), closes__lte=DAY), name="rate_of_a_day"
            ),
            models.CheckConstraint(condition=Q(last=None) | Q(last__gte=F("first")), name="rate_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(resource=None) | Q(kind=""), name="rate_of_one_or_a_kind"),
            ExclusionConstraint(
                name="rate_said_once",
                expressions=[
                    ("venue", RangeOperators.EQUAL),
                    (Coalesce("resource", 0), RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("group", RangeOperators.EQUAL),
                    ("days", RangeOperators.EQUAL),
                    ("opens", RangeOperators.EQUAL),
                    ("closes", RangeOperators.EQUAL),
                    (days_held(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.venue_id} {self.group} {self.price_per_hour} {self.first}"

    @property
    def organization_id(self) -> int:
        """Whose venue it is."""
        return self.venue.organization_id


class Allowance(models.Model):
    """So many minutes are free each month for each holder of a group (每月免费时长), in whole months."""

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="allowances")
    kind = models.CharField(_("Kind of resource"), max_length=12, choices=ResourceKind.choices, blank=True)
    group = models.CharField(_("Whom it is for"), max_length=9, choices=HolderGroup.choices)
    minutes = models.PositiveIntegerField(_("Free minutes each month"))
    first = models.DateField(_("First month"))
    last = models.DateField(_("Last month"), null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["venue_id", "group", "kind", "-first", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1), name="allowance_is_some"),
            models.CheckConstraint(
                condition=Q(first__day=1) & (Q(last=None) | Q(last__day=1, last__gte=F("first"))),
                name="allowance_of_whole_months",
            ),
            ExclusionConstraint(
                name="allowance_said_once",
                expressions=[
                    ("venue", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("group", RangeOperators.EQUAL),
                    (days_held(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.venue_id} {self.group} {self.minutes}"

    @property
    def organization_id(self) -> int:
        """Whose venue it is."""
        return self.venue.organization_id


class AllowanceUse(models.Model):
    """How much of an allowance one holder has used in a month (已用免费时长); PostgreSQL keeps it in bounds."""

    allowance = models.ForeignKey(Allowance, on_delete=models.PROTECT, related_name="uses")
    for_organization = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    month = models.DateField()
    granted = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)

    objects = ScopedManager()

    class Meta:
        ordering = ["allowance", "month", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(used__gte=0, used__lte=F("granted")), name="allowance_never_overdrawn"),
            models.CheckConstraint(condition=Q(month__day=1), name="allowance_used_in_a_month"),
            models.CheckConstraint(
                condition=Q(for_organization__isnull=True) ^ Q(person__isnull=True), name="allowance_of_one"
            ),
            models.UniqueConstraint(
                fields=["allowance", "for_organization", "person", "month"],
                nulls_distinct=False,
                name="allowance_counted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.allowance_id} {self.month} {self.used}/{self.granted}"


class Quote(models.Model):
    """How the price of a booking was worked out (计价说明), kept as it was when it was booked or moved.

    ``free_minutes`` are those that were taken from an allowance of ``granted`` minutes, of which ``left`` were left
    before; ``is_given_back`` since the booking was cancelled, so that they can be used again.
    """

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="quote")
    group = models.CharField(_("Whom it is for"), max_length=9, choices=HolderGroup.choices)
    use = models.ForeignKey(AllowanceUse, on_delete=models.SET_NULL, null=True, related_name="quotes")
    granted = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    free_minutes = models.PositiveIntegerField(default=0)
    is_given_back = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["booking"]
        constraints = [
            models.CheckConstraint(
                condition=Q(free_minutes__lte=F("left"), left__lte=F("granted")), name="quote_within_allowance"
            )
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.group} {self.free_minutes}"


class QuotePart(models.Model):
    """Some minutes of a booking at one price by the hour (计价分段): yuan to the cent; the parts make its price."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="parts")
    rate = models.ForeignKey(Rate, on_delete=models.PROTECT, null=True, related_name="+")
    starts = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    free = models.PositiveIntegerField(default=0)
    price_per_hour = MoneyField()
    amount = MoneyField()

    class Meta:
        ordering = ["quote", "starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, free__lte=F("minutes"), amount__gte=0), name="quote_part_adds_up"
            )
        ]

    def __str__(self) -> str:
        return f"{self.quote_id} {self.minutes} {self.amount}"
