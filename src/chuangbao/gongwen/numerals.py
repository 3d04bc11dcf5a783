"""Chinese numerals (中文数字) to numbers: 十二 → 12, 二〇一五 → 2015, 三百二十万 → 3 200 000, 贰拾伍 → 25."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

__all__ = ["CN_DIGITS", "DATE", "ENCLOSED", "FORMAL", "iso_date", "to_decimal", "to_int"]

CN_DIGITS: Final = "零〇一二三四五六七八九十百千两"
_DIGIT: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "О": 0, "O": 0}
FORMAL: Final = "壹贰貳叁參肆伍陆陸柒捌玖零拾佰仟"
"""The numerals of cheques and contracts (大写数字), which nobody can change with a stroke."""
_PLAIN: Final = str.maketrans(FORMAL + "萬億", "一二二三三四五六六七八九零十百千" + "万亿")
_SMALL: Final = {"十": 10, "百": 100, "千": 1000}
_BIG: Final = {"万": 10**4, "亿": 10**8}
_YEAR: Final = r"(?:[12]\d{3}|[一二][零〇ОO0一二三四五六七八九]{3})"
_TWO: Final = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
DATE: Final = rf"(?P<y>{_YEAR}) ?年 ?(?P<m>{_TWO}) ?月 ?(?P<d>{_TWO}) ?日"
ENCLOSED: Final = "①-⑳㉑-㉟⑴-⒇㈠-㈩⒈-⒛❶-❿"
"""Characters that are a number in a ring, in brackets or with a point, as ranges of a pattern."""
_ENCLOSED_FIRST: Final = tuple((ord(pair[0]), ord(pair[2])) for pair in re.findall(".-.", ENCLOSED))
_SECOND_RING: Final = ord("㉑")
_MONTHS: Final = 12
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def to_int(numeral: str) -> int:
    """Return a whole number from digits, Chinese numerals or an enclosed one; other characters count nothing."""
    if len(numeral) == 1 and (enclosed := _enclosed(ord(numeral))):
        return enclosed
    numeral = numeral.translate(_PLAIN)
    if numeral.isdecimal():
        return int(numeral)
    if not any(c in _SMALL or c in _BIG for c in numeral):
        digits = [str(_DIGIT[c]) if c in _DIGIT else c for c in numeral if c in _DIGIT or c.isdecimal()]
        return int("".join(digits) or "0")
    return _grouped(numeral)


def _enclosed(code: int) -> int:
    """Return the number inside a ring or brackets (⑫, ㈢), or 0 for another character."""
    for first, last in _ENCLOSED_FIRST:
        if first <= code <= last:
            return code - first + (21 if first == _SECOND_RING else 1)
    return 0


def _grouped(numeral: str) -> int:
    """Numerals with 十百千万亿: 三百二十万."""
    total = section = digit = 0
    for c in numeral:
        if c in _DIGIT:
            digit = _DIGIT[c]
        elif c in _SMALL:
            section += (digit or 1) * _SMALL[c]
            digit = 0
        else:
            total = (total + (section + digit or 1)) * _BIG[c]
            section = digit = 0
    return total + section + digit


def to_decimal(number: str) -> Decimal:
    """An exact number from 1,234.5 or from Chinese numerals (三点五 too)."""
    plain = number.replace(",", "").replace(" ", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return Decimal(plain)
    whole, _, part = plain.translate(_PLAIN).partition("点")
    fraction = "".join(str(_DIGIT[c]) for c in part if c in _DIGIT)
    return Decimal(f"{to_int(whole)}.{fraction}" if fraction else to_int(whole))


def iso_date(match: re.Match[str]) -> str | None:
    """The ISO day of a DATE match, or None when there is no such day."""
    year, month, day = to_int(match["y"]), to_int(match["m"]), to_int(match["d"])
    if 1 <= month <= _MONTHS and 1 <= day <= _DAYS[month - 1]:
        return f"{year:04d}-{month:02d}-{day:02d}"
    return None
