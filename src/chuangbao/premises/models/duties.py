"""The duties of a host (托管义务): how each firm is reached, the mail that came for it, and the tries to reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.storage.encryption import EncryptedTextField
from chuangbao.premises.enums import MailKind, MailStage, Reach, TryMeans
from chuangbao.premises.models.letters import ConsentLetter

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.premises.models.letters import Premise
    from chuangbao.spaces.models import Space

__all__ = ["ContactTry", "HostFile", "MailItem"]


class HostFile(models.Model):
    """The file of a registered firm with its host (托管档案): who is reached there, and whether the firm is.

    A letter that takes the place of another takes its file over. Name and telephone are sealed, and erased some time
    after the firm has left (``limits.yaml``).
    """

    letter = models.OneToOneField(ConsentLetter, on_delete=models.PROTECT, related_name="file")
    contact = EncryptedTextField(null=True, bound_to=("id",), block=64)
    phone = EncryptedTextField(null=True, bound_to=("id",), block=32)
    contact_on = models.DateField(_("Contact confirmed on"), null=True)
    reach = models.CharField(max_length=10, choices=Reach.choices, default=Reach.REACHABLE)
    lost_on = models.DateField(_("Stated as lost on"), null=True)
    lost_note = models.CharField(_("What the office should know"), max_length=300, blank=True)
    office_on = models.DateField(_("Answered by the office on"), null=True)
    office_note = models.CharField(_("What the office did"), max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=True, phone__isnull=True)
                | Q(contact__isnull=False, phone__isnull=False, contact_on__isnull=False),
                name="file_contact_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(reach=Reach.REACHABLE) | Q(lost_on__isnull=False), name="file_lost_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.letter.licensee

    @property
    def premise(self) -> Premise:
        """Where the firm is registered."""
        return self.letter.premise

    @property
    def space(self) -> Space:
        """The space that hosts it now."""
        return self.premise.space

    @property
    def region_id(self) -> str:
        """Where the premise is, for the record."""
        return self.premise.region_id

    @property
    def has_contact(self) -> bool:
        """Whether a contact is kept, without opening it."""
        return self.contact_on is not None and self.__dict__.get("contact") is not None

    @property
    def hosted_until(self) -> date:
        """The day on which hosting ended or will end."""
        return self.letter.ended_on or self.letter.valid_until

    def persons_concerned(self) -> frozenset[int]:
        """Who answers nothing for the office here (回避): those who are party to the host or to the firm."""
        firm = self.letter.organisation
        return self.space.persons_concerned() | (firm.persons_concerned() if firm else frozenset())


class MailItem(models.Model):
    """A piece of mail (代收文书) that came for a firm: when, from whom, and what became of it."""

    file = models.ForeignKey(HostFile, on_delete=models.PROTECT, related_name="mail")
    mail_kind = models.CharField(_("Kind of mail"), max_length=10, choices=MailKind.choices)
    received_on = models.DateField(_("Received on"))
    sender = models.CharField(_("Sender"), max_length=120)
    stage = models.CharField(max_length=10, choices=MailStage.choices, default=MailStage.WAITING)
    left_on = models.DateField(_("Handed over or sent back on"), null=True)
    handed_to = EncryptedTextField(null=True, bound_to=("id",), block=64)

    objects = ScopedManager()

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage=MailStage.WAITING) | Q(left_on__gte=F("received_on")),
                name="mail_leaves_after_it_came",
            ),
            models.CheckConstraint(condition=~Q(sender=""), name="mail_names_a_sender"),
        ]
        indexes = [models.Index(fields=["stage", "received_on"], name="mail_waiting")]

    def __str__(self) -> str:
        return f"{self.received_on:%Y-%m-%d} {self.sender}"

    @property
    def premise(self) -> Premise:
        """Where the firm is registered."""
        return self.file.premise

    @property
    def region_id(self) -> str:
        """Where the premise is, for the record."""
        return self.file.region_id

    @property
    def days_waiting(self) -> int:
        """How many days it has waited until today, or waited."""
        return ((self.left_on or timezone.localdate()) - self.received_on).days


class ContactTry(models.Model):
    """A try to reach a firm (联系记录): on which day, by which means, and whether it answered."""

    file = models.ForeignKey(HostFile, on_delete=models.PROTECT, related_name="tries")
    tried_on = models.DateField(_("Tried on"))
    means = models.CharField(_("By which means"), max_length=10, choices=TryMeans.choices)
    is_reached = models.BooleanField(_("The firm answered"), default=False)
    try_note = models.CharField(_("What came of it"), max_length=200, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-tried_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.tried_on:%Y-%m-%d} {self.get_means_display()}"
