"""Simulations (政策模拟): a measure, up to four changed copies of it, and what came of judging a population by each."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.localization.money import MoneyField
from chuangbao.core.models import Job, Region

MOST_VARIANTS = 4


class Turn(models.TextChoices):
    """In which order a budget is spent (受理次序)."""

    ARRIVAL = "arrival", _("In the order of the population, as applications would come in")  # 先到先得
    SMALLEST = "smallest", _("The smallest amounts first, so that most are served")  # 金额由小到大


class Simulation(models.Model):
    """A question of policy (模拟), with its inputs, so that it can be run again; ``result`` is of the last run.

    Versions are named by their ids: a published version never changes.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("Name of the simulation"), max_length=120)
    measure = models.CharField(max_length=120)
    version = models.CharField(max_length=120)
    day = models.DateField(_("Day that is asked about"))
    budget = MoneyField(_("Budget in yuan"), null=True, blank=True)
    turn = models.CharField(_("Who comes first"), max_length=10, choices=Turn.choices, default=Turn.ARRIVAL)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    department = models.CharField(max_length=80)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    result = models.JSONField(null=True)
    ran_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        app_label = "policies"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["region", "department"], name="simulation_agency")]
        constraints = [
            models.CheckConstraint(
                name="simulation_budget_is_money", condition=Q(budget__isnull=True) | Q(budget__gte=0)
            ),
            models.CheckConstraint(
                name="simulation_result_has_a_day", condition=Q(result__isnull=True) | Q(ran_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SimulationVariant(models.Model):
    """One changed copy (方案): a version of the measure, what is changed in it, and perhaps a day of its own."""

    simulation = models.ForeignKey(Simulation, on_delete=models.CASCADE, related_name="variants")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("Name of the variant"), max_length=60)
    version = models.CharField(max_length=120)
    day = models.DateField(_("Day that is asked about"), null=True, blank=True)
    changes = models.JSONField(default=dict, blank=True)

    class Meta:
        app_label = "policies"
        ordering = ["simulation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["simulation", "number"], name="variant_number_once"),
            models.CheckConstraint(name="four_variants_at_most", condition=Q(number__gte=1, number__lte=MOST_VARIANTS)),
        ]

    def __str__(self) -> str:
        return self.name
