"""Facts as typed rows (事实): a later one never erases an earlier one, and the database holds each to one value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.models import StoredFile
from chuangbao.core.storage.encryption import EncryptedTextField
from chuangbao.facts.enums import FactStage
from chuangbao.facts.models.subjects import Subject

if TYPE_CHECKING:
    from datetime import date
    from typing import ClassVar

    from chuangbao.core.workflow.transitions import Life

VALUES = ("number", "text", "day_value", "flag", "codes", "secret")


class Source(models.TextChoices):
    """Where a fact comes from (来源)."""

    SELF = "self", _("Stated by themselves")  # 本人填报
    PLATFORM = "platform", _("Known from work on this platform")  # 平台办理
    REGISTER = "register", _("From a register")  # 登记系统
    OFFICER = "officer", _("Entered by an officer")  # 工作人员录入


class FactManager(ScopedManager):
    """Leaves encrypted values closed; ``domain.standing.open_values`` reads them and puts the reading on record."""

    def get_queryset(self) -> Any:
        """Everything but the closed values."""
        return super().get_queryset().defer("secret")


class Fact(models.Model):
    """One statement about a subject (事实): its value, the day or period it is about, and who says so.

    ``name`` is the fact's id in the catalogue. A fact that the catalogue calls sensitive (敏感个人信息) has
    its value in ``secret`` alone.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="facts")
    name = models.CharField(max_length=80)
    as_of = models.DateField(null=True)
    period = DateRangeField(null=True)
    number = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    text = models.TextField(null=True)
    day_value = models.DateField(null=True)
    flag = models.BooleanField(null=True)
    codes = ArrayField(models.CharField(max_length=60), null=True)
    secret = EncryptedTextField(null=True, bound_to=("subject_id", "name"), block=64)
    absent = models.BooleanField(default=False, help_text="it is known that there is none")
    source = models.CharField(_("Source"), max_length=10, choices=Source.choices)
    register = models.CharField(_("Register"), max_length=80, blank=True)
    evidence = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Evidence")
    )
    stage = models.CharField(max_length=10, choices=FactStage.choices, default=FactStage.STATED)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    verified_until = models.DateField(_("Verified until"), null=True)

    life: ClassVar[Life]
    objects = FactManager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                "subject",
                "name",
                F("as_of").desc(),
                F("id").desc(),
                condition=~Q(stage="withdrawn"),
                name="fact_in_force",
            ),
            models.Index(fields=["subject", "name", "-id"], name="fact_history"),
            models.Index(fields=["recorded_at"], condition=Q(stage="disputed"), name="fact_disputed"),
            models.Index(fields=["verified_until"], condition=Q(stage="verified"), name="fact_verified_until"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Exact(
                    Func(*map(F, VALUES), function="num_nonnulls", output_field=models.IntegerField()),
                    models.Case(models.When(absent=True, then=Value(0)), default=Value(1)),
                ),
                name="fact_has_one_value_or_is_absent",
            ),
            models.CheckConstraint(
                condition=Q(as_of__isnull=False, period__isnull=True) | Q(as_of__isnull=True, period__isnull=False),
                name="fact_is_about_a_day_or_a_period",
            ),
            models.CheckConstraint(
                condition=~Q(stage="verified") | Q(verified_by__isnull=False, verified_until__isnull=False),
                name="fact_verified_by_somebody_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(source="register") ^ Q(register=""), name="fact_of_a_register_names_it"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} {self.as_of or self.period}"

    def persons_concerned(self) -> frozenset[int]:
        """Who decides nothing about it (回避): everybody who is party to its subject."""
        return self.subject.persons_concerned()

    @property
    def day(self) -> date:
        """The day it is about, or the first of its period."""
        found: date = self.as_of or self.period.lower
        return found

    @property
    def region_id(self) -> str:
        """Where its subject belongs."""
        return self.subject.region_id

    @property
    def from_outside(self) -> bool:
        """Whether a register or an officer says so."""
        return self.source in {Source.REGISTER, Source.OFFICER}
