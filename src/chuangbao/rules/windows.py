"""When one may apply (申报期), apart from how long the rule is in force: open now, opens on a day, or missed.

A window never changes a verdict.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from chuangbao.rules.diagnostics import nearest
from chuangbao.rules.model import FactType, Window
from chuangbao.rules.runtime import add_months

if TYPE_CHECKING:
    from chuangbao.rules.check import Scope
    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.model import Version
    from chuangbao.rules.runtime import Value
    from chuangbao.rules.yamlfile import Map

__all__ = ["Opening", "opening_of", "read_window"]

DAY_OF_YEAR = re.compile(r"(\d{1,2})-(\d{1,2})")
SPAN = re.compile(r"(\d{1,3}) (day|month|year)s?")
LEAP = 2000
LEAP_DAY = (2, 29)
MONTHS = 12
HINT = "window: {from: 03-01, to: 04-30} or window: {within: 6 months, of: recognised_on}"
Findings = list["Finding"]


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a window is ``open``, ``opens`` later, is ``missed``, or is not known: then ``fact`` would tell.

    ``opens`` and ``closes`` are the first and the last day of the window that is meant; ``passed`` is the last day
    of the one before it, of a window that comes every year.
    """

    state: str
    opens: date | None = None
    closes: date | None = None
    fact: str = ""
    passed: date | None = field(default=None, compare=False)

    @property
    def is_shut(self) -> bool:
        """Whether one may not apply on the day: it opens later, or was missed."""
        return self.state in {"opens", "missed"}

    def to_dict(self) -> dict[str, object]:
        """The JSON form."""
        opens, closes = (day.isoformat() if day else None for day in (self.opens, self.closes))
        return {"state": self.state, "opens": opens, "closes": closes}


def read_window(entry: Map, scope: Scope, findings: Findings) -> Window | None:
    """The window of a version: by day of the year, or within a span after a day of the subject."""
    if entry.get("window") is None:
        return None
    held = entry.map("window")
    if {"from", "to"} == held.keys():
        start, end = (day_of_year(held, key, findings) for key in ("from", "to"))
        return Window(start, end) if start and end else None
    if {"within", "of"} != held.keys():
        findings.append(entry.finding("window", "window", "a window says from and to, or within and of", HINT))
        return None
    span = SPAN.fullmatch(held.text("within"))
    if span is None:
        message = f"'{held.text('within')}' is no span of time"
        findings.append(held.finding("within", "window", message, "within: 6 months"))
    name = held.text("of")
    kind = scope.names.get(name)
    if kind is None or kind.type is not FactType.DATE:
        guess = nearest(name, [n for n, k in scope.names.items() if k.type is FactType.DATE])
        hint = f"did you mean {guess}?" if guess else "name a fact that is a day"
        findings.append(held.finding("of", "window", f"'{name}' is no fact that is a day", hint))
    return Window(None, None, int(span[1]), span[2], name) if span else None


def day_of_year(entry: Map, key: str, findings: Findings) -> tuple[int, int] | None:
    """A month and a day, such as 03-01."""
    found = DAY_OF_YEAR.fullmatch(entry.text(key))
    month, day = (int(found[1]), int(found[2])) if found else (0, 0)
    if 1 <= month <= MONTHS and 1 <= day <= monthrange(LEAP, month)[1]:
        return month, day
    message = f"'{entry.text(key)}' is no day of a year"
    findings.append(entry.finding(key, "window", message, "write 03-01"))
    return None


def opening_of(version: Version, as_of: date, value: Value) -> Opening | None:
    """Where a day stands to the window of a version; None where it has none. ``value`` is the fact it counts from."""
    window = version.window
    if window is None:
        return None
    if window.start is not None and window.end is not None:
        return of_the_year(version, window.start, window.end, as_of)
    if not isinstance(value, date):
        return Opening("unknown", fact=window.of)
    last = last_day(value, window.count, window.unit)
    state = "opens" if as_of < value else "open" if as_of <= last else "missed"
    return Opening(state, value, last, window.of)


def last_day(start: date, count: int, unit: str) -> date:
    """The last day of a span; both ends belong to it."""
    if unit == "day":
        return start + timedelta(days=count)
    found = add_months(start, count * (MONTHS if unit == "year" else 1))
    return found if isinstance(found, date) else date.max


def of_the_year(version: Version, start: tuple[int, int], end: tuple[int, int], as_of: date) -> Opening:
    """The window of the year that a day lies in, else the next one; none but within the life of the version."""
    life = version.valid_from or date.min, version.valid_to or date.max
    here = min(max(as_of, life[0]), life[1]).year
    spans = [span_in(year, start, end) for year in range(max(here - 2, 1), min(here + 2, date.max.year - 1) + 1)]
    inside = [(max(f, life[0]), min(t, life[1])) for f, t in spans if f <= t and f <= life[1] and t >= life[0]]
    found = next((span for span in inside if as_of <= span[1]), None)
    if found is not None:
        passed = max((span[1] for span in inside if span[1] < as_of), default=None)
        return Opening("open" if found[0] <= as_of else "opens", *found, passed=passed)
    return Opening("missed", *(inside[-1] if inside else spans[0]))


def span_in(year: int, start: tuple[int, int], end: tuple[int, int]) -> tuple[date, date]:
    """The window that begins in a year; one whose end comes before its start runs into the next."""
    last = year + (end < start)
    return from_day(year, start), to_day(last, end)


def from_day(year: int, day: tuple[int, int]) -> date:
    """The first day on or after a day of the year: 29 February is 1 March in a common year."""
    return date(year, *day) if day != LEAP_DAY or isleap(year) else date(year, 3, 1)


def to_day(year: int, day: tuple[int, int]) -> date:
    """The last day on or before a day of the year: 29 February is the 28th in a common year."""
    return date(year, day[0], min(day[1], monthrange(year, day[0])[1]))
