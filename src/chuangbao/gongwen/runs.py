"""Runs inside a paragraph: 一是…二是…, 首先…其次…, （一）…；（二）…, 1.…2.…, ①…②…."""

from __future__ import annotations

import re
from typing import Final

from chuangbao.gongwen.marks import Mark
from chuangbao.gongwen.numerals import to_int

__all__ = ["find_run"]

_N: Final = "[一二三四五六七八九十]"
_AFTER: Final = r"(?:^|(?<=[，。;::! \n]))"
_ORDER: Final = {"首先": 1, "其次": 2, "再次": 3, "最后": 4}
_FAMILIES: Final = (
    ("一是", re.compile(rf"{_AFTER}(?P<n>{_N}{{1,2}})(?:是|要(?=[^求]))")),
    ("第一", re.compile(rf"{_AFTER}第(?P<n>{_N}{{1,2}})[，、](?!第)")),
    ("首先", re.compile(rf"{_AFTER}(?P<n>首先|其次|再次|最后)，?")),
    ("(一)", re.compile(rf"{_AFTER}\((?P<n>{_N}{{1,2}})\) ?")),
    ("(1)", re.compile(rf"{_AFTER}\((?P<n>\d{{1,2}})\) ?")),
    ("1", re.compile(rf"{_AFTER}(?P<n>\d{{1,3}})[.、] ?(?=[^\d ])")),
    ("①", re.compile(r"(?P<n>[①-⑳㉑-㉟❶-❿]) ?")),
    ("⑴", re.compile(r"(?P<n>[⑴-⒇]) ?")),
    ("㈠", re.compile(r"(?P<n>[㈠-㈩]) ?")),
    ("⒈", re.compile(r"(?P<n>[⒈-⒛]) ?")),
)
_SHORTEST: Final = 2


def _ordinal(text: str) -> int:
    return _ORDER.get(text) or to_int(text)


def find_run(folded: str, start: int, end: int, first: int = 1) -> list[Mark]:
    """Return the run that begins first, with at least two members that count on from ``first``; empty without one."""
    best: list[Mark] = []
    for style, pattern in _FAMILIES:
        run: list[Mark] = []
        for match in pattern.finditer(folded[start:end]):
            number = _ordinal(match["n"])
            if number == len(run) + first or (run and style == "首先" and number > run[-1].number):
                at = start + match.start()
                stop = start + match.end()
                printed = at + len(match[0].rstrip(" ，"))
                run.append(Mark(style, number, at, printed, stop))
        if len(run) >= _SHORTEST and (not best or run[0].start < best[0].start):
            best = run
    return best
