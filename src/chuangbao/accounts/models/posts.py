"""Posts of officers and duties of administrators: what gives a person power, and until when."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models.organisations import Organisation
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.contexts import LONGEST_DUTY, list_duties
from chuangbao.core.models import Region


class Post(models.Model):
    """An officer's post (岗位): agency × section × area × duties × term; a deputy holds it while the officer is away.

    ``department`` is the section (科室), free text; which department's policies the officer writes follows from the
    agency's code. A post that reaches a whole province gives nothing until a second administrator has confirmed it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    department = models.CharField(_("Department"), max_length=80)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Area"))
    duties = ArrayField(models.CharField(max_length=LONGEST_DUTY), verbose_name=_("Duties"))
    term = DateRangeField(_("Term"))
    deputy_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="deputies")
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(default=timezone.now, null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        ordering = ["agency", "department", "pk"]
        constraints = [
            ExclusionConstraint(
                name="post_held_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("agency", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    ("department", RangeOperators.EQUAL),
                    ("term", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="post_confirmed_by_another",
                condition=models.Q(confirmed_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("appointed_by")) & ~models.Q(confirmed_by=models.F("person")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.region_id}"

    @property
    def last_day(self) -> date | None:
        """The last day of the term (任期), as it was typed; None where it never ran."""
        return self.term.upper - timedelta(days=1) if self.term and self.term.upper else None

    @property
    def duties_words(self) -> str:
        """The duties as people call them; one that no context declares any more by its name."""
        known = list_duties()
        return "、".join(str(known.get(duty, duty)) for duty in self.duties)


class AdminDuty(models.Model):
    """One of the three administrators (三员): system, security, audit; no person is two of them at once."""

    class Kind(models.TextChoices):
        """Which of the three (GB/T 22239-2019, level 3)."""

        SYSTEM = "system_admin", _("System administrator")  # 系统管理员
        SECURITY = "security_admin", _("Security administrator")  # 安全管理员
        AUDIT = "audit_admin", _("Audit administrator")  # 审计管理员

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="admin_duties")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_at__isnull=True), name="one_admin_duty_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"
