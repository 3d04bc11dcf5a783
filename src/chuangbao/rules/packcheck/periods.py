"""Periods of validity (施行期限): successive versions neither overlap nor leave a gap that no one explains."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.packcheck.source import Source, Spot

__all__ = ["check"]

DAY = timedelta(days=1)


def check(source: Source) -> Iterator[Finding]:
    """Each measure's line of versions."""
    for measure in source.entries("measures"):
        line: list[tuple[date, date, Spot]] = []
        for version in measure.each("versions"):
            start, unread = ends(version)
            yield from unread
            if start is not None:
                yield from late(version, *start)
                line.append((*start, version))
        line.sort(key=lambda entry: entry[:2])
        for before, after in itertools.pairwise(line):
            yield from between(measure, before, after)


def ends(version: Spot) -> tuple[tuple[date, date] | None, list[Finding]]:
    """First and last day (open ends are the ends of time), and what cannot be read."""
    found = []
    for key, otherwise in (("from", date.min), ("to", date.max)):
        spot = version.get("valid", key)
        try:
            found.append(date.fromisoformat(spot.text) if spot is not None and spot.text else otherwise)
        except ValueError:
            place = spot or version
            return None, [place.finding("date", f"'{place.text}' is no calendar day", f"{key}: 2015-06-08")]
    return (found[0], found[1]), []


def late(version: Spot, start: date, end: date) -> Iterator[Finding]:
    """A period that ends before it begins."""
    if end < start:
        place = version.get("valid") or version
        yield place.finding(
            "period", f"it ends on {end}, before it begins on {start}", f"valid: {{from: {end}, to: {start}}}"
        )


def between(measure: Spot, before: tuple[date, date, Spot], after: tuple[date, date, Spot]) -> Iterator[Finding]:
    """Two neighbours in time."""
    _, end, old = before
    start, _, new = after
    name, older = new.say("version"), old.say("version")
    place = new.get("valid") or new
    if start <= end:
        last = "open" if end == date.max else str(end)
        hint = f"end {older} on {start - DAY}" if start > date.min else f"say when {name} begins"
        message = f"{name} begins on {start} while {older} is still the rule (to {last})"
        yield place.finding("overlap", message, hint)
    elif end + DAY < start and not (new.get("gap_note") or measure.get("gap_note")):
        message = f"nothing is the rule from {end + DAY} to {start - DAY}, between {older} and {name}"
        hint = "mend the dates, or say why: gap_note: …"
        yield place.finding("gap", message, hint, severity="warning")
