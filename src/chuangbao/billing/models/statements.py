"""Statements (账单) and the charges on them: numbered without gaps, never changed, reversed by rows of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.billing.enums import Bearer, ChargeKind, StatementStage, Unit, WaiverReason
from chuangbao.billing.models.contracts import ContractLine
from chuangbao.booking.models import Booking, StockEntry
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.localization.money import MoneyField
from chuangbao.spaces.models import Space
from chuangbao.tenants.models import Tenancy

if TYPE_CHECKING:
    from typing import ClassVar

    from chuangbao.core.workflow.transitions import Life

__all__ = ["Charge", "ChargePart", "Reminder", "Statement"]


class Statement(models.Model):
    """What a space asks of a tenant for a month (账单), numbered by space and year without gaps.

    It keeps the names of both sides as they were. It is revoked or replaced, never changed or deleted; its charges
    are then reversed by rows of their own, and what was paid on it is free again as credit (预存余额).
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="statements")
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="statements")
    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    payer = models.CharField(_("Payer"), max_length=120)
    month = models.DateField(_("Month"))
    year = models.PositiveSmallIntegerField()
    place_in_year = models.PositiveIntegerField()
    number = models.CharField(_("Number of the statement"), max_length=24, unique=True)
    issued_on = models.DateField(_("Issued on"), default=timezone.localdate)
    due_on = models.DateField(_("Due on"))
    gross = MoneyField(_("Full price"))
    waived = MoneyField(_("Waived"))
    total = MoneyField(_("Amount due"))
    stage = models.CharField(max_length=10, choices=StatementStage.choices, default=StatementStage.ISSUED)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(_("Why it ended"), max_length=300, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    life: ClassVar[Life]
    objects = ScopedManager()

    class Meta:
        ordering = ["-month", "-pk"]
        indexes = [
            models.Index(fields=["space", "stage", "due_on"], name="statement_overview"),
            models.Index(fields=["tenancy", "-month"], name="statement_of_tenant"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["space", "year", "place_in_year"], name="statement_numbered_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="statement_of_a_month"),
            models.CheckConstraint(condition=Q(due_on__gte=F("issued_on")), name="statement_due_after_it_is_issued"),
            models.CheckConstraint(
                condition=Q(total__gte=0, waived__gte=0, gross=F("total") + F("waived")), name="statement_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(stage=StatementStage.ISSUED) | Q(ended_on__isnull=False), name="statement_ended_with_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.space.region_id


class Charge(models.Model):
    """One thing that is charged (收费记录): a contract line for a month, a booking, or material; in yuan.

    A line and month, a booking, or what was taken at once, is charged once. A reversal (冲销) is a row of its own that
    names what it reverses and has its amounts with the other sign; then the same can be charged again, as the next
    ``run``. What was given back after it was charged is taken off a later statement (抵扣): a row with the other sign
    that names which charge it ``credits``, all of it or as much as that statement has room for.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="charges")
    line = models.ForeignKey(ContractLine, on_delete=models.PROTECT, null=True, related_name="charges")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, related_name="charges")
    take = models.ForeignKey(StockEntry, on_delete=models.PROTECT, null=True, related_name="charges")
    run = models.PositiveSmallIntegerField(default=0)
    month = models.DateField()
    kind = models.CharField(_("Kind of charge"), max_length=10, choices=ChargeKind.choices)
    name = models.CharField(_("What it is called"), max_length=200)
    gross = MoneyField(_("Full price"))
    waived = MoneyField(_("Waived"))
    amount = MoneyField(_("Amount due"))
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    credits = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="credited_by")
    posted_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["statement", "pk"]
        indexes = [models.Index(fields=["month", "kind"], name="charge_by_month")]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "month", "run"], condition=Q(reverses__isnull=True), name="line_charged_once_a_month"
            ),
            models.UniqueConstraint(
                fields=["booking", "run"], condition=Q(reverses__isnull=True), name="booking_charged_once"
            ),
            models.UniqueConstraint(
                fields=["take", "run"],
                condition=Q(reverses__isnull=True, credits__isnull=True),
                name="take_charged_once",
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=False, booking=None, take=None)
                | Q(line=None, booking__isnull=False, take=None)
                | Q(line=None, booking=None, take__isnull=False),
                name="charge_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(gross=F("amount") + F("waived")), name="charge_adds_up"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, credits=None, gross__gte=0, waived__gte=0, amount__gte=0)
                | Q(reverses__isnull=False, credits=None, gross__lte=0, waived__lte=0, amount__lte=0)
                | Q(reverses__isnull=True, credits__isnull=False, take__isnull=False, amount__lt=0, waived=0)
                | Q(reverses__isnull=False, credits__isnull=False, amount__gt=0, waived=0),
                name="charge_or_reversal",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="charge_of_a_month"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tenancy(self) -> Tenancy:
        """Who is charged."""
        return self.statement.tenancy


class ChargePart(models.Model):
    """The arithmetic of a charge (计算过程): a price for some days of the month, and what is waived of it."""

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="parts")
    first = models.DateField()
    last = models.DateField()
    days = models.PositiveSmallIntegerField()
    month_days = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=6, choices=Unit.choices)
    quantity = models.DecimalField(max_digits=9, decimal_places=2)
    price = MoneyField()
    gross = MoneyField()
    share = models.DecimalField(max_digits=5, decimal_places=4, default=0)
    waived = MoneyField()
    reason = models.CharField(max_length=10, choices=WaiverReason.choices, blank=True)
    bearer = models.CharField(max_length=10, choices=Bearer.choices, blank=True)
    measure = models.CharField(max_length=80, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["charge", "first", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="part_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(waived__gte=0, waived__lte=F("gross")), name="part_waives_a_part"),
        ]

    def __str__(self) -> str:
        return f"{self.charge_id} {self.first} {self.gross}"


class Reminder(models.Model):
    """The payer of a statement was reminded (催缴提醒), so many days after it was due; before that day if negative."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="reminders")
    step = models.SmallIntegerField()
    sent_on = models.DateField(default=timezone.localdate)
    open_amount = MoneyField()

    objects = ScopedManager()

    class Meta:
        ordering = ["statement", "sent_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["statement", "step"], name="reminded_once_a_step")]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.sent_on}"
