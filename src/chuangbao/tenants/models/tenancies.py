"""A tenancy (入驻) of a firm or team in a space, and the cohort (批次) that it entered with."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.spaces.models import Space
from chuangbao.tenants.enums import BEGUN, OPEN, EndCause, Entry, FounderOrigin, Industry, TeamKind, TenancyStage

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Cohort", "Team", "Tenancy"]

LARGEST_AREA = Decimal(100_000)


class Team(models.Model):
    """A party without a licence (创业团队, 微商): its leader speaks for it, until a firm is founded."""

    name = models.CharField(_("Name of the team"), max_length=120)
    kind = models.CharField(_("Kind of team"), max_length=8, choices=TeamKind.choices, default=TeamKind.TEAM)
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    members = models.PositiveSmallIntegerField(
        _("Members, the leader included"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(9999)],
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["leader", "name"], name="team_named_once"),
            models.CheckConstraint(condition=~Q(name=""), name="team_has_a_name"),
            models.CheckConstraint(condition=Q(members__gte=1), name="team_has_a_member"),
        ]

    def __str__(self) -> str:
        return self.name


class Cohort(models.Model):
    """Tenants of a space who enter together (批次)."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="cohorts")
    name = models.CharField(_("Name of the cohort"), max_length=80)
    starts_on = models.DateField(_("Begins on"), null=True, blank=True)
    ends_on = models.DateField(_("Ends on"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["space", F("starts_on").desc(nulls_last=True), "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["space", "name"], name="cohort_named_once"),
            models.CheckConstraint(condition=~Q(name=""), name="cohort_has_a_name"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="cohort_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tenancy(models.Model):
    """A firm or team in a space (入驻), entered on its own application and left by its own decision (1.2.8).

    A virtual tenant (虚拟入驻, 2.1.5) has no desk and no room, and is in no figure of areas. ``firm_since`` is the day
    from which it counts as a firm (I10): its first day, or the day on which its team founded one. ``revision`` counts
    the changes, so that two who change it at once are seen. ``entry`` tells what its operator entered for a tenant of
    before (补录) from what the tenant asked for; until the tenant confirms it, it is in no figure.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="tenancies")
    organization = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="tenancies")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="tenancies")
    founded_by = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    cohort = models.ForeignKey(Cohort, on_delete=models.SET_NULL, null=True, related_name="tenancies")
    is_virtual = models.BooleanField(_("Virtual: without a desk"), default=False)
    origin = models.CharField(
        _("Where the founders come from"), max_length=10, choices=FounderOrigin.choices, default=FounderOrigin.OTHER
    )
    industry = models.CharField(
        _("Industry of the tenant"), max_length=12, choices=Industry.choices, blank=True, default=""
    )
    project = models.CharField(_("What you do or plan"), max_length=1000)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    desks = models.PositiveSmallIntegerField(_("Desks"), null=True, validators=[MaxValueValidator(9999)])
    area = models.DecimalField(
        _("Area in m²"),
        max_digits=8,
        decimal_places=2,
        null=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(LARGEST_AREA)],
    )
    stage = models.CharField(max_length=10, choices=TenancyStage.choices, default=TenancyStage.APPLIED)
    entry = models.CharField(max_length=10, choices=Entry.choices, default=Entry.APPLIED)
    applied_at = models.DateTimeField(default=timezone.now)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    admitted_on = models.DateField(_("Admitted on"), null=True)
    starts_on = models.DateField(_("First day in the space"), null=True)
    firm_since = models.DateField(_("Counts as a firm since"), null=True)
    term_ends_on = models.DateField(_("Term ends on"), null=True)
    ended_on = models.DateField(_("Last day in the space"), null=True)
    end_cause = models.CharField(max_length=8, choices=EndCause.choices, blank=True)
    end_reason = models.CharField(_("Reason"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["-applied_at", "-pk"]
        indexes = [
            models.Index(fields=["space", "stage", "-applied_at"], name="tenancy_board"),
            models.Index(fields=["organization", "stage"], name="tenancy_of_firm"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=True) ^ Q(team__isnull=True), name="tenancy_of_a_firm_or_team"
            ),
            models.UniqueConstraint(
                fields=["space", "organization"], condition=Q(stage__in=OPEN), name="tenancy_of_firm_open_once"
            ),
            models.UniqueConstraint(
                fields=["space", "team"], condition=Q(stage__in=OPEN), name="tenancy_of_team_open_once"
            ),
            models.CheckConstraint(
                condition=Q(is_virtual=False) | Q(desks__isnull=True, area__isnull=True),
                name="tenancy_virtual_has_no_room",
            ),
            models.CheckConstraint(condition=Q(area__isnull=True) | Q(area__gte=0), name="tenancy_area_counts"),
            models.CheckConstraint(
                condition=~Q(stage__in=BEGUN) | Q(starts_on__isnull=False), name="tenancy_begun_with_a_day"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=OPEN) | Q(ended_on__isnull=False),
                name="tenancy_ended_with_a_day",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")),
                name="tenancy_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(term_ends_on__isnull=True)
                | Q(term_ends_on__gte=F("starts_on")),
                name="tenancy_term_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(firm_since__isnull=True)
                | Q(organization__isnull=False, starts_on__isnull=False, firm_since__gte=F("starts_on")),
                name="tenancy_firm_since_it_is_one",
            ),
            models.CheckConstraint(
                condition=~Q(entry=Entry.STATED) | Q(starts_on__isnull=False), name="tenancy_entered_with_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(stage=TenancyStage.ENDED) | ~Q(end_cause=""), name="tenancy_cause_of_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.space}"

    @property
    def name(self) -> str:
        """The name of the firm or team."""
        return str(self.organization or self.team or "")

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.stage in OPEN

    @property
    def is_term_over(self) -> bool:
        """Whether it goes on although the term of its agreement is over."""
        return self.is_open and self.term_ends_on is not None and self.term_ends_on < timezone.localdate()

    @property
    def is_stated(self) -> bool:
        """Whether its operator entered it and its tenant has not confirmed it."""
        return self.entry == Entry.STATED

    @property
    def is_firm(self) -> bool:
        """Whether the party is an organisation with an account."""
        return self.organization_id is not None

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.space.region_id

    @property
    def applied_on(self) -> date:
        """The day of the application in the province."""
        return timezone.localdate(self.applied_at)
