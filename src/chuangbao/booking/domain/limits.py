"""Limits of booking as dated data (``limits.yaml``): how far ahead days are closed or opened."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.dated_limits import find_limit
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from datetime import date

__all__ = ["refuse_beyond"]

FILE = Path(__file__).parents[1] / "limits.yaml"


def refuse_beyond(day: date, field: str) -> None:
    """Let a day through that is not too far ahead to plan for. Raises Refused: too_far (``field``)."""
    today = timezone.localdate()
    limit = find_limit(FILE, "plan_ahead_days", today)
    last = today + timedelta(days=int(limit.value)) if limit else day
    if day > last:
        words = _("Choose a day until %(day)s. What closes for good is taken out of use instead.")
        raise Refused("too_far", words % {"day": day_words(last)}, field=field)
