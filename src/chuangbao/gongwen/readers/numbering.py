"""Automatic numbers of Word lists (自动编号): the 一、 and （一） that stand in no paragraph's text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

__all__ = ["Numbering"]

_CN: Final = "零一二三四五六七八九"
_TEN: Final = 10
_CHINESE: Final = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand"}
)
_CIRCLED: Final = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})


def chinese(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, _TEN)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_CN[tens]}十")
    return head + (_CN[ones] if ones or not tens else "")


class Numbering:
    """Counts the lists of one document while its paragraphs go by."""

    def __init__(self, document: Any) -> None:
        """Read the list definitions, if the file has any."""
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        parts = [r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")]
        if parts:
            self._load(parts[0].element)

    def _load(self, element: Any) -> None:
        abstract = {a.get(qn("w:abstractNumId")): a for a in element.findall(qn("w:abstractNum"))}
        for num in element.findall(qn("w:num")):
            link = num.find(qn("w:abstractNumId"))
            levels = abstract[link.get(qn("w:val"))].findall(qn("w:lvl")) if link is not None else []
            self._levels[num.get(qn("w:numId"))] = {int(lvl.get(qn("w:ilvl"))): _level(lvl) for lvl in levels}

    def label(self, paragraph: Paragraph) -> str:
        """The number that Word would print before this paragraph, or nothing."""
        properties: Any = paragraph._p.pPr  # noqa: SLF001 - the only way to a paragraph's list
        numbers = properties.numPr if properties is not None else None
        if numbers is None or numbers.numId is None:
            return ""
        number_id = str(numbers.numId.val)
        depth = numbers.ilvl.val if numbers.ilvl is not None else 0
        levels = self._levels.get(number_id, {})
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(number_id, {})
        counts[depth] = counts.get(depth, levels[depth][2] - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        return re.sub(r"%(\d)", lambda m: _shown(levels, counts, int(m[1]) - 1), levels[depth][1])


def _level(lvl: Any) -> tuple[str, str, int]:
    """Format, text and first number of one level."""

    def value(tag: str, fallback: str) -> str:
        found = lvl.find(qn(tag))
        return fallback if found is None else str(found.get(qn("w:val"), fallback))

    return value("w:numFmt", "decimal"), value("w:lvlText", ""), int(value("w:start", "1"))


def _shown(levels: dict[int, tuple[str, str, int]], counts: dict[int, int], depth: int) -> str:
    form, _, first = levels.get(depth, ("decimal", "", 1))
    number = counts.get(depth, first)
    if form in _CHINESE:
        return chinese(number)
    if form in _CIRCLED:
        return chr(ord("①") + number - 1)
    return "" if form == "bullet" else str(number)
