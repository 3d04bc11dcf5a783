"""What a tenant reaches and receives: milestones (里程碑), coaching and other services (服务记录)."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.tenants.enums import MilestoneKind, ServiceLine, ServiceStage
from chuangbao.tenants.models.tenancies import Tenancy

__all__ = ["MOST_HOURS", "Milestone", "Service"]

MOST_HOURS = Decimal(24)


class Milestone(models.Model):
    """Something that a tenant wants to reach (里程碑), until when, and the day on which it was reached."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(_("Kind of milestone"), max_length=10, choices=MilestoneKind.choices)
    title = models.CharField(_("In your own words"), max_length=200)
    due_on = models.DateField(_("Until"), null=True, blank=True)
    reached_on = models.DateField(_("Reached on"), null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["reached_on", "due_on", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="milestone_has_a_title")]

    def __str__(self) -> str:
        return self.title


class Service(models.Model):
    """A service that a tenant received (服务记录), coaching among them; the tenant confirms or disputes it.

    Only what is confirmed counts. ``hours`` are hours with the tenant; coaching has them.
    """

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="services")
    kind = models.CharField(_("Kind of service"), max_length=10, choices=ServiceLine.choices)
    given_on = models.DateField(_("Given on"))
    hours = models.DecimalField(
        _("Hours with the tenant"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(MOST_HOURS)],
    )
    provider = models.CharField(_("Who gave it"), max_length=120)
    about = models.CharField(_("What it was about"), max_length=500, blank=True)
    stage = models.CharField(max_length=10, choices=ServiceStage.choices, default=ServiceStage.LOGGED)
    answer = models.CharField(_("What is wrong"), max_length=300, blank=True)
    logged_at = models.DateTimeField(default=timezone.now)
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        ordering = ["-given_on", "-pk"]
        indexes = [models.Index(fields=["tenancy", "stage"], name="service_of_tenancy")]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0, hours__lte=MOST_HOURS), name="service_hours_of_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(kind=ServiceLine.COACHING) | Q(hours__isnull=False), name="service_coaching_has_hours"
            ),
            models.CheckConstraint(condition=~Q(provider=""), name="service_given_by_someone"),
        ]

    def __str__(self) -> str:
        return f"{self.tenancy_id} {self.kind} {self.given_on}"

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.tenancy.region_id
