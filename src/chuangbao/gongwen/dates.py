"""Days, months and years in the text (时间): 2015年6月8日, 2020年底前, “到2020年”, 2023年1月1日至2027年12月31日."""

from __future__ import annotations

import re
from typing import Final

from chuangbao.gongwen.model import Quantity
from chuangbao.gongwen.numerals import to_int

__all__ = ["find_dates"]

_YEAR: Final = r"(?:(?:19|20)\d{2}|[一二][零〇ОO0一二三四五六七八九]{3})"
_TWO: Final = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"


def _one(n: int) -> str:
    """One date with groups y, m, d, e of this ordinal."""
    day = rf"(?:(?P<d{n}>{_TWO}) ?日)?"
    return rf"(?P<y{n}>{_YEAR}) ?年 ?(?:(?P<m{n}>{_TWO}) ?月 ?{day})?(?P<e{n}>年?[底末初])?"


_CLOCK: Final = r"(?: ?(?:[上下]午|晚上?|早上?|中午)? ?\d{1,2}(?:(?:时|点)(?:\d{1,2}分|整|半)?|:\d{2}(?::\d{2})?))?"
_ASIDE: Final = r"(?: ?\([^()\n]{1,12}\))?"
_TO: Final = rf"{_CLOCK}{_ASIDE} ?起? ?(?:至|到|-|—{{1,2}}|~) ?"
_SPAN: Final = re.compile(
    rf"(?<!\d){_one(1)}(?:{_TO}(?:{_one(2)}|(?P<m3>{_TWO}) ?月(?: ?(?P<d3>{_TWO}) ?日)?|(?P<d4>{_TWO}) ?日))?"
)
_YEARS: Final = re.compile(
    rf"(?<!\d)(?P<a>{_YEAR})年? ?(?:至|到|-|—{{1,2}}|~) ?(?P<b>{_YEAR}) ?(?:年(?!\d| ?\d{{1,2}} ?月)|学年)"
)
_PARTIAL: Final = re.compile(
    r"(?<![\d个÷×*/+=])(?<!\d年)(?<!\d 年)(?P<m>\d{1,2}) ?月(?!龄|份?[度均]) ?(?:(?P<d>\d{1,2}) ?日)?(?P<e>[底末初])?"
    rf"(?:{_TO}(?:(?P<m2>\d{{1,2}}) ?月)? ?(?P<d2>\d{{1,2}}) ?日)?"
)
_AFTERWARDS: Final = rf"(?:{_ASIDE}{_CLOCK}|{_CLOCK}{_ASIDE}) ?"
_BEFORE: Final = re.compile(rf"{_AFTERWARDS}(?:以前|之前|前(?!述|款|条|项|期|来|往|后)|止|截止|为止|为限)")
_SINCE: Final = re.compile(rf"{_AFTERWARDS}(?:起(?!草)|以来|以后|之后|后|开始)")
_UNTIL: Final = re.compile(
    r"(?:截至|截止(?:时间|日期|日|期限)?(?:为|是|到|至|:)? ?"
    r"|(?:有效期?|执行|实施|施行|试行|延续|延长|保留|享受)(?:期?限)?[至到]"
    r"|不(?:得|应|可|能)?(?:晚|迟)于|最迟(?:于|在)?|最晚(?:于|在)?) ?$"
)
_FROM: Final = re.compile(r"不(?:得|应|可|能)?早于 ?$")
_LATER: Final = re.compile(r"(?<!不)(?<!不得)(?<!不应)(?<!不可)(?:晚|迟)于 ?$")
_EARLIER: Final = re.compile(r"(?<!不)(?<!不得)(?<!不应)(?<!不可)早于 ?$")
_LEADS: Final = (("<=", _UNTIL), (">=", _FROM), (">", _LATER), ("<", _EARLIER))
_REACH: Final = 10
_LAST: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _iso(year: int | None, month: int | None, day: int | None, edge: str | None) -> str | None:
    """ISO 8601 with as much as is known (--06-08 without a year), the last day for 底 and 末."""
    if month is not None and not 1 <= month <= len(_LAST):
        return None
    if edge and edge[-1] in "底末":
        month = month or 12
        leap = month == 2 and year is not None and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)  # noqa: PLR2004
        day = day or _LAST[month - 1] + leap
    head = f"{year:04d}" if year is not None else "-"
    return head + "".join(f"-{part:02d}" for part in (month, day) if part is not None)


def _number(text: str | None) -> int | None:
    return to_int(text) if text else None


def _bound(folded: str, start: int, end: int) -> str | None:
    """Return the side on which a day counts, from the words before it (截至) or behind it (24时前)."""
    lead = folded[max(0, start - _REACH) : start]
    for sign, words in _LEADS:
        if words.search(lead):
            return sign
    if _BEFORE.match(folded, end):
        return "<="
    return ">=" if _SINCE.match(folded, end) else None


def _value(match: re.Match[str]) -> str | list[str] | None:
    low = _iso(_number(match["y1"]), _number(match["m1"]), _number(match["d1"]), match["e1"])
    if match["y2"]:
        high = _iso(_number(match["y2"]), _number(match["m2"]), _number(match["d2"]), match["e2"])
    elif match["m3"]:
        high = _iso(_number(match["y1"]), _number(match["m3"]), _number(match["d3"]), None)
    elif match["d4"] and match["m1"]:
        high = _iso(_number(match["y1"]), _number(match["m1"]), _number(match["d4"]), None)
    else:
        return low
    return [low, high] if low and high else None


def _add(found: list[Quantity], folded: str, text: str, span: tuple[int, int], value: str | list[str] | None) -> None:
    """Keep a date that is one and that overlaps none found before."""
    start, end = span
    if value is None or any(q.start < end and start < q.end for q in found[-2:]):
        return
    bound = None if isinstance(value, list) else _bound(folded, start, end)
    found.append(Quantity(text[start:end], value, "date", "date", start, end, bound))


def find_dates(folded: str, text: str, start: int, end: int) -> list[Quantity]:
    """Every date in the span, in order: spans of years first, then days, then days without a year."""
    found: list[Quantity] = []
    for match in _YEARS.finditer(folded, start, end):
        _add(found, folded, text, match.span(), [str(to_int(match["a"])), str(to_int(match["b"]))])
    taken = {at for q in found for at in range(q.start, q.end)}
    for pattern in (_SPAN, _PARTIAL):
        for match in pattern.finditer(folded, start, end):
            if match.start() in taken:
                continue
            value = _value(match) if pattern is _SPAN else _partial(match)
            _add(found, folded, text, (match.start(), match.start() + len(match[0].rstrip())), value)
            taken.update(range(*match.span()))
    return sorted(found, key=lambda q: q.start)


def _partial(match: re.Match[str]) -> str | list[str] | None:
    """Return --06-08 for 6月8日, and both ends of 7月19日-7月27日 or 7月19日至27日."""
    low = _iso(None, _number(match["m"]), _number(match["d"]), match["e"])
    if not match["d2"]:
        return low
    high = _iso(None, _number(match["m2"] or match["m"]), _number(match["d2"]), None)
    return [low, high] if low and high else None
