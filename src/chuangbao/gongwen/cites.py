"""Documents named inside the text (引用): 《title》（number）, what the document rests on, what it ends."""

from __future__ import annotations

import re
from typing import Final

from chuangbao.gongwen.lines import ORG_END
from chuangbao.gongwen.model import Cite
from chuangbao.gongwen.numbers import NumberMatch, find_numbers

__all__ = ["basis_of", "find_cites", "repeals_of"]

_MARKS: Final = re.compile("[《》]")
_BETWEEN: Final = re.compile(r"\s{0,3}[(〔]? ?(?:以下简称[^()]{1,20}，)?$")
_CLOSING: Final = re.compile(r"[^()〔〕《》]{0,40}[)〕]")
_GROUNDS: Final = re.compile(r"根据|依据|按照|依照|遵照|贯彻|落实")
_PURPOSE_ENDS: Final = re.compile(
    r"(?:制定|修订|编制|起草|拟订|拟定|形成|出台|印发)了?(?=《)|制定本|现将|现就|现予|提出(?:如下|以下)|印发给|转发给|特制定|现批复|公告如下|通知如下"
)
_ENDING: Final = re.compile(
    r"(?<!不予)(?<!不)(?:同时|即行|相应|一并)?(?:予以)?"
    r"(?:废止|停止执行|停止施行|停止使用|失效|不再执行|不再适用|不再施行|不再有效)(?!前|后|日期|时间|之日)"
)
_LIST_FOLLOWS: Final = re.compile(r"下列|以下|如下|附件|目录|清单|:$")
_LONGEST: Final = 200


def _titles(folded: str) -> list[tuple[int, int]]:
    """Return the outermost 《…》 spans, brackets included.

    A 《 that nothing closes is passed over and hides no title behind it.
    """
    opened: list[int] = []
    closed: list[tuple[int, int]] = []
    for mark in _MARKS.finditer(folded):
        if mark.group() == "《":
            opened.append(mark.start())
        elif opened:
            start = opened.pop()
            if mark.end() - start <= _LONGEST and "。" not in folded[start : mark.end()]:
                closed.append((start, mark.end()))
    spans: list[tuple[int, int]] = []
    for span in sorted(closed):
        if not spans or span[0] >= spans[-1][1]:
            spans.append(span)
    return spans


def _title(printed: str) -> str:
    """Return a title as one line; a blank between two agencies stays, others go."""
    joined = ""
    for token in printed.split():
        before = joined.rpartition(" ")[2]
        agencies = "关于" not in joined and len(before) > 1 and ORG_END.search(before)
        apart = agencies and (ORG_END.search(token.partition("关于")[0]) and not token.startswith("关于"))
        joined += f" {token}" if apart and "\n" not in printed else token
    return joined


def _joined(folded: str, text: str, span: tuple[int, int], number: NumberMatch | None) -> Cite:
    """A titled cite, with the number in brackets behind it."""
    start, end = span
    title = _title(text[start + 1 : end - 1])
    own = folded[start - 1 : start] == "本"
    if number and number[0] - end < _LONGEST and _BETWEEN.match(folded, end, number[0]):
        opened = "(" in folded[end : number[0]] or "〔" in folded[end : number[0]]
        closing = _CLOSING.match(folded, number[1]) if opened else None
        stop = closing.end() if closing else number[1]
        return Cite(title, number[2], start, stop, own)
    return Cite(title, None, start, end, own)


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
    return [c.label for c in cites if c.start >= start and c.end <= end and not c.own]


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


def repeals_of(folded: str, cites: list[Cite], spans: list[tuple[int, int, int]]) -> list[str]:
    """Return what the document ends (废止).

    Args:
        folded: the text.
        cites: every document named in it.
        spans: of each sentence its start, its end and the end of the section that it opens.

    The cites before 废止 in the same sentence, else those behind it, else the list below (废止下列文件：).

    """
    found: list[str] = []
    for start, end, section_end in spans:
        match = _ENDING.search(folded, start, end)
        if not match:
            continue
        named = _within(cites, start, match.start() + 1) or _within(cites, match.end(), end)
        if not named and _LIST_FOLLOWS.search(folded[start:end]):
            named = _within(cites, end, section_end)
        found += named
    return list(dict.fromkeys(found))
