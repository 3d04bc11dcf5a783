"""Venues (场所): where things can be booked."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.engine.regions import full_address
from chuangbao.core.localization.name_search import parts_of
from chuangbao.core.models import Region

__all__ = ["ZONE", "Venue"]

ZONE = "Asia/Shanghai"


class Venue(models.Model):
    """A place of an organisation with things to book (场所); a closed one stays, for the record."""

    organization = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="venues")
    name = models.CharField(_("Name of the venue"), max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Region"))
    address = models.CharField(_("Address of the venue"), max_length=200)
    directions = models.CharField(_("How to get there"), max_length=400, blank=True)
    zone = models.CharField(max_length=40, default=ZONE, help_text="time zone of its opening hours")
    offer_minutes = models.PositiveIntegerField(
        _("Minutes to accept an offer"), default=120, help_text="how long what became free is held for the next in line"
    )
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    last_day = models.DateField(null=True, help_text="announced: no time after it is given, and it closes then")
    parts = parts_of("name")

    objects = ScopedManager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["organization", "name"], name="venue_of"),
            models.Index(fields=["region"], condition=models.Q(is_open=True), name="venue_place"),
            GinIndex(fields=["parts"], name="venue_parts"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="venue_has_a_name"),
            models.CheckConstraint(condition=models.Q(offer_minutes__gte=1), name="venue_offers_a_while"),
            models.CheckConstraint(
                condition=models.Q(is_open=True, closed_at__isnull=True)
                | models.Q(is_open=False, closed_at__isnull=False),
                name="venue_closed_at_a_moment",
            ),
            models.UniqueConstraint(
                fields=["organization", "name"], condition=models.Q(is_open=True), name="venue_named_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_address(self) -> str:
        """The address with the province, the city and the district before the street."""
        return full_address(self.region_id, self.address)

    @property
    def clock(self) -> ZoneInfo:
        """The time zone of its opening hours."""
        return ZoneInfo(self.zone)
