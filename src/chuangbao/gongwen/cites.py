"""Documents named inside the text (引用): 《title》（number）, what the document rests on, what it ends."""

from __future__ import annotations

import re
from typing import Final

from chuangbao.gongwen.fold import compact
from chuangbao.gongwen.model import Cite
from chuangbao.gongwen.numbers import NumberMatch, find_numbers

__all__ = ["basis_of", "find_cites", "repeals_of"]

_MARKS: Final = re.compile("[《》]")
_BETWEEN: Final = re.compile(r"\s{0,3}[(〔]? ?(?:以下简称[^()]{1,20}，)?$")
_CLOSING: Final = re.compile(r"[^()〔〕《》]{0,40}[)〕]")
_GROUNDS: Final = re.compile(r"根据|依据|按照|依照|遵照|贯彻|落实")
_PURPOSE_ENDS: Final = re.compile(
    r"制定本|现将|现就|现予|提出(?:如下|以下)|印发给|转发给|特制定|现批复|公告如下|通知如下"
)
_ENDING: Final = re.compile(
    r"(?<!不予)(?<!不)(?:同时|即行|相应|一并)?(?:予以)?(?:废止|停止执行|停止施行|失效)(?!前|后)"
)
_LONGEST: Final = 200


def _titles(folded: str) -> list[tuple[int, int]]:
    """Outermost 《…》 spans, brackets included; an unclosed one is passed over."""
    spans: list[tuple[int, int]] = []
    depth = opened = 0
    for mark in _MARKS.finditer(folded):
        if mark.group() == "《":
            if depth == 0 or mark.start() - opened > _LONGEST:
                depth, opened = 0, mark.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                spans.append((opened, mark.end()))
    return spans


def _joined(folded: str, text: str, span: tuple[int, int], number: NumberMatch | None) -> Cite:
    """A titled cite, with the number that stands in brackets behind it."""
    start, end = span
    title = compact(text[start + 1 : end - 1])
    if number and number[0] - end < _LONGEST and _BETWEEN.match(folded, end, number[0]):
        opened = "(" in folded[end : number[0]] or "〔" in folded[end : number[0]]
        closing = _CLOSING.match(folded, number[1]) if opened else None
        stop = closing.end() if closing else number[1]
        return Cite(title, number[2], start, stop)
    return Cite(title, None, start, end)


def find_cites(folded: str, text: str) -> list[Cite]:
    """Every document named, in order: with title and number where both stand together."""
    numbers = list(find_numbers(folded))
    cites: list[Cite] = []
    at = 0
    for span in _titles(folded):
        if folded.endswith("简称", 0, span[0]):
            continue
        while at < len(numbers) and numbers[at][0] < span[1]:
            if numbers[at][1] <= span[0]:
                cites.append(Cite(None, numbers[at][2], numbers[at][0], numbers[at][1]))
            at += 1
        following = numbers[at] if at < len(numbers) else None
        cite = _joined(folded, text, span, following)
        at += 1 if cite.number else 0
        cites.append(cite)
    cites += [Cite(None, n, start, end) for start, end, n in numbers[at:]]
    return cites


def _within(cites: list[Cite], start: int, end: int) -> list[str]:
    return [c.label for c in cites if c.start >= start and c.end <= end]


def basis_of(folded: str, cites: list[Cite], span: tuple[int, int]) -> list[str]:
    """What the document rests on (依据): cites after 根据/按照/贯彻落实, up to what it then does."""
    found: list[str] = []
    ground = _GROUNDS.search(folded, *span)
    at = span[0]
    while ground and ground.start() >= at:
        stop = folded.find("。", ground.end(), span[1])
        stop = span[1] if stop < 0 else stop
        purpose = _PURPOSE_ENDS.search(folded, ground.end(), stop)
        found += _within(cites, ground.end(), purpose.start() if purpose else stop)
        at = stop
        ground = _GROUNDS.search(folded, stop, span[1])
    return list(dict.fromkeys(found))


def repeals_of(folded: str, cites: list[Cite], spans: list[tuple[int, int]]) -> list[str]:
    """What the document ends (废止): the cites before 废止 in the same sentence, or the list after 废止下列."""
    found: list[str] = []
    for start, end in spans:
        match = _ENDING.search(folded, start, end)
        if match:
            found += _within(cites, start, match.start() + 1) or _within(cites, match.end(), end)
    return list(dict.fromkeys(found))
