"""Headings (标题): a short line of its own, or the first short sentence after a mark ((一）加强领导。各地要…)."""

from __future__ import annotations

import re
from typing import Final

from chuangbao.gongwen.marks import LEGAL
from chuangbao.gongwen.modality import modality_of

__all__ = ["heading_end"]

_LINE_LONGEST: Final = 60
_ASKED: Final = re.compile(r"(?:问 ?:)? ?[^。;:!?]{2,80}\?")
"""A question of its own line, which the lines below answer."""
_SHARED: Final = re.compile(r" ?\([^()]{2,60}?(?:牵头|负责|配合|责任单位[^()]{0,50})\) ?$")
_INLINE: Final = re.compile(r"(?P<h>[^。;:!?\n]{2,45})。 ?(?=\S)")
_COLON: Final = re.compile(r"(?P<h>[^。;:，!?\n(]{2,16})(?:(?<!\d):|:(?!\d)) ?(?=\S)")
_SPACED: Final = re.compile(r"(?P<h>[^。;:，!?\n ]{2,26}) {1,4}(?=[^ ])")
_CLOSED: Final = re.compile(r"(?P<h>[^。;:!?\n]{2,30})。 ?$")
_NO_HEADING: Final = re.compile(
    r"(?<![重主需必首])要(?![求素点])|^你|不再|应当|不得|必须|可以|是指|\d{2,}|以上|之一的$|的$|《.{30,}"
)
_PARAGRAPH_LONGEST: Final = 20
_AMOUNT: Final = re.compile(r"\d ?[万亿千百]{0,2}(?:元|%|‰|个(?!方面)|人|家|户|平方米|㎡|年(?!度|级)|工作日|月)")
_ORDERS: Final = frozenset({"MUST", "MUST_NOT", "MAY", "EXEMPT"})


def heading_end(
    folded: str, start: int, end: int, style: str, *, in_article: bool, alone: bool
) -> tuple[int, int] | None:
    """Where the heading ends and where text goes on, or None when the line has no heading.

    Args:
        folded: the text.
        start: where the line's text begins, behind its mark.
        end: where the line ends.
        style: style of the mark.
        in_article: inside a 条, whose items are sentences and have no heading.
        alone: nothing follows below the line that belongs to it.

    """
    if style in LEGAL:
        return end, end
    if in_article:
        return _label(folded, start, end, alone=alone)
    if style == "段":
        match = _INLINE.match(folded, start, end)
        fits = match and len(match["h"]) <= _PARAGRAPH_LONGEST and not re.search("[，、]", match["h"])
        return (match.end("h"), match.end()) if match and fits else None
    if not alone and _ASKED.fullmatch(folded, start, end):
        return end, end
    if not re.search("[。;:!?]", folded[start:end]) and end - start <= _LINE_LONGEST:
        bare = alone and style not in {"一", "(一)"} and bool(re.search("[，]", folded[start:end]))
        orders = alone and (_orders(folded[start:end]) or bool(_AMOUNT.search(folded, start, end)))
        return None if bare or orders else _before_duty(folded, start, _whole(folded, start, end))
    return _inline(folded, start, end, alone=alone)


def _orders(words: str) -> bool:
    """Return whether the words order, forbid or permit: such a line is a sentence and no heading."""
    return modality_of(words, ()) in _ORDERS


def _label(folded: str, start: int, end: int, *, alone: bool) -> tuple[int, int] | None:
    """Return the heading of an item inside a 条: a short line that only names what the lines below say."""
    words = folded[start:end]
    names = len(words) <= _PARAGRAPH_LONGEST and not re.search("[。;:，!?]", words) and not _orders(words)
    return (end, end) if names and not alone else None


def _whole(folded: str, start: int, end: int) -> tuple[int, int]:
    """The line is the heading; the text may go on after a blank (一、总体要求　以…)."""
    match = _SPACED.match(folded, start, end)
    if match and end - match.end() > len(match["h"]) * 2:
        return match.end("h"), match.end()
    return end, end


def _before_duty(folded: str, start: int, found: tuple[int, int]) -> tuple[int, int]:
    """Leave the bracket that shares out the work (区科技局牵头) to the text, where duties are looked for."""
    shared = _SHARED.search(folded, start, found[0])
    return (shared.start(), shared.start()) if shared and shared.start() > start else found


def _inline(folded: str, start: int, end: int, *, alone: bool) -> tuple[int, int] | None:
    """The first sentence, when it names and does not order."""
    for pattern in (_COLON, _INLINE):
        match = pattern.match(folded, start, end)
        if match and not _NO_HEADING.search(match["h"]) and not _orders(match["h"]):
            return match.end("h"), match.end()
    closed = _CLOSED.match(folded, start, end)
    if closed and not alone and not _NO_HEADING.search(closed["h"]) and not _orders(closed["h"]):
        return closed.end("h"), end
    return None
