"""Where to go (在哪里办): the nearest office that does a measure, and the hot line that knows about it.

The county first, then the prefecture, then the province; where none of them has an office of the department, the hot
line is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from chuangbao.accounts.models import Office
from chuangbao.accounts.states import OfficeStage
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import region_line, tree
from chuangbao.core.localization.formatting import text
from chuangbao.core.localization.width import narrow
from chuangbao.rules.offices import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from chuangbao.rules.model import Measure
    from chuangbao.rules.offices import Hotline

__all__ = ["Directory", "Place", "departments", "find_offices", "hotlines", "place_words"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a measure is done: an office, or what is said where it is no office's affair; and the hot line."""

    office: Office | None
    elsewhere: str
    hotline: Hotline | None
    department: str = ""


class Directory:
    """The offices for one place, read once when the first is asked for."""

    def __init__(self, region: str) -> None:
        """``region`` is the place of whom it is for."""
        self.region = region

    def place_of(self, measure: Measure) -> Place:
        """Return where a measure is done."""
        offices = current_pack().offices
        if offices is None:
            return Place(None, "", None)
        line, step = offices.hotline_of(measure.departments), offices.step_of(measure)
        if step is None:
            return Place(None, text(offices.elsewhere.get(measure.id)), line)
        beginning = self.beginning_for(measure)
        line = offices.hotline_of([step.department]) or line
        return Place(self.nearest(beginning, step.department, step.level), "", line, step.department)

    def beginning_for(self, measure: Measure) -> str:
        """Return where to look first: the place itself, or that of the measure where it is below it."""
        return measure.region if self.region in region_line(measure.region)[1:] else self.region

    def nearest(self, region: str, department: str, level: str) -> Office | None:
        """Return the office of a department that is nearest, none of a level below the one that does it."""
        for code in region_line(region):
            unit = tree().latest(code)
            below = unit is not None and unit.level in LEVELS and LEVELS.index(unit.level) < LEVELS.index(level)
            if not below and (code, department) in self.offices:
                return self.offices[code, department]
        return None

    @cached_property
    def offices(self) -> dict[tuple[str, str], Office]:
        """The first office of each department in each place that may be asked for, a confirmed one before others."""
        places = {*region_line(self.region), *(measure.region for measure in current_pack().measures.values())}
        rows = Office.objects.filter(region__in=places).exclude(stage=OfficeStage.CLOSED).select_related("region")
        found: dict[tuple[str, str], Office] = {}
        for row in sorted(rows, key=lambda row: (row.stage != OfficeStage.CONFIRMED, row.pk)):
            found.setdefault((row.region_id, row.department), row)
        return found


def hotlines() -> Sequence[Hotline]:
    """Return the hot lines of the pack."""
    offices = current_pack().offices
    return offices.hotlines if offices else ()


def find_offices(*, region: str = "", department: str = "", words: str = "") -> QuerySet[Office]:
    """Return the offices that are there: those of a place and of what is above it, nearest first."""
    rows = Office.objects.exclude(stage=OfficeStage.CLOSED).select_related("region")
    if department:
        rows = rows.filter(department=department)
    for word in narrow(words).split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(name_en__icontains=word)
            | Q(does__icontains=word)
            | Q(address__icontains=word)
            | Q(region__name_zh__icontains=word)
            | Q(region__name_en__icontains=word)
        )
    if not region:
        return rows.order_by("region", "department", "pk")
    line, offices = region_line(region), current_pack().offices
    first = rank("department", [kind.department for kind in offices.kinds] if offices else [])
    return rows.filter(region__in=line).order_by(rank("region", line), first, "department", "pk")


def rank(field: str, values: Sequence[str]) -> Case:
    """Order rows as a list of values has them, what is not in it last."""
    places = (When(**{field: value}, then=Value(n)) for n, value in enumerate(values))
    return Case(*places, default=Value(len(values)), output_field=IntegerField())


def departments() -> list[tuple[str, str]]:
    """Return the departments of the pack's list with their names."""
    listed = current_pack().codes.get("department")
    return [(code.code, text(code.label)) for code in (listed.codes if listed else ())]


def place_words(place: Place) -> str:
    """Put where to go into one line, for a paper."""
    parts = [place.elsewhere]
    if place.office is not None:
        office, unconfirmed = place.office, _("To be confirmed")
        parts += [str(office) if office.is_confirmed else f"{office} ({unconfirmed})"]
        parts += [office.address, office.hours, office.phone, office.entrance]
    if place.hotline is not None:
        parts.append(_("hot line %(number)s") % {"number": place.hotline.number})
    return " · ".join(part for part in parts if part)
