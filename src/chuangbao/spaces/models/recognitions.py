"""What an authority decided of a space: filed (备案) or recognised (认定), dated by scheme."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import text
from chuangbao.spaces.enums import EndReason, RecognitionAct, RecognitionLevel
from chuangbao.spaces.models.spaces import DAYS_HELD, Space

__all__ = ["SCHEMES", "Recognition"]

SCHEMES = "space_scheme"
"""The pack's list of schemes; the group of each says act and level: ``filing-national``."""


class Recognition(models.Model):
    """A filing (备案) or recognition (认定) by a scheme (认定办法), since a day and until one; both days count.

    A later, separate fact: registering (登记) needs none. Act and level are those of the scheme.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="recognitions")
    scheme = models.CharField(_("Scheme"), max_length=20)
    act = models.CharField(max_length=12, choices=RecognitionAct.choices)
    level = models.CharField(max_length=10, choices=RecognitionLevel.choices)
    number = models.CharField(_("Number of the document"), max_length=60)
    since = models.DateField(_("From"))
    until = models.DateField(_("Until"), null=True, blank=True)
    end_reason = models.CharField(_("Why it ended"), max_length=10, choices=EndReason.choices, blank=True)
    end_note = models.CharField(_("Document or note"), max_length=300, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["space", "-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="recognition_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(end_reason="") | Q(until__isnull=False), name="recognition_ended_with_a_day"
            ),
            ExclusionConstraint(
                name="recognised_once_at_a_time",
                expressions=[
                    ("space", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    (DAYS_HELD, RangeOperators.OVERLAPS),
                ],
                condition=~Q(end_reason=EndReason.MISTAKE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_words} {self.number}"

    @property
    def region_id(self) -> str:
        """Where the space is, for the record."""
        return self.space.region_id

    @property
    def scheme_words(self) -> str:
        """What the scheme is called."""
        listed = current_pack().codes.get(SCHEMES)
        found = listed.by_code.get(self.scheme) if listed else None
        return text(found.label) if found else self.scheme

    @property
    def is_current(self) -> bool:
        """Whether it holds today."""
        today = timezone.localdate()
        return (
            self.end_reason != EndReason.MISTAKE and self.since <= today and (self.until is None or self.until >= today)
        )
