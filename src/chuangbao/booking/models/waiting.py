"""Places in line (候补): who waits for which time, and the offer that was made."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.booking.enums import ResourceKind
from chuangbao.booking.models.bookings import Booking
from chuangbao.booking.models.resources import Resource
from chuangbao.booking.models.venues import Venue
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.workflow.waiting import IN_LINE, PlaceInLine

__all__ = ["Waiting"]


class Waiting(PlaceInLine):
    """A person waits for a resource, or for any of a kind in a venue (候补).

    ``window`` is when it may begin and must end, ``minutes`` how long it is; of one exact time both are the same.
    A person waits once for what is the same: two windows that overlap are refused by a constraint of PostgreSQL.
    """

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("Kind of resource"), max_length=12, choices=ResourceKind.choices)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, null=True, related_name="+")
    for_organization = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    window = DateTimeRangeField()
    minutes = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    people = models.PositiveSmallIntegerField(_("How many people"), default=1)
    purpose = models.CharField(_("What for"), max_length=120, blank=True)
    booking = models.OneToOneField(Booking, on_delete=models.SET_NULL, null=True, related_name="place_in_line")

    objects = ScopedManager()

    class Meta:
        ordering = ["-priority", "joined_at", "pk"]
        constraints = [
            ExclusionConstraint(
                name="waiting_once_for_the_same",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("venue", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (Coalesce("resource", 0), RangeOperators.EQUAL),
                    ("window", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(stage__in=IN_LINE),
            ),
            models.CheckConstraint(condition=models.Q(minutes__gte=1, people__gte=1), name="waiting_for_some_time"),
            models.CheckConstraint(
                condition=~models.Q(stage="offered") | models.Q(offer_until__isnull=False),
                name="waiting_offered_until",
            ),
        ]
        indexes = [
            models.Index(
                fields=["venue", "kind", "-priority", "joined_at"],
                condition=models.Q(stage="waiting"),
                name="waiting_in_line",
            ),
            models.Index(fields=["offer_until"], condition=models.Q(stage="offered"), name="waiting_to_lapse"),
            models.Index(fields=["person", "-joined_at"], name="waiting_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.venue_id} {self.kind} {self.window}"

    @property
    def organization_id(self) -> int:
        """Whose venue it is."""
        return self.venue.organization_id

    @property
    def length(self) -> timedelta:
        """How long the time is that is waited for."""
        return timedelta(minutes=self.minutes)

    @property
    def is_exact(self) -> bool:
        """Whether it is one time, and not any start in a window."""
        return bool(self.window.upper - self.window.lower == self.length)
