"""The tree of regions by date (行政区划): province, prefectures, counties, and units without a code of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chuangbao.rules.model import Text

__all__ = ["Region", "RegionTree"]


@dataclass(frozen=True, slots=True)
class Region:
    """One unit during one period; ``reports_to`` is the reporting line where it differs from the code's parent."""

    code: str
    name: Text
    level: str
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    reports_to: str = ""
    statistical_only: bool = False
    has_code: bool = True

    def exists(self, day: date) -> bool:
        """Whether the unit stood on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class RegionTree:
    """Regions by code, each with its periods in order."""

    periods: Mapping[str, tuple[Region, ...]]

    def __contains__(self, code: object) -> bool:
        """Whether this code has ever been used."""
        return code in self.periods

    def at(self, code: str, day: date) -> Region | None:
        """The unit with ``code`` on ``day``."""
        return next((r for r in self.periods.get(code, ()) if r.exists(day)), None)

    def latest(self, code: str) -> Region | None:
        """The unit as it was last."""
        periods = self.periods.get(code, ())
        return periods[-1] if periods else None

    def line(self, code: str, day: date) -> tuple[str, ...]:
        """``code`` and every region above it on ``day``, nearest first."""
        found: list[str] = []
        while code and code in self.periods and code not in found:
            found.append(code)
            unit = self.at(code, day) or self.latest(code)
            code = unit.parent if unit else ""
        return tuple(found)

    def within(self, code: str, ancestor: str, day: date) -> bool:
        """Whether ``code`` is in ``ancestor`` (or is it) on ``day``."""
        return ancestor in self.line(code, day)

    def below(self, parent: str, day: date) -> tuple[Region, ...]:
        """The units right below ``parent`` on ``day``, by code."""
        units = (self.at(code, day) for code in self.periods)
        return tuple(sorted((u for u in units if u and u.parent == parent), key=lambda u: u.code))
