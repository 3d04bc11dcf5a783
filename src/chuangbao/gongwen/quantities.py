"""Numbers with their units (数量): money, per cent, durations, counts, areas and days, ranges and bounds.

`value` is an exact decimal in base units: yuan ("200000", unit "CNY"), per cent ("50", unit "%"),
single things ("10000", unit "人"); a day is ISO ("2015", "2015-06", "2015-06-08"); a range is [low, high].
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from chuangbao.gongwen.bounds import bound_of
from chuangbao.gongwen.dates import find_dates
from chuangbao.gongwen.model import Quantity, QuantityKind
from chuangbao.gongwen.numerals import to_decimal

__all__ = ["quantities_of"]

_DIGITS: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,8})?|\d{1,15}(?:\.\d{1,8})?"
_HAN: Final = r"[零〇一二三四五六七八九十百千两]{1,9}(?:点[零〇一二三四五六七八九]{1,4})?"
_NUM: Final = rf"(?:{_DIGITS}|{_HAN}|(?<![数上几第])(?=[万亿][名人户家元亩]))"
_SCALE: Final = r"(?:万亿|百亿|千亿|十亿|百万|千万|十万|万|亿|千|百)?"
_DASH: Final = r" ?(?:至|到|-|—{1,2}|~) ?"
_MONEY: Final = r"元人民币|美元|欧元|港元|日元|元"
_AREA: Final = r"平方米|平方公里|平方千米|公顷|亩|㎡|m2"
_TIME: Final = (
    r"个工作日|工作日|个自然日|自然日|个月|个学年|学年|个学期|学期|个季度"
    r"|年(?!级|度|龄|代|均|轻|检)|周岁|周|个小时|小时|分钟|天|日"
)
_COUNT: Final = (
    r"人次|家次|户次|件次|场次|名|家|户|人|项|件|次|个|场|所|套|台|辆|批|种|类|支|只|篇|座|处|栋|间|张|份|门|条|例|期"
    r"|倍|笔|册|档|组|轮|吨|千克|公斤|公里|千米|千瓦时|千瓦|米"
)
_UNIT: Final = rf"(?:{_MONEY}|{_AREA}|个百分点|百分点|%|‰|{_TIME}|{_COUNT})"
_PER: Final = (
    r"(?: ?/ ?(?:人|户|家|项|个|平方米|亩|年|月|天|日|次|件|学年|学期|吨|千瓦时|台|辆|名|篇|场)"
    r"(?: ?[·./] ?(?:人|年|月|天|日|次))?)?"
)
_NAMED: Final = re.compile(
    rf"(?<![第\d.a-zA-Z])(?P<a>{_NUM}) ?(?P<as>{_SCALE})余?多? ?(?P<au>{_UNIT})?"
    rf"(?:{_DASH}(?P<b>{_DIGITS}|{_HAN}) ?(?P<bs>{_SCALE}) ?(?P<bu>{_UNIT}))?(?P<per>{_PER})"
)
_HUNDREDTH: Final = re.compile(
    rf"(?P<p>[百千])分之(?P<a>{_HAN}|{_DIGITS})(?:{_DASH}(?:[百千]分之)?(?P<b>{_HAN}|{_DIGITS}))?"
)
_SCALES: Final = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}
_SCALES_BIG: Final = {"十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}
_CURRENCY: Final = {
    "元人民币": "CNY",
    "元": "CNY",
    "美元": "USD",
    "欧元": "EUR",
    "港元": "HKD",
    "日元": "JPY",
}
_SAME: Final = {
    "㎡": "平方米",
    "m2": "平方米",
    "平方千米": "平方公里",
    "百分点": "个百分点",
    "天": "日",
    "千米": "公里",
    "公斤": "千克",
}
_PERCENT: Final = frozenset({"%", "‰", "个百分点"})
_VAGUE: Final = frozenset({"一"})


def _shown(value: Decimal) -> str:
    """Plain digits, without an exponent or trailing zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _amount(number: str, scale: str) -> Decimal:
    factor = _SCALES.get(scale) or _SCALES_BIG[scale]
    return (to_decimal(number) if number else Decimal(1)) * factor


def _unit(printed: str, per: str) -> tuple[str, QuantityKind]:
    """The normal unit and its kind."""
    suffix = re.sub(r"[ ]", "", per).replace("·", "/").replace(".", "/")
    if printed in _CURRENCY:
        return _CURRENCY[printed] + suffix, "money"
    plain = printed.removeprefix("个") if printed not in {"个", "个百分点"} else printed
    unit = _SAME.get(plain, plain)
    if unit in _PERCENT:
        return unit, "percent"
    if re.fullmatch(_AREA, printed):
        return unit + suffix, "area"
    if re.fullmatch(_TIME, printed):
        return unit + suffix, "duration"
    return unit + suffix, "count"


def _is_idiom(match: re.Match[str], unit: str, folded: str) -> bool:
    """一批、一家、千家万户、四个全面: Chinese numerals that count nothing a rule can use."""
    number, scale = match["a"], match["as"]
    if number and number[0].isdecimal():
        return False
    before = folded[match.start() - 1 : match.start()]
    if (before and before in "统唯专逐万之同第每任某另单初进下再") or (
        before in "一二三四五六七八九十百千万" and before
    ):
        return True
    vague = number in _VAGUE and not scale and unit not in {"CNY", "年", "月", "工作日", "周", "小时"}
    return vague or (unit in {"类", "批", "种", "条", "次", "期", "支", "组", "门"} and not scale and len(number) == 1)


def _named(folded: str, text: str, start: int, end: int) -> list[Quantity]:
    """Numbers followed by a unit."""
    found: list[Quantity] = []
    for match in _NAMED.finditer(folded, start, end):
        quantity = _one_or_range(match, folded, text)
        if quantity:
            found.append(quantity)
    return found


def _one_or_range(match: re.Match[str], folded: str, text: str) -> Quantity | None:
    printed = match["bu"] or match["au"]
    if not printed:
        return None
    unit, kind = _unit(printed, match["per"])
    if _is_idiom(match, unit, folded) or _is_serial(match, unit, folded):
        return None
    last = match.end() - len(match[0]) + len(match[0].rstrip())
    value: str | list[str]
    if match["b"]:
        high = _amount(match["b"], match["bs"])
        own = match["as"] or ("" if match["au"] else match["bs"])
        value = [_shown(_amount(match["a"], own)), _shown(high)]
    else:
        value = _shown(_amount(match["a"], match["as"]))
    bound = bound_of(folded, match.start(), last)
    return Quantity(text[match.start() : last], value, unit, kind, match.start(), last, bound)


def _is_serial(match: re.Match[str], unit: str, folded: str) -> bool:
    """第二条、本条第三款、2.6 项: an ordinal, not a count; 一年级; 5日 after a month is part of a day."""
    before = folded[max(0, match.start() - 2) : match.start()].replace(" ", "")
    return before.endswith("第") or (unit == "日" and before.endswith("月"))


def _hundredths(folded: str, text: str, start: int, end: int) -> list[Quantity]:
    """百分之五十."""
    found: list[Quantity] = []
    for match in _HUNDREDTH.finditer(folded, start, end):
        unit = "%" if match["p"] == "百" else "‰"
        low = _shown(to_decimal(match["a"]))
        value: str | list[str] = [low, _shown(to_decimal(match["b"]))] if match["b"] else low
        bound = bound_of(folded, match.start(), match.end())
        piece = text[match.start() : match.end()]
        found.append(Quantity(piece, value, unit, "percent", match.start(), match.end(), bound))
    return found


def quantities_of(folded: str, text: str, start: int, end: int) -> tuple[Quantity, ...]:
    """Every quantity in the span, in order; a day wins over a duration, 百分之 over a count."""
    found = find_dates(folded, text, start, end) + _hundredths(folded, text, start, end)
    taken = [(q.start, q.end) for q in found]
    at = 0
    taken.sort()
    for quantity in _named(folded, text, start, end):
        while at < len(taken) and taken[at][1] <= quantity.start:
            at += 1
        if at == len(taken) or quantity.end <= taken[at][0]:
            found.append(quantity)
    return tuple(sorted(found, key=lambda q: q.start))
