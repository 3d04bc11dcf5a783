"""Offices where things are done (办事机构、窗口): public, kept by the officers of the area."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models.organisations import Organisation
from chuangbao.accounts.states import OFFICE, OfficeStage
from chuangbao.core.models import Region
from chuangbao.core.models.points import degrees_field

GOOD_FOR = timedelta(days=180)
"""How long a confirmation holds; then the keeper is asked again."""
TELEPHONE = RegexValidator(
    r"^[0-9][0-9 \-+()（）转、;；,，]{2,59}$", _("Write digits, such as 0431-12345678; several are parted by “、”.")
)


class Office(models.Model):
    """An office (办事机构) of one department in one place: where, when, how to reach it.

    ``seed`` says which entry of the pack it began as; ``revision`` counts the changes by people, so that two who
    change it at once are seen.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Region"))
    department = models.CharField(_("Department"), max_length=40)
    name = models.CharField(_("Name"), max_length=120)
    name_en = models.CharField(_("Name in English"), max_length=160, blank=True)
    does = models.CharField(_("What is done there"), max_length=300, blank=True)
    does_en = models.CharField(max_length=300, blank=True)
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="offices")
    address = models.CharField(_("Street address"), max_length=200, blank=True)
    latitude = degrees_field(_("Latitude"), most=90)
    longitude = degrees_field(_("Longitude"), most=180)
    hours = models.CharField(_("Hours"), max_length=120, blank=True)
    phone = models.CharField(_("Telephone"), max_length=60, blank=True, validators=[TELEPHONE])
    online = models.CharField(_("Online entrance"), max_length=80, blank=True)
    online_en = models.CharField(max_length=120, blank=True)
    online_address = models.URLField(_("Address of the online entrance"), max_length=300, blank=True)
    stage = models.CharField(max_length=12, choices=OfficeStage.choices, default=OfficeStage.UNCONFIRMED)
    confirmed_on = models.DateField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    seed = models.CharField(max_length=60, unique=True, null=True)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    life = OFFICE

    class Meta:
        ordering = ["region", "department", "pk"]
        indexes = [models.Index(fields=["region", "department"], name="office_place")]
        constraints = [
            models.CheckConstraint(
                name="office_confirmed_with_a_day",
                condition=~Q(stage=OfficeStage.CONFIRMED) | Q(confirmed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="office_has_a_whole_point",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.in_language("name")

    def in_language(self, field: str) -> str:
        """Return a text in the reader's language, the Chinese one where there is no other."""
        english = (get_language() or "").startswith("en")
        return (getattr(self, f"{field}_en") if english else "") or getattr(self, field)

    @property
    def what(self) -> str:
        """What it does, in the reader's language."""
        return self.in_language("does")

    @property
    def entrance(self) -> str:
        """The name of the online entrance, in the reader's language."""
        return self.in_language("online")

    @property
    def phones(self) -> list[dict[str, str]]:
        """Each number as people read it, and as a telephone dials it (to the extension)."""
        return read_phones(self.phone)

    @property
    def point(self) -> str:
        """The point on the map as an address of one has it; empty where none is known."""
        return "" if self.latitude is None else f"{self.latitude},{self.longitude}"

    @property
    def is_reachable(self) -> bool:
        """Whether anything says how to reach it."""
        return bool(self.address or self.phone or self.online or self.online_address)

    @property
    def is_confirmed(self) -> bool:
        """Whether an officer has said that it is right, not too long ago."""
        return self.stage == OfficeStage.CONFIRMED and not self.is_due

    @property
    def is_due(self) -> bool:
        """Whether the keeper is asked to look at it: never confirmed, or too long ago."""
        return self.confirmed_on is None or self.confirmed_on < last_good_day()


def read_phones(text: str) -> list[dict[str, str]]:
    """Return each number of a text as people read it, and as a telephone dials it (to the extension)."""
    numbers = [part.strip() for part in re.split(r"[;；,，、]", text) if part.strip()]
    return [{"words": n, "digits": re.sub(r"[^0-9+]", "", re.split(r"[转(（]", n)[0]) or n} for n in numbers]


def last_good_day() -> date:
    """Return the first day whose confirmation still holds."""
    return timezone.localdate() - GOOD_FOR
