"""Contracts of tenants (入驻合同): lines with dated prices, what is waived of them, and the deposit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.billing.enums import Bearer, ChargeKind, DepositAct, Unit, WaiverReason
from chuangbao.billing.models.prices import DAYS, ends_after_it_begins
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.localization.formatting import percent
from chuangbao.core.localization.money import MoneyField
from chuangbao.core.models import StoredFile
from chuangbao.tenants.models import Agreement, Tenancy

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.spaces.models import Space

__all__ = ["Contract", "ContractLine", "DepositEntry", "LinePrice"]

MOST_DAYS_TO_PAY = 90


class Contract(models.Model):
    """What a tenant agreed with a space (合同), from a first to a last day, both counted; open without a last.

    ``agreement`` is the confirmed agreement (入驻协议) that it follows from, where there is one.
    """

    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="contracts")
    agreement = models.ForeignKey(
        Agreement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name=_("Agreement of tenancy"),
    )
    number = models.CharField(_("Number of the contract"), max_length=40)
    first = models.DateField(_("From"))
    last = models.DateField(_("Until"), null=True, blank=True)
    days_to_pay = models.PositiveSmallIntegerField(
        _("Days to pay"), default=10, validators=[MaxValueValidator(MOST_DAYS_TO_PAY)]
    )
    deposit = MoneyField(_("Deposit agreed, in yuan"), default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["-first", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenancy", "number"], name="contract_numbered_once"),
            models.CheckConstraint(condition=~Q(number=""), name="contract_has_a_number"),
            models.CheckConstraint(condition=Q(deposit__gte=0), name="deposit_is_not_negative"),
            models.CheckConstraint(condition=Q(days_to_pay__lte=MOST_DAYS_TO_PAY), name="days_to_pay_are_few"),
            ends_after_it_begins("contract_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def charged_until(self) -> date | None:
        """The last day that is charged: of the contract, or of the tenancy where that ended before; None so far."""
        days = [day for day in (self.last, self.tenancy.ended_on) if day is not None]
        return min(days, default=None)

    @property
    def space(self) -> Space:
        """The space that it is with."""
        return self.tenancy.space

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.tenancy.space.region_id


class ContractLine(models.Model):
    """One thing that a contract charges every month (合同收费项): what, by which unit, how much of it."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(_("Kind of charge"), max_length=10, choices=ChargeKind.choices)
    name = models.CharField(_("What it is called"), max_length=80)
    unit = models.CharField(_("Price is"), max_length=6, choices=Unit.choices, default=Unit.MONTH)
    quantity = models.DecimalField(
        _("Quantity"), max_digits=9, decimal_places=2, default=1, validators=[MinValueValidator(Decimal("0.01"))]
    )

    objects = ScopedManager()

    class Meta:
        ordering = ["contract", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "kind", "name"], name="line_called_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_has_a_quantity"),
            models.CheckConstraint(condition=~Q(name=""), name="line_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tenancy(self) -> Tenancy:
        """Whose contract it is of."""
        return self.contract.tenancy

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.contract.region_id


class LinePrice(models.Model):
    """What a line costs (合同单价), from a day to a day, and which share of it is waived (减免), why and borne by whom.

    ``measure`` names the measure of the pack under which a subsidy is given, so that it counts as had (以往所得).
    """

    line = models.ForeignKey(ContractLine, on_delete=models.PROTECT, related_name="prices")
    first = models.DateField(_("From"))
    last = models.DateField(_("Until"), null=True, blank=True)
    price = MoneyField(_("Price in yuan"))
    waived = models.DecimalField(
        _("Share that is waived"),
        max_digits=5,
        decimal_places=4,
        default=0,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    reason = models.CharField(_("Why it is waived"), max_length=10, choices=WaiverReason.choices, blank=True)
    bearer = models.CharField(_("Who bears it"), max_length=10, choices=Bearer.choices, blank=True)
    measure = models.CharField(_("Measure of the subsidy"), max_length=80, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["line", "first", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="line_price_is_not_negative"),
            models.CheckConstraint(condition=Q(waived__gte=0, waived__lte=1), name="waived_is_a_share"),
            models.CheckConstraint(
                condition=Q(waived=0, reason="", bearer="") | (Q(waived__gt=0) & ~Q(reason="") & ~Q(bearer="")),
                name="waived_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(measure="") | Q(reason=WaiverReason.SUBSIDY), name="measure_of_a_subsidy"
            ),
            ends_after_it_begins("line_price_ends_after_it_begins"),
            ExclusionConstraint(
                name="one_price_of_a_line",
                expressions=[("line", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.first} {self.price}"

    @property
    def share_words(self) -> str:
        """The share that is waived, as a percentage."""
        return percent(self.waived)

    @property
    def tenancy(self) -> Tenancy:
        """Whose contract it is of."""
        return self.line.contract.tenancy

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.line.region_id


class DepositEntry(models.Model):
    """What happened to the deposit of a contract (押金记录): taken, kept back with a reason, or returned.

    The money is the tenant's until some of it is kept back; what is kept is income of its month (I74)
    for ``keeper``, who ran the space then.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="deposit_entries")
    keeper = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(_("What happens"), max_length=10, choices=DepositAct.choices)
    amount = MoneyField(_("Amount in yuan"))
    on = models.DateField(_("Day it happened"), default=timezone.localdate)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    proof = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        ordering = ["contract", "on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_entry_is_money"),
            models.CheckConstraint(condition=~Q(act=DepositAct.KEPT) | ~Q(reason=""), name="deposit_kept_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.amount}"

    @property
    def tenancy(self) -> Tenancy:
        """Whose contract it is of."""
        return self.contract.tenancy

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.contract.region_id
