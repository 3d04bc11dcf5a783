"""Days to take along as a calendar file (日历文件, RFC 5545): whole days of the province, in Chinese or English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Event", "to_calendar"]

LONGEST = 75
"""Octets of one line, its end not counted (RFC 5545, 3.1)."""

WEEK_BEFORE = "-P6DT15H"
"""From the beginning of a day: seven days before it, at nine."""
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


@dataclass(frozen=True, slots=True)
class Event:
    """A whole day: ``uid`` stays the same for the same thing, so that a file taken again moves it and adds none."""

    uid: str
    day: date
    title: str
    text: str = ""
    address: str = ""
    is_last: bool = False
    """Whether it is too late after it: a reminder a week before, at nine in the morning, goes along."""


def to_calendar(name: str, events: Iterable[Event], *, written_at: datetime) -> bytes:
    """Write the events as one calendar, with lines folded by octets and ended as the standard asks.

    Raises ValueError where ``written_at`` has no time zone.
    """
    if written_at.tzinfo is None:
        raise ValueError("a calendar is written at a moment, which has a time zone")
    stamp = f"{written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Chuangbao//check-up//ZH", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{escape(name)}"]
    for event in events:
        lines += list_event(event, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in fold(line))


def list_event(event: Event, stamp: str) -> list[str]:
    """The lines of one event; a whole day ends where the next begins, and leaves its reader free."""
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escape(event.title)}",
    ]
    if event.text:
        lines.append(f"DESCRIPTION:{escape(event.text)}")
    if event.address:
        lines.append(f"URL:{event.address}")
    remind = [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{escape(event.title)}",
        f"TRIGGER:{WEEK_BEFORE}",
        "END:VALARM",
    ]
    return [*lines, "TRANSP:TRANSPARENT", *(remind if event.is_last else []), "END:VEVENT"]


def escape(text: str) -> str:
    """A text with the signs that mean something in a calendar set apart."""
    return text.translate(ESCAPES)


def fold(line: str) -> Iterator[bytes]:
    """Yield the pieces of a line, none longer than is allowed, none that cuts a character in two."""
    piece, room = b"", LONGEST
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > room:
            yield piece
            piece, room = b" ", LONGEST  # the blank belongs to the line
        piece += octets
    yield piece
