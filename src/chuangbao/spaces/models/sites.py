"""Where a space is: a site (场地) with its point, its way there and its areas by use."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.booking.models import Venue
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.engine.regions import full_address
from chuangbao.core.models import Region
from chuangbao.core.models.points import degrees_field
from chuangbao.spaces.models.spaces import Space

__all__ = ["AREAS", "PARTS", "Site"]

PARTS = ("office_area", "tenant_area", "service_area", "other_area")
"""I02, I03, I04 and I05 of the Torch statistics (火炬统计)."""
AREAS = ("total_area", *PARTS)
LARGEST = Decimal(10_000_000)


def area(label: Any) -> Any:
    """A column of an area in m², not known at first."""
    return models.DecimalField(
        label,
        max_digits=11,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(LARGEST)],
    )


class Site(models.Model):
    """A site (场地) of a space: address, point, way there, and areas by use in m²: I01 = I02 + I03 + I04 + I05.

    The areas are all known or none. A site that was given up stays, with its last day. What can be booked there
    hangs on its venue (场所).
    """

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(_("Name of the site"), max_length=80, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Region"))
    address = models.CharField(_("Street address"), max_length=200)
    latitude = degrees_field(_("Latitude"), most=90)
    longitude = degrees_field(_("Longitude"), most=180)
    route = models.CharField(_("How to get there"), max_length=300, blank=True)
    total_area = area(_("Area in use, in all"))  # I01 使用总面积
    office_area = area(_("Offices of the operator"))  # I02 办公用房面积
    tenant_area = area(_("Rooms of tenants"))  # I03 在孵企业用房面积
    service_area = area(_("Public services"))  # I04 公共服务用房面积
    other_area = area(_("Other area"))  # I05 其他面积
    is_main = models.BooleanField(default=False)
    venue = models.OneToOneField(Venue, on_delete=models.PROTECT, null=True, related_name="site")
    since = models.DateField(_("In use since"), default=timezone.localdate)
    until = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=0)

    objects = ScopedManager()

    class Meta:
        ordering = ["space", "-is_main", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["space"], condition=Q(is_main=True, until__isnull=True), name="space_has_one_main_site"
            ),
            models.CheckConstraint(condition=~Q(address=""), name="site_has_an_address"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="site_has_a_whole_point",
            ),
            models.CheckConstraint(
                condition=Q(**{f"{name}__isnull": True for name in AREAS})
                | Q(
                    total_area=F("office_area") + F("tenant_area") + F("service_area") + F("other_area"),
                    **{f"{name}__gte": 0 for name in PARTS},
                ),
                name="site_areas_add_up",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="site_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.address

    @property
    def full_address(self) -> str:
        """The address with the province, the city and the district before the street."""
        return full_address(self.region_id, self.address)

    @property
    def point(self) -> str:
        """The point on the map as an address of one has it; empty where none is known."""
        return "" if self.latitude is None else f"{self.latitude},{self.longitude}"
