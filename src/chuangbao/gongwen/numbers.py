"""Document numbers (发文字号) in one form: 吉政办发〔2015〕31号, whatever brackets and digits were printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chuangbao.gongwen.fold import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NumberMatch", "find_numbers", "line_number"]

NumberMatch = tuple[int, int, str]
_CN: Final = r"\u4e00-\u9fff"
_SERIAL: Final = r"(?:\d{1,5}|[零〇一二三四五六七八九十百千]{1,9})"
_YEAR_FORM: Final = re.compile(
    rf"(?P<code>[{_CN}]{{1,20}}) ?(?:(?P<o>[〔(]) ?|(?=[12]\d{{3}}〕))(?P<year>[12]\d{{3}}) ?[〕)] ?"
    r"(?:第 ?)?(?P<n>\d{1,5}) ?号"
)
_ORDER_FORM: Final = re.compile(
    rf"(?P<who>[{_CN}]{{2,24}}(?: {{1,4}}[{_CN}]{{2,24}}){{0,5}} ?)?令 ?\n?\s{{0,40}}"
    rf"(?:(?P<year>[12]\d{{3}}) ?年? ?)?第 ?(?P<n>{_SERIAL}) ?号"
)
_NOTICE_FORM: Final = re.compile(
    rf"(?P<who>[{_CN}]{{2,24}}(?: {{1,4}}[{_CN}]{{2,24}}){{0,8}} ?)?公告 ?\n?\s{{0,40}}"
    rf"[〔(]?(?:(?P<year>[12]\d{{3}}) ?[年〕)]? ?)?(?:第 ?(?P<n>{_SERIAL})|(?P<bare>\d{{1,4}})) ?号[〕)]?"
)
_WITHOUT_SIGN: Final = re.compile(
    rf"(?P<code>[{_CN}]{{1,20}}) ?[〔(] ?(?P<year>[12]\d{{3}}) ?[〕)] ?(?:第 ?)?(?P<n>\d{{1,5}})"
)
"""A number that stands on a line of its own and was printed without 号."""
_LEAD: Final = re.compile(
    r".*(?:根据|按照|依据|依照|参照|遵照|执行|落实|贯彻|印发|转发|废止|关于|文件|通知|规定|以(?!上|下|内|外|来|及)|以及|或者|的|(?<![共呼])和|与|及|见)"
)


def _code(code: str) -> str:
    """The agency's code without the words that led up to it in running text."""
    return _LEAD.sub("", code) or code


def _year_form(match: re.Match[str]) -> NumberMatch:
    code = _code(match["code"])
    start = match.end("code") - len(code)
    return start, match.end(), f"{code}〔{match['year']}〕{int(match['n'])}号"


def _who(match: re.Match[str]) -> tuple[int, str]:
    """Who issued, without the running words before it, and where the name begins."""
    raw = match["who"] or ""
    name = _LEAD.sub("", raw)
    return match.start() + len(raw) - len(name), squeeze(name)


def _order_form(match: re.Match[str]) -> NumberMatch:
    start, who = _who(match)
    year = f"{match['year']}年" if match["year"] else ""
    return start, match.end(), f"{who}令{year}第{match['n']}号"


def _notice_form(match: re.Match[str]) -> NumberMatch:
    start, who = _who(match)
    year = f"{match['year']}年" if match["year"] else ""
    return start, match.end(), f"{who}公告{year}第{match['n'] or match['bare']}号"


def find_numbers(folded: str, start: int = 0, end: int | None = None) -> Iterator[NumberMatch]:
    """Every document number in the folded text: (start, end, normal form), in order, none overlapping."""
    stop = len(folded) if end is None else end
    found = [_year_form(m) for m in _YEAR_FORM.finditer(folded, start, stop)]
    found += [_order_form(m) for m in _ORDER_FORM.finditer(folded, start, stop)]
    found += [_notice_form(m) for m in _NOTICE_FORM.finditer(folded, start, stop)]
    at = start
    for number in sorted(found):
        if number[0] >= at:
            yield number
            at = number[1]


def line_number(line: str) -> str | None:
    """The number when the folded line is nothing but one, in brackets or with 签发人 beside it."""
    bare = re.sub(r"签 ?发 ?人 ?:?.*", "", line).strip()
    if (bare.startswith("(") and bare.endswith(")") and bare.count("(") != bare.count("号")) or (
        bare.startswith("(") and bare.endswith(")")
    ):
        bare = bare[1:-1].strip()
    for start, end, number in find_numbers(bare):
        if start == 0 and end == len(bare):
            return number
    short = _WITHOUT_SIGN.fullmatch(bare)
    return _year_form(short)[2] if short else None
