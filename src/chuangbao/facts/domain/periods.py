"""Periods (所属期) of facts that come by year, quarter or month: between ``2024-Q3`` and its days."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from chuangbao.rules.model import Fact

__all__ = ["key_of", "period_of"]

FIRST, LAST = 1900, 2999
MONTHS = {"year": 12, "quarter": 3, "month": 1}
SHAPES = {
    "year": re.compile(r"(?P<year>\d{4})年?"),
    "quarter": re.compile(r"(?P<year>\d{4})[-年]?Q?(?P<part>[1-4])(季度)?"),
    "month": re.compile(r"(?P<year>\d{4})[-年](?P<part>0?[1-9]|1[0-2])月?"),
}


def period_of(fact: Fact, text: str) -> DateRange:
    """Return the days of a period as people write it: 2024, 2024-Q3 or 2024-05.

    Raises Refused: period (field ``when``), with the right form.
    """
    found = SHAPES[fact.per].fullmatch(text.strip())
    if found is None or not FIRST <= int(found["year"]) <= LAST:
        shape = {"year": "2024", "quarter": "2024-Q3", "month": "2024-05"}[fact.per]
        raise Refused("period", _("Write the period like %(shape)s.") % {"shape": shape}, field="when")
    year, part = int(found["year"]), int(found.groupdict().get("part") or 1)
    start = (part - 1) * MONTHS[fact.per]
    end = start + MONTHS[fact.per]
    return DateRange(date(year, start + 1, 1), date(year + end // 12, end % 12 + 1, 1))


def key_of(fact: Fact, period: DateRange) -> str:
    """How the engine calls a period."""
    first: date = period.lower
    return {
        "year": f"{first.year}",
        "quarter": f"{first.year}-Q{(first.month - 1) // 3 + 1}",
        "month": f"{first.year}-{first.month:02d}",
    }[fact.per]
