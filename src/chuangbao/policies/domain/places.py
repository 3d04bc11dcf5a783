"""The place that people name when they search (敦化, 长春贷款): which one, what else was said, and what holds there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangbao.core.localization.width import narrow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from chuangbao.rules.model import Pack, Text

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
    def own(self) -> tuple[str, ...]:
        """It and what lies in it: what is of the city around a county is not of the county."""
        return tuple(code for code in self.local if code not in self.line[1:])

    @property
    def regions(self) -> set[str]:
        """The regions whose measures can hold there."""
        return {*self.line, *self.local}


def find_place(pack: Pack, text: str, day: date) -> NamedPlace | None:
    """Return the place below the province that a text names, the longest name first; None where it names none."""
    said = narrow(text).strip()
    province = pack.regions.line(pack.region, day)
    above = [pack.regions.periods[code][-1].name for code in province]
    wider = {name for each in above for name in (*names_of(each), each.en.lower())}
    begun = find_begun(pack, said)
    found = [
        (-len(name), code, name)
        for code, periods in pack.regions.periods.items()
        for name in find_names(said, periods[-1].name)
        if name.lower() not in wider
    ] or begun
    if not found:
        return None
    _length, code, name = min(found)
    before, after = said.split(name, 1)
    line = pack.regions.line(code, day)
    inside = tuple(each for each in pack.regions.periods if pack.regions.within(each, code, day))
    around = tuple(each for each in line if each not in province)
    return NamedPlace(code, f"{before}{SUFFIX.sub('', after)}".strip(), line, (*around, *(set(inside) - set(around))))


def find_begun(pack: Pack, said: str) -> list[tuple[int, str, str]]:
    """Return the one place whose longer name a word of the text begins (梅河 of 梅河口); none where several do."""
    found = {
        (-SHORT_NAME, code, word)
        for code, periods in pack.regions.periods.items()
        for word in said.split()
        if len(word) == SHORT_NAME and any(name.startswith(word) for name in names_of(periods[-1].name)[1:])
    }
    return list(found) if len(found) == 1 else []


def find_names(said: str, name: Text) -> Iterator[str]:
    """Yield what of a text is the name of a place; an English one is a word of its own."""
    yield from (each for each in names_of(name) if each in said)
    english = re.search(rf"\b{re.escape(name.en)}\b", said, re.IGNORECASE) if name.en else None
    if english:
        yield english[0]


def names_of(name: Text) -> tuple[str, ...]:
    """How a place is called in Chinese: in full, and without its last character where two are left.

    An autonomous one goes by its first two: 延边 of 延边朝鲜族自治州, 前郭 of 前郭尔罗斯蒙古族自治县.
    """
    full = name.zh
    if AUTONOMOUS.search(full):
        return (full, full[:SHORT_NAME])
    return (full, full[:-1]) if len(full) > SHORT_NAME else (full,)
