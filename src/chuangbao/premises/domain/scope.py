"""What the words of a business may touch (非禁即入): the market-access negative list by its dated editions.

What the list does not forbid and does not put under a licence is open to everyone (2.5.2). A word is never refused:
what was found is a hint, and what was not read is said to be unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangbao.core.localization.width import narrow

if TYPE_CHECKING:
    from datetime import date

__all__ = ["AccessEntry", "AccessKind", "Edition", "Touch", "find_edition", "find_touched", "list_editions"]

FILE = "market_access.yaml"


class AccessKind(models.TextChoices):
    """What an entry of the list does."""

    FORBIDDEN = "forbidden", _("Forbidden to enter")  # 禁止准入类
    LICENSED = "licensed", _("Licence needed to enter")  # 许可准入类


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """An entry (事项) of an edition, the words of it that a business may touch, and where it was read."""

    name: str
    kind: str
    words: tuple[str, ...]
    source: str
    confirmed: bool

    @property
    def label(self) -> str:
        """What the entry does."""
        return str(AccessKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the list: its days, how many entries it has, and those that were read."""

    title: str
    number: str
    since: date
    items: int
    source: str
    confirmed: bool
    entries: tuple[AccessEntry, ...]
    until: date | None = None
    forbidden: int = 0
    licensed: int = 0
    where: str = ""
    """Where the list itself is read."""

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Touch:
    """Words of a business that are in an entry; ``is_current`` where the entry was read in the edition in force."""

    words: tuple[str, ...]
    entry: AccessEntry
    edition: Edition
    is_current: bool


def list_editions() -> tuple[Edition, ...]:
    """Return the editions that the pack has, in the order of their first days; a pack may have none."""
    return read_editions(Path(settings.PACK_DIR) / FILE)


@cache
def read_editions(file: Path) -> tuple[Edition, ...]:
    """Return the editions of a file in the order of their first days."""
    rows = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else []
    made = (Edition(**{**row, "entries": tuple(read_entry(entry) for entry in row["entries"])}) for row in rows)
    return tuple(sorted(made, key=lambda edition: edition.since))


def read_entry(row: dict[str, object]) -> AccessEntry:
    """Return an entry of the file. Raises ValueError: its kind is none of the list."""
    words = row["words"] if isinstance(row["words"], list) else []
    return AccessEntry(
        name=str(row["name"]),
        kind=AccessKind(str(row["kind"])).value,
        words=tuple(words),
        source=str(row["source"]),
        confirmed=bool(row["confirmed"]),
    )


def find_edition(day: date) -> Edition | None:
    """Return the edition in force on a day; None where we know of none."""
    return next((edition for edition in reversed(list_editions()) if edition.holds_on(day)), None)


def find_touched(text: str, day: date) -> list[Touch]:
    """Return the entries known to us that the words may touch: of the edition in force, then of earlier ones."""
    current, typed = find_edition(day), narrow(text).lower()
    found: list[Touch] = []
    for edition in reversed([one for one in list_editions() if one.since <= day]):
        for entry in edition.entries:
            hit = tuple(word for word in entry.words if word.lower() in typed)
            if hit and all(entry.name != other.entry.name for other in found):
                found.append(Touch(hit, entry, edition, edition is current))
    return found
