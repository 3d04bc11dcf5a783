"""Policies find people (政策找企业): each pass over everybody, its figures, and who is entitled."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.models import Job
from chuangbao.facts.models import Subject


class PopulationRun(models.Model):
    """One pass (批量判定): the day it asks for, what it was judged by, and what came out.

    How far it is says its job; ``finished_at`` is set with the figures, in one transaction.
    """

    day = models.DateField(_("Day"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, related_name="run")
    pack = models.CharField(max_length=64, blank=True, help_text="digest of the measures, the register's included")
    snapshot = models.CharField(max_length=64, blank=True, help_text="digest of the facts")
    versions = models.JSONField(default=list)
    rules = models.JSONField(default=dict, help_text="the fingerprint of each version's text")
    facts = models.PositiveBigIntegerField(default=0)
    sealed = models.PositiveBigIntegerField(default=0)
    subjects = models.PositiveBigIntegerField(default=0)
    pairs = models.PositiveBigIntegerField(default=0)
    rejudged = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    gained = models.PositiveBigIntegerField(default=0)
    lost = models.PositiveBigIntegerField(default=0)
    altered = models.PositiveBigIntegerField(default=0)
    told = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        app_label = "policies"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class RunPart(models.Model):
    """A part of everybody that a run has judged (分区); a run that broke off goes on after the last of them."""

    run = models.ForeignKey(PopulationRun, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    subjects = models.PositiveIntegerField()
    pairs = models.PositiveIntegerField()
    rejudged = models.PositiveIntegerField()
    seconds = models.FloatField()
    totals = models.JSONField()
    worth = models.JSONField()

    class Meta:
        app_label = "policies"
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="run_part_once")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number}"


class RunFound(models.Model):
    """A subject that a running pass has found, until it is finished; written by COPY, without the checks of a key."""

    run_id = models.BigIntegerField()
    number = models.IntegerField()
    subject_id = models.BigIntegerField()
    region = models.CharField(max_length=12)
    measure = models.CharField(max_length=120)
    version = models.CharField(max_length=120)
    status = models.CharField(max_length=8)
    cents = models.DecimalField(max_digits=38, decimal_places=0, null=True)
    payable = models.DecimalField(max_digits=38, decimal_places=0, null=True)
    decided_by = models.CharField(max_length=80)

    class Meta:
        app_label = "policies"
        ordering = ["pk"]
        indexes = [models.Index(fields=["run_id", "number"], name="run_found_part")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.subject_id} {self.measure}"


class Entitlement(models.Model):
    """A subject is entitled to a measure, or one condition away (应享): since which run, and until which."""

    class Status(models.TextChoices):
        """Only what an office looks for is kept of everybody."""

        ELIGIBLE = "eligible", _("Entitled")  # 应享
        NEAR = "near", _("One condition away")  # 差一步

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="entitlements")
    region = models.CharField(max_length=12, blank=True)
    measure = models.CharField(max_length=120)
    version = models.CharField(max_length=120)
    status = models.CharField(max_length=8, choices=Status.choices)
    cents = models.DecimalField(max_digits=38, decimal_places=0, null=True)
    payable = models.DecimalField(max_digits=38, decimal_places=0, null=True, help_text="cents that ceilings leave")
    decided_by = models.CharField(max_length=80, blank=True)
    since = models.ForeignKey(PopulationRun, on_delete=models.PROTECT, related_name="begun")
    gone = models.ForeignKey(PopulationRun, on_delete=models.PROTECT, null=True, related_name="ended")
    corrected = models.BooleanField(
        default=False, db_default=False, help_text="it ended since the version had been wrong (更正)"
    )

    objects = ScopedManager()

    class Meta:
        app_label = "policies"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["measure", "status", "region"], condition=Q(gone=None), name="entitled_now"),
            models.Index(fields=["status", "region"], condition=Q(gone=None), name="entitled_now_there"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject", "measure"], condition=Q(gone=None), name="entitled_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.measure} {self.status}"


class RunTotal(models.Model):
    """What a run found of one version in one county; ``version`` is empty where the measure is no longer in force."""

    run = models.ForeignKey(PopulationRun, on_delete=models.CASCADE, related_name="totals")
    region = models.CharField(max_length=12, blank=True)
    measure = models.CharField(max_length=120)
    version = models.CharField(max_length=120, blank=True)
    eligible = models.PositiveBigIntegerField(default=0)
    near = models.PositiveBigIntegerField(default=0)
    undetermined = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    cents = models.DecimalField(max_digits=38, decimal_places=0, default=0)
    payable = models.DecimalField(max_digits=38, decimal_places=0, default=0, help_text="cents that ceilings leave")
    gained = models.PositiveBigIntegerField(default=0)
    lost = models.PositiveBigIntegerField(default=0)

    objects = ScopedManager()

    class Meta:
        app_label = "policies"
        ordering = ["run", "measure", "version", "region"]
        constraints = [models.UniqueConstraint(fields=["run", "measure", "version", "region"], name="run_total_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.version} {self.region}"


class RunWorth(models.Model):
    """What a fact that is missing would decide in one county (缺失事实的价值)."""

    run = models.ForeignKey(PopulationRun, on_delete=models.CASCADE, related_name="worth")
    region = models.CharField(max_length=12, blank=True)
    fact = models.CharField(max_length=80)
    subjects = models.PositiveBigIntegerField(default=0)
    pairs = models.PositiveBigIntegerField(default=0)
    alone = models.PositiveBigIntegerField(default=0)
    cents = models.DecimalField(max_digits=38, decimal_places=0, default=0)

    objects = ScopedManager()

    class Meta:
        app_label = "policies"
        ordering = ["run", "fact", "region"]
        constraints = [models.UniqueConstraint(fields=["run", "fact", "region"], name="run_worth_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.fact} {self.region}"


class Reason(models.TextChoices):
    """Why an entitlement is not wanted (放弃原因)."""

    HAVE_IT = "have_it", _("We have it already")
    NOT_TRUE = "not_true", _("What is known of us is not right")
    TOO_SMALL = "too_small", _("It is not worth the work")
    TOO_HARD = "too_hard", _("The papers are too much for us")
    LATER = "later", _("Not this year")
    OTHER = "other", _("Another reason")


class Offer(models.Model):
    """That a subject was notified of an entitlement (告知), once; and that it is not for them, with the reason."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="offers")
    measure = models.CharField(max_length=120)
    run = models.ForeignKey(PopulationRun, on_delete=models.PROTECT, null=True, related_name="offers")
    told_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("Your reason"), max_length=10, choices=Reason.choices, blank=True)

    objects = ScopedManager()

    class Meta:
        app_label = "policies"
        ordering = ["pk"]
        indexes = [models.Index(fields=["measure"], name="offers_of_a_measure")]
        constraints = [
            models.UniqueConstraint(fields=["subject", "measure"], name="told_of_a_measure_once"),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True, reason="") | (Q(declined_at__isnull=False) & ~Q(reason="")),
                name="declined_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.measure}"
