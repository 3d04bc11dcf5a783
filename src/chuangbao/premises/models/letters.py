"""What can be a registered address, the letters that consent to it, and who looked them up."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.accounts.states import Standing
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.access.tokens import KeyedByAddress, derive_token
from chuangbao.core.engine.regions import full_address
from chuangbao.core.storage.encryption import EncryptedTextField
from chuangbao.premises.enums import LetterStage, LookupWay, PremiseStage
from chuangbao.spaces.enums import SpaceStage
from chuangbao.spaces.models import Site, Space

if TYPE_CHECKING:
    from datetime import date

__all__ = ["ConsentLetter", "LetterLookup", "Premise"]

CHECK_LENGTH = 8


class Premise(models.Model):
    """A premise (住所): a room or desk of a site of a space at whose address licences can be registered (2.5.1).

    ``ceiling`` says how many at most; the document names none, so that it may be open.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="premises")
    room = models.CharField(_("Room or desk"), max_length=80)
    ceiling = models.PositiveSmallIntegerField(_("Licences at most"), null=True, blank=True)
    stage = models.CharField(max_length=8, choices=PremiseStage.choices, default=PremiseStage.OPEN)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["site", "room", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "room"], condition=Q(stage=PremiseStage.OPEN), name="premise_open_once"
            ),
            models.CheckConstraint(condition=~Q(room=""), name="premise_has_a_room"),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True) | Q(ceiling__gte=1), name="premise_ceiling_counts"
            ),
        ]

    def __str__(self) -> str:
        return full_address(self.site.region_id, self.site.address, self.room)

    @property
    def space(self) -> Space:
        """The space that it belongs to."""
        return self.site.space

    @property
    def region_id(self) -> str:
        """Where it is, for the record."""
        return self.site.region_id


class ConsentLetter(KeyedByAddress):
    """A letter of consent (住所使用证明): a space lets a firm register its address here, from a day to a day.

    It keeps the address and the operator that it was issued with, whatever becomes of the space. It can be looked up
    by the QR code, whose token is sealed here so that it can be printed again, or by its number and check code. A
    letter is never changed: it is revoked or superseded. Who applied is sealed; the key of the name counts letters.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="letters")
    premise = models.ForeignKey(Premise, on_delete=models.PROTECT, related_name="letters")
    number = models.CharField(_("Number"), max_length=24, unique=True)
    place_in_year = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    address_code = EncryptedTextField(bound_to=("number",))
    address = models.CharField(_("Address of the premise"), max_length=300)
    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    licensee = models.CharField(_("Name of the firm"), max_length=120)
    licensee_code = models.CharField(_("Unified social credit code"), max_length=18, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="consent_letters")
    applicant = EncryptedTextField(null=True, bound_to=("number",), block=64)
    applicant_key = models.CharField(max_length=64, blank=True, default="")
    business = models.CharField(_("Business in its own words"), max_length=200, blank=True)
    industry_code = models.CharField(_("Industry beside the words"), max_length=4, blank=True, default="")
    issued_on = models.DateField(_("Issued on"), default=timezone.localdate)
    valid_until = models.DateField(_("Valid until"))
    stage = models.CharField(max_length=10, choices=LetterStage.choices, default=LetterStage.VALID)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(_("Why it ended"), max_length=300, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    licensed_on = models.DateField(_("Licence issued on"), null=True, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["space", "year", "place_in_year"], name="letter_numbered_once"),
            models.UniqueConstraint(
                fields=["premise", "licensee"], condition=Q(stage=LetterStage.VALID), name="letter_valid_once"
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=F("issued_on")), name="letter_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(stage=LetterStage.VALID) | Q(ended_on__isnull=False), name="letter_ended_with_a_day"
            ),
            models.CheckConstraint(condition=~Q(licensee=""), name="letter_names_a_firm"),
        ]
        indexes = [models.Index(fields=["applicant_key", "issued_on"], name="letter_applicant")]

    def __str__(self) -> str:
        return f"{self.number} {self.licensee}"

    @property
    def region_id(self) -> str:
        """Where the premise is, for the record."""
        return self.premise.region_id

    @property
    def whole_address(self) -> str:
        """The address of the premise as it is registered, where the letter was issued with a shorter one of it.

        What was issued is not altered. Empty where the letter says all, or the premise has another address by now.
        """
        today, said = str(self.premise), "".join(self.address.split())
        is_shorter = said != "".join(today.split()) and "".join(today.split()).endswith(said)
        return today if is_shorter else ""

    @property
    def check_code(self) -> str:
        """Eight characters that stand for the token where no camera is at hand."""
        return make_check_code(self.address_code)

    def holds_on(self, day: date) -> bool:
        """Whether it is valid on a day."""
        return self.stage == LetterStage.VALID and self.issued_on <= day <= self.valid_until

    @property
    def is_backed(self) -> bool:
        """Whether the premise is still there: its site in use, its space open, its operator not closed."""
        site = self.premise.site
        return (
            site.until is None and site.space.stage == SpaceStage.OPEN and site.space.operator.stage != Standing.CLOSED
        )

    @property
    def is_current(self) -> bool:
        """Whether it is valid today and the premise is still there."""
        return self.holds_on(timezone.localdate()) and self.is_backed

    @property
    def is_vouched(self) -> bool:
        """Whether an office has verified the organisation that issued it."""
        return self.issuer.stage == Standing.VERIFIED


class LetterLookup(models.Model):
    """A letter was looked up (查验记录): when and in which way, never by whom."""

    letter = models.ForeignKey(ConsentLetter, on_delete=models.CASCADE, related_name="lookups")
    at = models.DateTimeField(default=timezone.now)
    way = models.CharField(max_length=8, choices=LookupWay.choices)

    objects = ScopedManager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.at:%Y-%m-%d %H:%M}"


def make_check_code(token: str) -> str:
    """Return the check code (校验码) of a letter's token: eight letters and digits, none of them alike."""
    left = int(sha256(derive_token(token, "consent letter").encode()).hexdigest(), 16)
    signs = []
    for _place in range(CHECK_LENGTH):
        left, rest = divmod(left, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(signs)


ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
