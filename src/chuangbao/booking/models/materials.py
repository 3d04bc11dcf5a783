"""Materials of a workshop (耗材): what is there, and every movement of it."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.booking.enums import StockAct
from chuangbao.booking.models.bookings import Booking
from chuangbao.booking.models.venues import Venue
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.localization.money import MoneyField
from chuangbao.core.localization.name_search import parts_of

__all__ = ["Material", "StockEntry"]


class Material(models.Model):
    """Something that is used up in a venue (耗材): its price by the unit, and how much of it is there.

    Quantities are in its ``unit``, to the hundredth.
    ``stock`` is a counter: it changes only with an entry of the ledger, behind the lock of the row, and is never
    less than nothing. At ``low`` and less it stands on the workbench, never where that is empty.
    """

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="materials")
    name = models.CharField(_("Name of the material"), max_length=80)
    unit = models.CharField(_("Counted in"), max_length=12)
    price = MoneyField(_("Price for one in yuan"), default=Decimal(0))
    stock = models.DecimalField(_("In stock"), max_digits=10, decimal_places=2, default=Decimal(0))
    low = models.DecimalField(_("Order more at"), max_digits=10, decimal_places=2, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)
    parts = parts_of("name")

    objects = ScopedManager()

    class Meta:
        ordering = ["venue_id", "name", "pk"]
        indexes = [
            models.Index(fields=["venue"], condition=Q(retired_at=None, stock__lte=F("low")), name="material_to_order"),
            GinIndex(fields=["parts"], name="material_parts"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(unit=""), name="material_has_a_name"),
            models.CheckConstraint(condition=Q(stock__gte=0), name="material_never_below_nothing"),
            models.CheckConstraint(condition=Q(price__gte=0) & ~Q(low__lt=0), name="material_in_bounds"),
            models.UniqueConstraint(fields=["venue", "name"], condition=Q(retired_at=None), name="material_named_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def organization_id(self) -> int:
        """Whose venue it is in."""
        return self.venue.organization_id

    @property
    def is_low(self) -> bool:
        """Whether more is to be ordered."""
        return self.low is not None and self.retired_at is None and self.stock <= self.low


class StockEntry(models.Model):
    """One movement of a material (出入库流水): received, taken, given back or counted; never changed, never deleted.

    ``change`` is what it adds to the stock, ``stock_after`` what is there then. What was taken has its price and its
    ``amount`` in yuan, and for whom; giving it back is a row of its own that names what it ``reverses``.
    """

    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="entries")
    act = models.CharField(max_length=9, choices=StockAct.choices)
    change = models.DecimalField(max_digits=10, decimal_places=2)
    stock_after = models.DecimalField(max_digits=10, decimal_places=2)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, related_name="taken_materials")
    for_organization = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    price = MoneyField(default=Decimal(0))
    amount = MoneyField(default=Decimal(0))
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["material", "-at"], name="stock_entry_of"),
            models.Index(fields=["for_organization", "at"], name="stock_entry_for"),
            models.Index(fields=["person", "at"], name="stock_entry_by"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(stock_after__gte=0), name="stock_entry_never_below_nothing"),
            models.CheckConstraint(
                condition=Q(act=StockAct.TAKE, change__lt=0)
                | Q(act__in=[StockAct.RECEIVE, StockAct.GIVE_BACK], change__gt=0)
                | Q(act=StockAct.COUNT),
                name="stock_entry_goes_its_way",
            ),
            models.CheckConstraint(
                condition=Q(act=StockAct.GIVE_BACK) ^ Q(reverses__isnull=True), name="stock_entry_gives_back_one"
            ),
            models.CheckConstraint(condition=Q(price__gte=0, amount__gte=0), name="stock_entry_priced"),
        ]

    def __str__(self) -> str:
        return f"{self.material_id} {self.act} {self.change}"

    @property
    def organization_id(self) -> int:
        """Whose venue it is in."""
        return self.material.venue.organization_id

    @property
    def quantity(self) -> Decimal:
        """How much was moved."""
        return abs(self.change)
