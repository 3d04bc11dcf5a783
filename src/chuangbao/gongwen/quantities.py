"""Numbers with their units (数量): money, per cent, durations, counts, areas and days, ranges and bounds.

`value` is an exact decimal in base units: yuan ("200000", unit "CNY"), per cent ("50", unit "%"),
single things ("10000", unit "人"); a day is ISO ("2015", "2015-06", "2015-06-08"); a range is [low, high].
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from chuangbao.gongwen.bounds import bound_of, edge_of
from chuangbao.gongwen.dates import find_dates
from chuangbao.gongwen.model import Quantity, QuantityKind
from chuangbao.gongwen.numerals import FORMAL, to_decimal, to_int

__all__ = ["quantities_of"]

_DIGITS: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,8})?|\d{1,15}(?:\.\d{1,8})?"
_HAN: Final = (
    rf"(?<![队退入行落收])[{FORMAL}]{{1,12}}"
    r"|[零〇一二三四五六七八九十百千两]{1,9}(?:点[零〇一二三四五六七八九]{1,4})?"
)
_NUM: Final = rf"(?:{_DIGITS}|{_HAN}|(?<![数上几第每])(?=[万亿][名人户家亩]))"
_SCALE: Final = r"(?:万亿|百亿|千亿|十亿|百万|千万|十万|万|萬|亿|億|千|百)?"


def _rest(name: str) -> str:
    """Return the pattern of what follows the 万 or 亿 of the same number: 1万2千元, 一亿三千万元."""
    return rf"(?:(?<=[万亿萬億])(?P<{name}r>\d{{1,4}}|{_HAN})(?P<{name}rs>万|千|百)?)?"


_DASH: Final = r" ?(?:至|到|-|—{1,2}|~) ?"
_BETWEEN: Final = r" ?(?:至|到|-|—{1,2}|~|[和与](?=[^，。;、]{1,14}之间)) ?"
_EDGE: Final = r"(?: ?\(均?不?(?:含|包含|包括)[^()]{0,6}\))?"
_MONEY: Final = r"元人民币|人民币元|人民币(?=[，。;、)的 ]|$)|美元|欧元|港元|日元|元"
_AREA: Final = r"平方米|平方公里|平方千米|公顷|亩|㎡|m2"
_SHARE: Final = r"个百分点|百分点|个基点|基点|[Bb][Pp]s?(?![A-Za-z])|%|‰"
_TIME: Final = (
    r"个工作日|工作日|个自然日|自然日|个月|个学年|学年|个学期|学期|个季度"
    r"|年(?!级|度|龄|代|均|轻|检)|周岁|岁|周(?!边)|个小时|小时|分钟|天|日"
)
_COUNT: Final = (
    r"人次|家次|户次|件次|场次|名|家|户|人|项|件|次|个|场|所|套|台|辆|批|种|类|支|只|篇|座|处|栋|间|张|份|门|条|例|期"
    r"|分(?![之钟别公局支类数值期包行立院部校厂店会享级工布为成配析担散离层批步阶子红区项管头色割拆解歧配段泌娩寸文批辨寻明外内])"
    r"|成(?=以上|以下|以内|左右|的|多|[，。;、)给]|$)"
    r"|倍|笔|册|档|组|轮|吨|千克|公斤|公里|千米|千瓦时|千瓦|米"
)
_UNIT: Final = rf"(?:{_MONEY}|{_AREA}|{_SHARE}|{_TIME}|{_COUNT})"
_PER: Final = (
    r"(?: ?/ ?(?:人|户|家|项|个|平方米|亩|年|季度|季|月|天|日|次|件|学年|学期|吨|千瓦时|台|辆|名|篇|场)"
    r"(?: ?[·./] ?(?:人|年|月|天|日|次))?)?"
)
_NAMED: Final = re.compile(
    rf"(?<![第\d.a-zA-Z])(?P<a>{_NUM}){_EDGE} ?(?P<as>{_SCALE}){_rest('a')}余?多?整? ?(?P<au>{_UNIT})?"
    rf"(?:{_EDGE}{_BETWEEN}(?P<b>{_DIGITS}|{_HAN}) ?(?P<bs>{_SCALE}){_rest('b')} ?(?P<bu>{_UNIT}))?(?P<per>{_PER})"
)
_PRICED: Final = re.compile(rf"(?:[¥￥]|RMB) ?(?P<a>{_DIGITS}) ?(?P<as>{_SCALE})元?")
_HUNDREDTH: Final = re.compile(
    rf"(?P<p>[百千])分之(?P<a>{_HAN}|{_DIGITS})(?:{_DASH}(?:[百千]分之)?(?P<b>{_HAN}|{_DIGITS}))?"
)
_FRACTION: Final = re.compile(
    rf"(?P<over>[一二三四五六七八九十\d]{{1,3}})分之(?P<a>{_HAN}|\d{{1,3}})(?!\d)"
    r"|(?<=[按照以为])(?P<l>\d{1,3}) ?[::] ?(?P<r>\d{1,3})(?= ?(?:的|比例|配|给|予|进行|安排|，|。|;|$))"
)
_LISTED: Final = re.compile(rf"(?<![\d.第,])(?P<a>{_DIGITS}|{_HAN}) ?(?P<as>{_SCALE})(?P<sep> ?(?:、|/|或者?|和) ?)$")
_LEAD: Final = re.compile(rf"(?:{_DIGITS}|{_HAN}) ?(?P<as>{_SCALE})")
_LIST_REACH: Final = 24
_LIST_SIGN: Final = re.compile(r" ?(?:、|和|或者?|及|/) ?")
_SCHOOL_YEAR: Final = re.compile(r"(?:19|20)\d{2}$")
_SCALES: Final = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "萬": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "億": 10**8,
}
_SCALES_BIG: Final = {"十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}
_CURRENCY: Final = {
    "元人民币": "CNY",
    "人民币元": "CNY",
    "人民币": "CNY",
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
    **dict.fromkeys(("BP", "Bp", "bp", "BPs", "Bps", "bps", "BPS"), "基点"),
    "天": "日",
    "千米": "公里",
    "公斤": "千克",
}
_PERCENT: Final = frozenset({"%", "‰", "个百分点", "基点"})
_VAGUE: Final = frozenset({"一"})


def _shown(value: Decimal) -> str:
    """Plain digits, without an exponent or trailing zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _factor(scale: str) -> int:
    return _SCALES.get(scale) or _SCALES_BIG[scale]


def _amount(number: str, scale: str, rest: str | None = None, rest_scale: str | None = None) -> Decimal:
    """Return a number times its scale (万), and what follows the scale in the same number (1万2千)."""
    more = to_decimal(rest) * _factor(rest_scale or "") if rest else Decimal(0)
    return (to_decimal(number) if number else Decimal(1)) * _factor(scale) + more


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
    if before == "“" and unit == "个":
        return True  # “三个代表” is a name
    if (before and before in "统唯专逐万之同第每任某另单初进下再") or (
        before in "一二三四五六七八九十百千万" and before
    ):
        return True
    vague = number in _VAGUE and not scale and unit not in {"CNY", "年", "月", "工作日", "周", "小时"}
    return vague or (unit in {"类", "批", "种", "条", "次", "期", "支", "组", "门"} and not scale and len(number) == 1)


def _named(folded: str, text: str, start: int, end: int) -> list[Quantity]:
    """Return the numbers that a unit follows, each number of a list (10万、20万、30万元) among them."""
    found: list[Quantity] = []
    for match in _NAMED.finditer(folded, start, end):
        for quantity in _one_or_range(match, folded, text):
            found += [*_listed_before(quantity, folded, text, start), quantity]
    for match in _PRICED.finditer(folded, start, end):
        value = _shown(_amount(match["a"], match["as"]))
        stop = match.start() + len(match[0].rstrip())
        found.append(_quantity(folded, text, (match.start(), stop), value, ("CNY", "money")))
    return _without_overlaps(found)


def _without_overlaps(found: list[Quantity]) -> list[Quantity]:
    """Return the quantities in order, of two that overlap the one that begins first."""
    kept: list[Quantity] = []
    for quantity in sorted(found, key=lambda q: (q.start, -q.end)):
        if not kept or quantity.start >= kept[-1].end:
            kept.append(quantity)
    return kept


def _quantity(
    folded: str, text: str, span: tuple[int, int], value: str | list[str], unit: tuple[str, QuantityKind]
) -> Quantity:
    """Return the quantity printed in a span, with the bound that the words around it set."""
    start, end = span
    return Quantity(text[start:end], value, unit[0], unit[1], start, end, bound_of(folded, start, end))


def _one_or_range(match: re.Match[str], folded: str, text: str) -> list[Quantity]:
    """Return one number or one range; two numbers where the second is less (365天-104天 is a subtraction)."""
    printed = match["bu"] or match["au"]
    if not printed or (printed == "分" and _is_clock(match, folded)):
        return []
    unit = _unit(printed, match["per"])
    if _is_idiom(match, unit[0], folded) or _is_serial(match, unit[0], folded):
        return []
    if printed == "成":
        return _tenths(match, folded, text)
    start, last = match.start(), match.end() - len(match[0]) + len(match[0].rstrip())
    own = match["as"] or ("" if match["au"] or not match["b"] else match["bs"])
    low = _amount(match["a"], own, match["ar"], match["ars"])
    if not match["b"]:
        return [_quantity(folded, text, (start, last), _shown(low), unit)]
    high = _amount(match["b"], match["bs"], match["br"], match["brs"])
    if low <= high:
        whole = _quantity(folded, text, (start, last), [_shown(low), _shown(high)], unit)
        return [replace(whole, bound=whole.bound or edge_of(folded, start, last))]
    first = (
        [_quantity(folded, text, match.span("a")[:1] + match.span("au")[1:], _shown(low), unit)] if match["au"] else []
    )
    return [*first, _quantity(folded, text, (match.start("b"), last), _shown(high), unit)]


def _is_clock(match: re.Match[str], folded: str) -> bool:
    """Return whether 分 are minutes (9时30分) or part of a word (十分), not points of a score."""
    return folded[match.start() - 1 : match.start()] in {"时", "点"} or match["a"] in {"十", "万", ""} or not match["a"]


def _tenths(match: re.Match[str], folded: str, text: str) -> list[Quantity]:
    """Return 七成 as 70 %."""
    span = (match.start(), match.end())
    return [_quantity(folded, text, span, _shown(to_decimal(match["a"]) * 10), ("%", "percent"))]


def _listed_before(last: Quantity, folded: str, text: str, start: int) -> list[Quantity]:
    """Return the numbers of a list before its last, whose unit and scale they share (10、20、30万元)."""
    lead = _LEAD.match(folded, last.start)
    if isinstance(last.value, list) or not lead:
        return []
    items: list[tuple[int, int, str]] = []
    at = last.start
    while match := _LISTED.search(folded[max(start, at - _LIST_REACH) : at]):
        shift = max(start, at - _LIST_REACH)
        at = shift + match.start()
        value = _shown(_amount(match["a"], match["as"] or lead["as"]))
        items.insert(0, (at, shift + match.end("as"), value))
    if not items or (len(items) == 1 and items[0][0] == start) or not folded[items[0][0]].isdecimal():
        return []
    bound = bound_of(folded, items[0][0], last.end)
    return [Quantity(text[a:b], value, last.unit, last.kind, a, b, bound) for a, b, value in items]


def _is_serial(match: re.Match[str], unit: str, folded: str) -> bool:
    """第二条、本条第三款、2.6 项: an ordinal, not a count; 一年级; 5日 after a month is part of a day."""
    before = folded[max(0, match.start() - 2) : match.start()].replace(" ", "")
    school_year = unit == "学年" and bool(_SCHOOL_YEAR.match(match["b"] or match["a"]))
    return before.endswith("第") or (unit == "日" and before.endswith("月")) or school_year


def _hundredths(folded: str, text: str, start: int, end: int) -> list[Quantity]:
    """Return 百分之五十 and 千分之三."""
    found: list[Quantity] = []
    for match in _HUNDREDTH.finditer(folded, start, end):
        unit = "%" if match["p"] == "百" else "‰"
        low = _shown(to_decimal(match["a"]))
        value: str | list[str] = [low, _shown(to_decimal(match["b"]))] if match["b"] else low
        found.append(_quantity(folded, text, match.span(), value, (unit, "percent")))
    return found


def _fractions(folded: str, text: str, start: int, end: int) -> list[Quantity]:
    """Return 三分之二 and 1:1 as "2/3" and "1/1", exact as printed."""
    found: list[Quantity] = []
    for match in _FRACTION.finditer(folded, start, end):
        above, below = (match["a"], match["over"]) if match["over"] else (match["l"], match["r"])
        value = f"{to_int(above)}/{to_int(below)}"
        found.append(_quantity(folded, text, match.span(), value, ("ratio", "ratio")))
    return found


def quantities_of(folded: str, text: str, start: int, end: int) -> tuple[Quantity, ...]:
    """Return every quantity in the span, in order; a day wins over a duration, 百分之 over a count."""
    exact = find_dates(folded, text, start, end) + _hundredths(folded, text, start, end)
    found = _beside(exact, _fractions(folded, text, start, end))
    return tuple(_carry_bounds(_beside(found, _named(folded, text, start, end)), folded))


def _carry_bounds(found: list[Quantity], folded: str) -> list[Quantity]:
    """Return the quantities, those of a list under the bound of its first: 不超过10万元、20万元、30万元."""
    kept: list[Quantity] = []
    for quantity in found:
        before = kept[-1] if kept else None
        listed = before and before.unit == quantity.unit and _LIST_SIGN.fullmatch(folded, before.end, quantity.start)
        if before and listed and quantity.bound is None and before.bound in {"<=", ">=", "<", ">"}:
            kept.append(replace(quantity, bound=before.bound))
        else:
            kept.append(quantity)
    return kept


def _beside(found: list[Quantity], more: list[Quantity]) -> list[Quantity]:
    """Return the quantities found, with those of the second list that overlap none of them, in order."""
    taken = sorted((q.start, q.end) for q in found)
    kept = list(found)
    at = 0
    for quantity in more:
        while at < len(taken) and taken[at][1] <= quantity.start:
            at += 1
        if at == len(taken) or quantity.end <= taken[at][0]:
            kept.append(quantity)
    return sorted(kept, key=lambda q: q.start)
