"""The weekly hours of the venues of a space in words (开放时间), days with the same hours together."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chuangbao.booking.domain.hours import times_words
from chuangbao.booking.models import OpeningHours
from chuangbao.booking.models.hours import DayKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chuangbao.booking.domain.schedules import Times

__all__ = ["say_weeks"]

WEEK = tuple(DayKind)[:7]


def say_weeks(venues: Iterable[int]) -> dict[int, list[str]]:
    """Return the hours of each venue by its id, one sentence for days alike; those that have set none are left out."""
    weeks: dict[int, dict[int, Times]] = {}
    rows = OpeningHours.objects.filter(venue__in=list(venues), resource=None).order_by("venue", "day", "opens")
    for venue, day, opens, closes in rows.values_list("venue", "day", "opens", "closes"):
        weeks.setdefault(venue, {}).setdefault(day, []).append((opens, closes))
    return {venue: list(say_week(week)) for venue, week in weeks.items()}


def say_week(week: Mapping[int, Times]) -> Iterator[str]:
    """Say the hours of a week, then what holds on statutory days; a working weekend goes by Monday's where unsaid."""
    for hours, alike in groupby(WEEK, key=lambda day: times_words(week.get(day, []))):
        days = list(alike)
        first, last = str(days[0].label), str(days[-1].label)
        name = first if len(days) == 1 else _("%(first)s to %(last)s") % {"first": first, "last": last}
        yield f"{name} {hours or _('not open')}"
    yield f"{DayKind.HOLIDAY.label} {times_words(week.get(DayKind.HOLIDAY, [])) or _('not open')}"
    if DayKind.EXCHANGED in week:
        yield f"{DayKind.EXCHANGED.label} {times_words(week[DayKind.EXCHANGED])}"
