"""Safety trainings (安全培训) that a machine may ask for (clause 2.3.3 of the document)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.core.access.row_access import ScopedManager

__all__ = ["Training", "TrainingKind"]


class TrainingKind(models.Model):
    """A training that an organisation gives (培训种类), such as that for its laser cutter."""

    organization = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("Name of the training"), max_length=80)
    months = models.PositiveSmallIntegerField(
        _("Valid for months"), null=True, help_text="how long it holds; empty: for good"
    )
    how = models.CharField(_("How to get the training"), max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="training_named_once"),
            models.CheckConstraint(
                condition=models.Q(months__isnull=True) | models.Q(months__gte=1), name="training_holds_a_while"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Training(models.Model):
    """A person holds a training (持证), from the day it was held to ``ends_on``, that day included.

    It is kept under the e-mail that the operator gave, whether an account has it or not, so that keeping it does
    not show who has an account; ``person`` is whose account it is, as soon as there is one.
    """

    kind = models.ForeignKey(TrainingKind, on_delete=models.PROTECT, related_name="held")
    email = models.EmailField(_("E-mail of the person's account"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    held_on = models.DateField(_("Training held on"))
    ends_on = models.DateField(_("Valid until"), null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["kind", "-held_on", "pk"]
        indexes = [models.Index(fields=["email"], condition=models.Q(person=None), name="training_unclaimed")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "email", "held_on"], name="training_held_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("held_on")),
                name="training_ends_after_it_was_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.held_on}"

    @property
    def organization_id(self) -> int:
        """Who gives it."""
        return self.kind.organization_id
