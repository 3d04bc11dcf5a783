"""Automatic numbers of Word lists (自动编号): the 一、 and （一） that stand in no paragraph's text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from chuangbao.gongwen.readers.xmlnames import name_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Numbering"]

Level = tuple[str, str, int]
"""Format, text and first number."""
_STYLES: Final = 12  # styles that rest on each other
_CN: Final = "零一二三四五六七八九"
_TEN: Final = 10
_CHINESE: Final = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand"}
)
_LONGEST: Final = 100  # of a label, which is repeated before every paragraph of its list
_CIRCLED: Final = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})


def chinese(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, _TEN)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_CN[tens]}十")
    return head + (_CN[ones] if ones or not tens else "")


class Numbering:
    """Counts the lists of one document while its paragraphs go by."""

    def __init__(self, lists: Any, styles: Any) -> None:
        """Read the list definitions of the numbering part, and which style of the styles part numbers what."""
        self._levels: dict[str, dict[int, Level]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._styles = {value_of(style, "styleId", ""): style for style in children_of(styles, "style")}
        abstract = {value_of(a, "abstractNumId", ""): a for a in children_of(lists, "abstractNum")}
        for num in children_of(lists, "num"):
            self._load(num, abstract)

    def _load(self, num: Any, abstract: dict[str, Any]) -> None:
        """Keep the levels of one list, with what it overrides."""
        link = next(children_of(num, "abstractNumId"), None)
        definition = abstract.get(value_of(link, "val", "")) if link is not None else None
        levels = {} if definition is None else {_depth(lvl): _level(lvl) for lvl in children_of(definition, "lvl")}
        for override in children_of(num, "lvlOverride"):
            for lvl in children_of(override, "lvl"):
                levels[_depth(override)] = _level(lvl)
            for start in children_of(override, "startOverride"):
                form, text, _ = levels.get(_depth(override), ("decimal", "", 1))
                levels[_depth(override)] = (form, text, int(value_of(start, "val", "1")))
        self._levels[value_of(num, "numId", "")] = levels

    def label(self, paragraph: Any) -> str:
        """Return the number that Word would print before this paragraph, or nothing."""
        number_id, depth = self._place(paragraph)
        levels = self._levels.get(number_id, {})
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(number_id, {})
        counts[depth] = counts.get(depth, levels[depth][2] - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        return re.sub(r"%(\d)", lambda m: _shown(levels, counts, int(m[1]) - 1), levels[depth][1])

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """Return list and level of a paragraph, from its own properties, else from its style and those it rests on."""
        properties = next(children_of(paragraph, "pPr"), None)
        style = ""
        for _ in range(_STYLES):
            if properties is not None:
                for numbers in children_of(properties, "numPr"):
                    return _value_inside(numbers, "numId", "0"), int(_value_inside(numbers, "ilvl", "0"))
                style = _value_inside(properties, "pStyle", style)
            if style not in self._styles:
                break
            found = self._styles[style]
            properties, style = next(children_of(found, "pPr"), None), _value_inside(found, "basedOn", "")
        return "0", 0


def children_of(element: Any, name: str) -> Iterator[Any]:
    """Yield the children of a name."""
    return (child for child in element if name_of(child) == name)


def _value_inside(element: Any, name: str, fallback: str) -> str:
    """Return the value of the child of a name."""
    found = next(children_of(element, name), None)
    return fallback if found is None else value_of(found, "val", fallback)


def _depth(level: Any) -> int:
    return int(value_of(level, "ilvl", "0"))


def _level(lvl: Any) -> Level:
    """Format, text and first number of one level."""
    text = _value_inside(lvl, "lvlText", "")[:_LONGEST]
    return _value_inside(lvl, "numFmt", "decimal"), text, int(_value_inside(lvl, "start", "1"))


def _shown(levels: dict[int, Level], counts: dict[int, int], depth: int) -> str:
    form, _, first = levels.get(depth, ("decimal", "", 1))
    number = counts.get(depth, first)
    if form in _CHINESE:
        return chinese(number)
    if form in _CIRCLED:
        return chr(ord("①") + number - 1)
    return "" if form == "bullet" else str(number)
