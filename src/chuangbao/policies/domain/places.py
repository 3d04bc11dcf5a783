"""The place that people name when they search (敦化, 长春贷款): which one, what else was said, and what holds there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangbao.core.localization.width import narrow

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.rules.model import Pack

__all__ = ["NamedPlace", "find_place"]

SHORT_NAME = 2
"""敦化市 is called 敦化; of a name of two characters nothing can be left out."""
AUTONOMOUS = re.compile(r"族自治[州县旗]$")
SUFFIX = re.compile(r"^(?:市|县|区|州|地区)?(?:的|里|本地|当地|这边)?")


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A county or city that a text names, and the rest of the text."""

    code: str
    rest: str
    line: tuple[str, ...]
    """It and what it lies in, the nearest first."""
    local: tuple[str, ...]
    """It, what lies in it, and what it lies in below the province."""

    @property
    def regions(self) -> set[str]:
        """The regions whose measures can hold there."""
        return {*self.line, *self.local}


def find_place(pack: Pack, text: str, day: date) -> NamedPlace | None:
    """Return the place below the province that a text names, the longest name first; None where it names none."""
    said = narrow(text).strip()
    province = pack.regions.line(pack.region, day)
    wider = {name for code in province for name in names_of(pack.regions.periods[code][-1].name.zh)}
    found = [
        (-len(name), code, name)
        for code, periods in pack.regions.periods.items()
        for name in names_of(periods[-1].name.zh)
        if name in said and name not in wider
    ]
    if not found:
        return None
    _length, code, name = min(found)
    before, after = said.split(name, 1)
    line = pack.regions.line(code, day)
    inside = tuple(each for each in pack.regions.periods if pack.regions.within(each, code, day))
    above = tuple(each for each in line if each not in province)
    return NamedPlace(code, f"{before}{SUFFIX.sub('', after)}".strip(), line, (*above, *(set(inside) - set(above))))


def names_of(name: str) -> tuple[str, ...]:
    """How a place is called: in full, and without its last character where two are left.

    An autonomous one goes by its first two: 延边 of 延边朝鲜族自治州, 前郭 of 前郭尔罗斯蒙古族自治县.
    """
    if AUTONOMOUS.search(name):
        return (name, name[:SHORT_NAME])
    return (name, name[:-1]) if len(name) > SHORT_NAME else (name,)
