"""A space (众创空间), who runs it and has run it, and handing it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField, RangeBoundary
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.accounts.models.offices import read_phones
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.localization.name_search import parts_of
from chuangbao.core.models import Region
from chuangbao.spaces.enums import ChainStage, SpaceKind, SpaceStage, TransferStage

if TYPE_CHECKING:
    from datetime import date

__all__ = ["DAYS_HELD", "Following", "Operatorship", "Space", "Transfer"]

DAYS_HELD = models.Func(
    "since", "until", RangeBoundary(inclusive_upper=True), function="daterange", output_field=DateRangeField()
)


class Space(models.Model):
    """A space (众创空间) that its operator registered (登记): public from the first moment, with no permission before.

    It keeps its row when it is handed on (移交): what hangs on it, such as tenants and letters, goes on. A space that
    is merged (并入) names where it went. ``revision`` counts the changes, so that two who change it at once are seen.
    """

    name = models.CharField(_("Name of the space"), max_length=120)
    kind = models.CharField(_("Kind of space"), max_length=12, choices=SpaceKind.choices)
    chain = models.CharField(_("Stage in the chain"), max_length=12, choices=ChainStage.choices, blank=True)
    industry = models.CharField(_("Industry that it specialises in"), max_length=60, blank=True)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="spaces")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Region"))
    opened_on = models.DateField(_("Opened on"), null=True, blank=True)
    introduction = models.TextField(_("Introduction"), max_length=2000, blank=True)
    phone = models.CharField(_("Telephone of the desk"), max_length=60, blank=True)
    email = models.EmailField(_("E-mail of the desk"), blank=True)
    website = models.URLField(_("Web page"), max_length=300, blank=True)
    hours = models.CharField(_("Opening hours"), max_length=120, blank=True)
    stage = models.CharField(max_length=8, choices=SpaceStage.choices, default=SpaceStage.OPEN)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged_from")
    ended_on = models.DateField(null=True)
    closes_on = models.DateField(_("Last day"), null=True, help_text="announced; the operator then closes it")
    closing_reason = models.CharField(_("Why it closes"), max_length=300, blank=True)
    sounds = models.TextField(blank=True, help_text="pinyin and initials of the name")
    revision = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    parts = parts_of("name")

    objects = ScopedManager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["region", "kind"], name="space_place"),
            models.Index(fields=["name", "id"], name="space_order"),
            GinIndex(fields=["parts"], name="space_parts"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "name"], condition=Q(stage=SpaceStage.OPEN), name="space_registered_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="space_has_a_name"),
            models.CheckConstraint(
                condition=Q(stage=SpaceStage.OPEN) | Q(ended_on__isnull=False), name="space_ended_with_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(stage=SpaceStage.MERGED) | Q(merged_into__isnull=False), name="space_merged_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="space_merged_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phones(self) -> list[dict[str, str]]:
        """Each number of the desk as people read it, and as a telephone dials it."""
        return read_phones(self.phone)

    @property
    def registered_on(self) -> date:
        """The day of registering (登记) in the province."""
        return timezone.localdate(self.created_at)

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.stage == SpaceStage.OPEN

    @property
    def is_closing(self) -> bool:
        """Whether it goes on, and its last day is announced."""
        return self.is_open and self.closes_on is not None

    def persons_concerned(self) -> frozenset[int]:
        """Who decides nothing about it (回避): those who are party to its operator."""
        return self.operator.persons_concerned()


class Operatorship(models.Model):
    """An organisation ran a space during some days (运营主体变更记录); one at a time."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="operatorships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ["space", "since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["space"], condition=Q(until__isnull=True), name="space_run_by_one"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="operatorship_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space_id} {self.organisation_id} {self.since}–{self.until or ''}"


class Transfer(models.Model):
    """An operator offers a space to another organisation (移交), which accepts or not."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="transfers")
    giver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("Note to the other organisation"), max_length=300, blank=True)
    stage = models.CharField(max_length=10, choices=TransferStage.choices, default=TransferStage.OFFERED)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    offered_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["space"], condition=Q(stage=TransferStage.OFFERED), name="space_offered_once"
            ),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="transfer_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.space_id} {self.giver_id}→{self.receiver_id}"

    @property
    def offered_on(self) -> date:
        """The day of the offer in the province."""
        return timezone.localdate(self.offered_at)

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.space.region_id


class Following(models.Model):
    """A person wants to hear when a space closes, moves or changes hands (关注)."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="followings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [models.UniqueConstraint(fields=["space", "person"], name="space_followed_once")]

    def __str__(self) -> str:
        return f"{self.space_id} {self.person_id}"
