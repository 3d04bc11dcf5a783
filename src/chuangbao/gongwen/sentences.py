"""Sentences (句) inside a paragraph: 。！？； close one, unless a bracket or a quotation is open."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["split", "trim"]

_OPEN: Final = {"(": ")", "〔": "〕", "《": "》", "“": "”", "‘": "’", "「": "」"}
_CLOSE: Final = frozenset(_OPEN.values())
_ENDS: Final = frozenset("。!?;")
_INSIDE: Final = r"(?:[^()]|\([^()]{1,20}\))"
_DUTY_TAIL: Final = re.compile(
    rf" ?\((?={_INSIDE}{{0,200}}?(?:责任|牵头|负责|配合|分工|参与)){_INSIDE}{{1,300}}\)[。;]?"
)
_SIGNS: Final = re.compile(r"[()〔〕《》“”‘’「」。!?;]")
_LONGEST_ASIDE: Final = 400


def trim(folded: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    while start < end and folded[start].isspace():
        start += 1
    while end > start and folded[end - 1].isspace():
        end -= 1
    return start, end


def _pieces(folded: str, start: int, end: int) -> list[int]:
    """Ends of the sentences."""
    ends: list[int] = []
    stack: list[str] = []
    opened = start
    for sign in _SIGNS.finditer(folded, start, end):
        char = sign.group()
        if char in _OPEN:
            opened = opened if stack else sign.start()
            stack.append(_OPEN[char])
        elif char in _CLOSE:
            while stack and stack.pop() != char:
                pass
        elif not stack or sign.start() - opened > _LONGEST_ASIDE:
            stack.clear()
            tail = _DUTY_TAIL.match(folded, sign.end(), end)
            ends.append(tail.end() if tail else sign.end())
    return ends


def split(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences in a paragraph, without white space around them."""
    spans: list[tuple[int, int]] = []
    at = start
    for stop in [*_pieces(folded, start, end), end]:
        if stop <= at:
            continue
        span = trim(folded, at, stop)
        if span[0] < span[1]:
            spans.append(span)
        at = stop
    return spans
