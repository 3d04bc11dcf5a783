"""The signs that open a clause: 第X章、第X条、一、（一）1.（1）① , and what they count (结构层次序数)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from chuangbao.gongwen.numerals import to_int

__all__ = ["LEGAL", "Mark", "match_mark"]

_CN: Final = "[零〇一二三四五六七八九十百千]"
LEGAL: Final = {"编": 0, "分编": 1, "章": 2, "节": 3, "条": 4}
_LEGAL_MARK: Final = re.compile(
    rf"第 ?(?P<n>{_CN}{{1,7}}|\d{{1,4}}) ?(?P<s>分编|编|章|节|条)(?:之{_CN}{{1,3}})?(?P<gap>[ :、]*)"
)
_FORMS: Final = (
    ("一", re.compile(rf"(?P<n>{_CN}{{1,4}}) ?[、.] ?")),
    ("(一)", re.compile(rf"\( ?(?P<n>{_CN}{{1,4}}) ?\) ?[、.]? ?")),
    ("1.1", re.compile(r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,4})\.? +(?=[\u4e00-\u9fff])")),
    (
        "1.1",  # without a blank behind it only where it cannot be an amount: 1.1技术开发, but not 1.5万元
        re.compile(
            r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,4})[.、]?(?=[\u4e00-\u9fff《“])(?![万亿千百元个倍米人家年月天公平亩吨小次台套港美欧])"
        ),
    ),
    ("1", re.compile(r"(?P<n>\d{1,3}) ?(?:[.、](?!\d)) ?")),
    ("(1)", re.compile(r"\( ?(?P<n>\d{1,2}) ?\) ?[、.]? ?")),
    ("1)", re.compile(r"(?P<n>\d{1,2}) ?\) ?[、.]? ?")),
    ("①", re.compile(r"(?P<n>[①-⑳㉑-㉟❶-❿]) ?")),
    ("⑴", re.compile(r"(?P<n>[⑴-⒇]) ?")),
    ("㈠", re.compile(r"(?P<n>[㈠-㈩]) ?[、.]? ?")),
    ("⒈", re.compile(r"(?P<n>[⒈-⒛]) ?")),
)

_RUNNING_ON: Final = re.compile(r"第|规定|所|的|和|至|到|或|及|以外|以下简称|、|，")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at the head of a line: its style, its ordinal, and where it ends."""

    style: str
    number: int
    start: int
    end: int
    text_start: int


def _trimmed(folded: str, start: int, end: int) -> int:
    """The end without trailing blanks."""
    while end > start and folded[end - 1] == " ":
        end -= 1
    return end


def match_mark(folded: str, start: int, end: int) -> Mark | None:
    """The mark that opens the line, if it has one."""
    legal = _LEGAL_MARK.match(folded, start, end)
    if legal:
        if not legal["gap"] and _RUNNING_ON.match(folded, legal.end(), end):
            return None
        stop = _trimmed(folded, start, legal.start("gap"))
        return Mark(legal["s"], to_int(legal["n"]), start, stop, legal.end())
    for style, pattern in _FORMS:
        match = pattern.match(folded, start, end)
        if match:
            number = to_int(match["n"].rpartition(".")[2])
            name = f"1.1{'.1' * (match['n'].count('.') - 1)}" if style == "1.1" else style
            return Mark(name, number, start, _trimmed(folded, start, match.end()), match.end())
    return None
