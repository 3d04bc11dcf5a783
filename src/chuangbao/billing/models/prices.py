"""The price list of a space (价目表): dated, so that what was said on a day can be read later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.billing.enums import ChargeKind, Unit
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.localization.money import MoneyField
from chuangbao.spaces.models import Space

if TYPE_CHECKING:
    from datetime import date

__all__ = ["DAYS", "PriceItem", "ends_after_it_begins", "holds_on"]

DAYS = models.Func(
    "first", "last", RangeBoundary(inclusive_upper=True), function="daterange", output_field=DateRangeField()
)
"""From the first to the last day, both counted; without an end where there is no last one."""


def ends_after_it_begins(name: str) -> Any:
    """Return the constraint that a last day is not before the first."""
    return models.CheckConstraint(condition=Q(last__isnull=True) | Q(last__gte=F("first")), name=name)


def holds_on(day: date, path: str = "") -> Q:
    """Rows that hold on a day."""
    return Q(**{f"{path}first__lte": day}) & (Q(**{f"{path}last__isnull": True}) | Q(**{f"{path}last__gte": day}))


class PriceItem(models.Model):
    """What a space asks for something (价目), from a day to a day; contracts copy it, so that they keep their price."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="price_items")
    kind = models.CharField(_("Kind of charge"), max_length=10, choices=ChargeKind.choices)
    name = models.CharField(_("What it is called"), max_length=80)
    unit = models.CharField(_("Price is"), max_length=6, choices=Unit.choices, default=Unit.MONTH)
    price = MoneyField(_("Price in yuan"))
    first = models.DateField(_("From"), default=timezone.localdate)
    last = models.DateField(_("Until"), null=True, blank=True)
    is_public = models.BooleanField(_("Everybody may see it"), default=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["space", "kind", "name", "-first", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="price_is_not_negative"),
            models.CheckConstraint(condition=~Q(name=""), name="price_has_a_name"),
            ends_after_it_begins("price_ends_after_it_begins"),
            ExclusionConstraint(
                name="one_price_at_a_time",
                expressions=[
                    ("space", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.space.region_id
