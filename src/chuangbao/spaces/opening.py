"""The hours of spaces in words (开放时间), wherever they are said: the week of the venue, then the days that differ."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.domain.hours import times_words
from chuangbao.booking.models import HoursException, OpeningHours
from chuangbao.booking.models.hours import DayKind
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.localization.formatting import day_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from chuangbao.booking.domain.schedules import Times

__all__ = ["say_hours", "say_weeks"]

WEEK = tuple(DayKind)[:7]
AHEAD = timedelta(days=30)
"""How far ahead days are named that differ from the week."""


def say_hours(spaces: Iterable[Any]) -> dict[int, list[str]]:
    """Return the hours of spaces that ``with_card`` gave, by their ids: those of their venues, by which bookings go.

    Where no venue has set any, what was typed at registration is said. Of several sites with hours each is named.
    Two queries at most for all.
    """
    rows = list(spaces)
    weeks = say_weeks(site.venue_id for row in rows for site in row.in_use if site.venue_id)
    found = {}
    for row in rows:
        said = [(site, weeks[site.venue_id]) for site in row.in_use if site.venue_id in weeks]
        name = len(said) > 1
        sentences = [f"{site}: {words}" if name else words for site, week in said for words in week]
        found[row.pk] = sentences or [row.hours] * bool(row.hours)
    return found


def say_weeks(venues: Iterable[int]) -> dict[int, list[str]]:
    """Return the hours of each venue by its id, one sentence for days alike; those that have set none are left out."""
    weeks: dict[int, dict[int, Times]] = {}
    rows = OpeningHours.objects.filter(venue__in=list(venues), resource=None).order_by("venue", "day", "opens")
    for venue, day, opens, closes in rows.values_list("venue", "day", "opens", "closes"):
        weeks.setdefault(venue, {}).setdefault(day, []).append((opens, closes))
    special = say_exceptions(list(weeks)) if weeks else {}
    return {venue: [*say_week(week), *special.get(venue, [])] for venue, week in weeks.items()}


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


def say_exceptions(venues: list[int]) -> dict[int, list[str]]:
    """Say on which days of the next month each venue is closed or open at another time (临时开放时间)."""
    today = timezone.localdate()
    rows = unscoped(HoursException, because="hours of venues in sight").filter(venue__in=venues)
    rows = rows.filter(days__overlap=(today, today + AHEAD)).order_by("venue", "days", "opens")
    times: dict[tuple[int, date, date], Times] = {}
    for venue, days, opens, closes in rows.values_list("venue", "days", "opens", "closes"):
        own = times.setdefault((venue, max(days.lower, today), days.upper - timedelta(days=1)), [])
        if opens is not None and closes is not None:
            own.append((opens, closes))
    said: dict[int, list[str]] = {}
    for (venue, first, last), spans in times.items():
        words = {"first": day_words(first), "last": day_words(last)}
        name = words["first"] if first == last else _("%(first)s to %(last)s") % words
        said.setdefault(venue, []).append(f"{name} {times_words(spans) or _('not open')}")
    return said
