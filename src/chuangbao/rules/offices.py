"""The offices of a pack (办事机构): which department does what, at which level, and the hot lines that stand in for it.

No telephone number or address is in a pack unless a document of it names one; officers add them to the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangbao.rules.catalogue import text
from chuangbao.rules.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.model import Measure, Pack
    from chuangbao.rules.yamlfile import Map

__all__ = ["LEVELS", "Hotline", "NamedOffice", "OfficeKind", "OfficeList", "Step", "read_offices"]

LEVELS = ("county", "prefecture", "province")
"""Nearest first: where a step is looked for, one after the other."""
LONGEST = 60  # working days for an answer


@dataclass(frozen=True, slots=True)
class Hotline:
    """A telephone line of the state (服务热线): its number, name, what it helps with, and for which departments."""

    number: str
    label: Text
    help: Text
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfficeKind:
    """A kind of office that every place of some levels has; ``label`` holds ``{place}``."""

    department: str
    label: Text
    does: Text
    online: Text
    levels: tuple[str, ...]

    def name_at(self, place: Text) -> Text:
        """Name the office of this kind in a place."""
        return Text(self.label.zh.replace("{place}", place.zh), self.label.en.replace("{place}", place.en))


@dataclass(frozen=True, slots=True)
class NamedOffice:
    """An office whose name a document of the pack gives."""

    region: str
    department: str
    label: Text
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """Who does a measure where that is not the first of its departments: a department, and no level below ``level``."""

    department: str
    level: str = LEVELS[0]


@dataclass(frozen=True)
class OfficeList:
    """The offices of a pack; ``steps`` and ``elsewhere`` are by measure.

    ``answer_days`` is the term for an answer to a question, in working days; 0 where the pack says none.
    """

    hotlines: tuple[Hotline, ...]
    kinds: tuple[OfficeKind, ...]
    named: tuple[NamedOffice, ...]
    steps: Mapping[str, Step]
    elsewhere: Mapping[str, Text]
    answer_days: int = 0

    def step_of(self, measure: Measure) -> Step | None:
        """Return who does a measure; None where it is done at no office of the list."""
        if measure.id in self.elsewhere:
            return None
        if measure.id in self.steps:
            return self.steps[measure.id]
        return next((Step(k.department) for k in self.kinds if k.department in measure.departments), None)

    def hotline_of(self, departments: Iterable[str]) -> Hotline | None:
        """Return the line that knows about the first department that has one, else the one for everything."""
        by_department = {name: line for line in self.hotlines for name in line.departments}
        found = next((by_department[name] for name in departments if name in by_department), None)
        return found or next((line for line in self.hotlines if not line.departments), None)


def read_offices(entry: Map, pack: Pack, findings: list[Finding]) -> OfficeList:
    """Read the offices of a pack; every department, level, region and measure in it is checked."""
    offices = OfficeList(
        hotlines=tuple(
            Hotline(e.text("number"), text(e), text(e.get("help")), e.texts("departments"))
            for e in entry.maps("hotlines")
        ),
        kinds=tuple(
            OfficeKind(e.text("department"), text(e), text(e.get("does")), text(e.get("online")), levels_of(e))
            for e in entry.maps("kinds")
        ),
        named=tuple(
            NamedOffice(e.text("region"), e.text("department"), text(e), e.text("source")) for e in entry.maps("named")
        ),
        steps={
            ref: Step(e.text("department"), e.text("level") or LEVELS[0])
            for e in entry.maps("steps")
            for ref in e.texts("measures")
        },
        elsewhere={ref: text(e) for e in entry.maps("elsewhere") for ref in e.texts("measures")},
        answer_days=days_in(entry, findings),
    )
    for part in ("hotlines", "kinds", "named", "steps", "elsewhere"):
        for row in entry.maps(part):
            findings += check_row(row, pack)
    return offices


def days_in(entry: Map, findings: list[Finding]) -> int:
    """Read the term for an answer, a whole number of working days."""
    days = entry.get("answer_within", 0)
    if isinstance(days, int) and not isinstance(days, bool) and 0 <= days <= LONGEST:
        return days
    findings.append(entry.finding("answer_within", "days", f"'{days}' is no number of days", "write 5"))
    return 0


def levels_of(entry: Map) -> tuple[str, ...]:
    """Read at which levels there is such an office; all of them where nothing is said."""
    return entry.texts("levels") or LEVELS


def check_row(row: Map, pack: Pack) -> list[Finding]:
    """Look for names in a row that the pack does not know."""
    listed = pack.codes.get("department")
    known = {
        "department": set(listed.by_code) if listed else set(),
        "departments": set(listed.by_code) if listed else set(),
        "measures": set(pack.measures),
        "region": set(pack.regions.periods),
        "level": set(LEVELS),
        "levels": set(LEVELS),
    }
    return [
        row.finding(key, "unknown", f"'{value}' is not known here", "see codes/library.yaml, regions.csv, measures/")
        for key, names in known.items()
        for value in row.texts(key)
        if value not in names
    ]
