"""Whom facts are about (对象): one row per organisation or person, so that facts need not know which."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.accounts.models.organisations import persons_concerned
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.localization.name_search import parts_of
from chuangbao.core.models import Region


class Subject(models.Model):
    """An organisation or a person that facts are about (对象); a space may join them later."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, null=True, related_name="subject")
    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="subject")
    place = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Whose offices may see and verify your facts"),
        help_text="only of a person, and only where the person opened it",
    )  # fmt: skip
    created_at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=160, default="", editable=False)
    area = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    """Whose offices see it."""
    holder = models.CharField(max_length=12, default="", editable=False)
    """The kind of the organisation, or ``person``. PostgreSQL keeps name, area and holder in step
    (0002_names_and_areas), so that a list of a province is found, narrowed and ordered in this table alone."""
    parts = parts_of("name")

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["area", "-id"], name="subject_newest"),
            models.Index(fields=["area", "holder", "-id"], name="subject_newest_of_kind"),
            models.Index(fields=["name", "id"], name="subject_order"),
            GinIndex(fields=["parts"], name="subject_parts"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, person__isnull=True)
                | Q(organisation__isnull=True, person__isnull=False),
                name="subject_is_one_of_them",
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(person__isnull=False), name="only_a_person_opens_to_a_place"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation or self.person)

    def persons_concerned(self) -> frozenset[int]:
        """Who decides nothing about its facts (回避): the person, or everybody who is party to the organisation."""
        if self.organisation_id is None:
            return frozenset(pk for pk in (self.person_id,) if pk is not None)
        return persons_concerned(self.organisation_id)

    @property
    def region_id(self) -> str:
        """Where it belongs: an organisation's own place; a person's only where they opened it to its offices."""
        return self.organisation.region_id if self.organisation else self.place_id or ""

    @property
    def kind(self) -> str:
        """The kind of the organisation, or ``person``."""
        return self.organisation.kind if self.organisation else "person"
