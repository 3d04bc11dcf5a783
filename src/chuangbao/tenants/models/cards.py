"""The yearly card of a tenant (在孵企业年度卡片): asked once a year, for the statistics of its space."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.tenants.enums import Round
from chuangbao.tenants.models.tenancies import Tenancy

__all__ = ["KINDS_HELD", "MOST_YUAN", "YearCard"]

MOST_YUAN = Decimal(10) ** 12
MOST_COUNT = 99_999


def yuan(label: Any, *, least: Decimal | None = Decimal(0)) -> Any:
    """A column of an amount in yuan, to the cent; empty where it is not known."""
    bounds: list[Any] = [MaxValueValidator(MOST_YUAN)] + ([] if least is None else [MinValueValidator(least)])
    return models.DecimalField(label, max_digits=15, decimal_places=2, null=True, blank=True, validators=bounds)


def count(label: Any) -> Any:
    """A column of a number of people or things; empty where it is not known."""
    return models.PositiveIntegerField(label, null=True, blank=True, validators=[MaxValueValidator(MOST_COUNT)])


KINDS_HELD = ("inventions_held", "models_held", "designs_held", "software_held", "layouts_held", "varieties_held")
"""The six kinds of intellectual property that the statistics tell apart."""


def kinds_within() -> Q:
    """Hold the kinds within the whole where one is given: Σ ≤ I42."""
    kinds = [Coalesce(F(name), 0) for name in KINDS_HELD]
    return Q(rights_held__isnull=True) | Q(rights_held__gte=sum(kinds[1:], start=kinds[0]))


class YearCard(models.Model):
    """What a tenant says of a year; what the catalogue of facts knows is stated there as well, and asked nowhere else.

    Amounts are yuan. Codes are those of the Torch statistics (火炬统计).
    """

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="cards")
    year = models.PositiveSmallIntegerField(_("Year"))
    staff = count(_("People at work at the end of the year"))  # I20
    college_staff = count(_("of them with a college degree"))  # I21
    graduates_hired = count(_("Graduates of the year hired"))  # I23
    revenue = yuan(_("Revenue of the year"))  # I30
    profit = yuan(_("Net profit of the year"), least=-MOST_YUAN)  # I31
    taxes = yuan(_("Taxes paid in the year"))  # I32
    research = yuan(_("Spent on research and development"))  # I34
    rights_filed = count(_("Intellectual property filed in the year"))  # I40
    rights_granted = count(_("Intellectual property granted in the year"))  # I41
    rights_held = count(_("Intellectual property held"))  # I42
    inventions_held = count(_("of them invention patents"))  # I43
    models_held = count(_("of them utility models"))
    designs_held = count(_("of them designs"))
    software_held = count(_("of them copyrights in software"))  # I44
    layouts_held = count(_("of them layouts of integrated circuits"))  # I45
    varieties_held = count(_("of them new plant varieties"))  # I46
    financing = yuan(_("Investment received in the year"))  # I51
    financing_round = models.CharField(
        _("Round of the last investment"), max_length=8, choices=Round.choices, blank=True
    )
    financed_on = models.DateField(_("Day of the last investment"), null=True, blank=True)
    is_high_tech = models.BooleanField(_("High-tech enterprise with a valid certificate"), default=False)  # I18
    is_tech_sme = models.BooleanField(_("Technology SME with a number of the year"), default=False)  # I19
    honours = models.CharField(_("Honours of the year"), max_length=300, blank=True)
    filled_at = models.DateTimeField(default=timezone.now)
    filled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        ordering = ["tenancy", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["tenancy", "year"], name="card_of_a_year_once"),
            models.CheckConstraint(
                condition=Q(college_staff__isnull=True) | Q(staff__gte=F("college_staff")), name="card_college_within"
            ),
            models.CheckConstraint(
                condition=Q(inventions_held__isnull=True) | Q(rights_held__gte=F("inventions_held")),
                name="card_inventions_within",
            ),
            models.CheckConstraint(condition=kinds_within(), name="card_kinds_within"),
        ]

    def __str__(self) -> str:
        return f"{self.tenancy_id} {self.year}"
