"""Payments (收款): what came in, with its proof, and which statements it is for. No money moves here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.billing.enums import PaymentWay
from chuangbao.billing.models.statements import Statement
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.localization.money import MoneyField
from chuangbao.core.models import StoredFile
from chuangbao.tenants.models import Tenancy

__all__ = ["Payment", "PaymentShare"]


class Payment(models.Model):
    """A payment that came in outside this system and is on record here (收款登记), with its proof.

    A wrong one is reversed by a row of its own with the other sign. What no statement of the same payee needs is
    credit (预存余额) with it: a space that is handed on does not take the money of its former operator along.
    """

    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="payments")
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("Paid to"))
    amount = MoneyField(_("Amount in yuan"))
    paid_on = models.DateField(_("Paid on"))
    way = models.CharField(_("How it was paid"), max_length=10, choices=PaymentWay.choices)
    proof = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Proof")
    )
    digest = models.CharField(max_length=64, blank=True, help_text="of the proof, so that one slip counts once")
    note = models.CharField(_("Remark"), max_length=200, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["-paid_on", "-pk"]
        indexes = [models.Index(fields=["tenancy", "-paid_on"], name="payment_of_tenant")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, amount__gt=0, proof__isnull=False)
                | Q(reverses__isnull=False, amount__lt=0),
                name="payment_with_proof_or_reversal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paid_on} {self.amount}"

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.tenancy.space.region_id


class PaymentShare(models.Model):
    """How much of a payment is for a statement (收款分配); taken back by a row with the other sign."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="shares")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="shares")
    amount = MoneyField()
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["payment", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="share_is_money")]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.amount}"
