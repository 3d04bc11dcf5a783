"""Which side of a number counts (以上、以下、不低于、未超过): ">=", "<=", ">", "<" or "~".

The bound is derived, not listed: a comparison has a direction (低于 is "<"), and a negation before it turns the
direction round (不低于, 不得再低于, 没有低于 are all ">="). Joined comparisons (等于或低于, 不高于且不低于) are
worked out as sets of the sides that they leave open.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["ADVERBS", "COMPARISONS", "NEGATIONS", "bound_of", "edge_of"]

COMPARISONS: Final = {
    "<": ("低于", "少于", "小于", "短于", "早于", "慢于", "弱于", "低过", "少过"),
    ">": (
        *("超过", "高于", "多于", "大于", "超出", "长于", "晚于", "迟于", "快于", "突破", "高过", "多过", "大过"),
        *("越过", "逾", "超"),
    ),
    ">=": ("达到", "满足", "达", "满", "足", "到"),
}
"""The words of a comparison by their direction."""
TURNED: Final = {"<": ">=", ">": "<=", ">=": "<"}
"""What a negation makes of a direction."""
NEGATIONS: Final = (
    *("不", "未", "没有", "没", "无", "勿", "禁止", "严禁", "并未", "尚未", "从未", "并不", "均未", "均不", "毋"),
    *("避免", "防止", "杜绝", "决不", "绝不", "并非"),
)
ADVERBS: Final = (
    *("应当", "能够", "可以", "允许", "得", "应", "能", "可", "会", "许", "准", "宜", "曾", "有", "要", "再次", "再"),
    *("累计", "合计", "总计", "总共", "共", "单独", "实际", "均", "都", "同时", "继续", "明显", "相应", "一次性"),
)
"""What may come between a negation and the comparison: 不得再高于, 未曾累计超过."""

_ALL: Final = sorted((word for words in COMPARISONS.values() for word in words), key=len, reverse=True)
_DIRECTION: Final = {word: sign for sign, words in COMPARISONS.items() for word in words}
_NEEDS_NEGATION: Final = frozenset({"足", "到", "超"})  # 到 alone is a preposition, 足 and 超 a part of many words
_NEGATED: Final = "|".join(sorted(NEGATIONS, key=len, reverse=True))
_EACH: Final = r"每(?:平方米|平方公里|立方米|公里|季度|小时|学年|学期|工作日|[\u4e00-\u9fff])"
_SHORT: Final = rf"(?:了|为|到|至|约|近|将|人民币|等值|合计|共计|累计|总计|平均|人均|{_EACH}|全年|一次性| ){{0,3}}"
_OF: Final = r"(?:[^，。;:、()《》“”\d]{1,16}(?:[的之]|加|减|\+|-|—))"
_WHOLE: Final = r"(?:[^，。;:、()《》“”\d的]{1,12})"
"""What a share is of, without 的: 不低于评估价70%."""
_COMPARED: Final = re.compile(
    rf"(?P<neg>(?:{_NEGATED})(?:{'|'.join(ADVERBS)}){{0,4}})?(?P<word>{'|'.join(_ALL)})于?"
    rf"(?P<equal>(?:或者?|、|和|及)?等于| ?\(均?(?:含|包含|包括)\))?(?: ?\(均?不(?:含|包含|包括)\))?"
    rf"(?P<of>{_OF})?{_SHORT}$"
)
_COMPARED_WHOLE: Final = re.compile(
    rf"(?:{_NEGATED})(?:{'|'.join(ADVERBS)}){{0,4}}(?P<word>{'|'.join(_ALL)})于?{_WHOLE}$"
)
_SIDES: Final = {"<": "<", "<=": "<=", "=": "=", ">=": "=>", ">": ">"}
"""The sides of a number that a bound leaves open, each a character; joined, they are in the order of their codes."""
_BOUNDS: Final = {sides: bound for bound, sides in _SIDES.items()}
_UNBOUNDED: Final = "="
"""A comparison that leaves one number or every side open (不高于且不低于, 高于或者低于), which is no bound."""
_EVERY_SIDE: Final = "<=>"
_JOINED: Final = re.compile(
    rf"(?:(?P<neg>(?:{_NEGATED})(?:{'|'.join(ADVERBS)}){{0,4}})|(?P<free>可以?|允许|能))?"
    rf"(?:(?P<equal>等)|(?P<word>{'|'.join(_ALL)}))于?"
    r"(?P<joint>(?: ?(?:、|或者?|或是|且|并且?|而且|但是?|同时|也|又|还|以及|及)){0,3})$"
)
"""A comparison that another follows, and the word that joins them."""
_EITHER: Final = re.compile(r"或")
_ALLOWED: Final = re.compile(r"(?:(?<!不)可|可以|允许|能够)$")
"""What leads up to a comparison that is only allowed (可达50万元) and so bounds nothing."""
_MORE_THAN: Final = re.compile(r"(?:不止|不只|何止|远超)有?$")
_EXTREME: Final = r"最[高低多少大小长短]|至少|至多|起码"
_WAIVED: Final = re.compile(
    r"(?:无须|无需|不需要?|不必|毋需|毋须|不再?要求|不设|不再(?:设|执行|实行|保留|适用)|取消|不以|不受|放开)"
    rf"[^，。;:\d]{{0,8}}?(?:{'|'.join(_ALL)}|{_EXTREME})于?{_SHORT}(?:[^，。;:\d]{{0,4}})$"
)
_DOUBLE: Final = re.compile(r"不得不|不能不|不可不|无不|不会不")
_SIGN: Final = re.compile(r"(?P<sign>≥|≧|⩾|>=|≤|≦|⩽|<=|>|<|＞|＜) ?$")
_SIGNS: Final = {
    **dict.fromkeys(("≥", "≧", "⩾", ">="), ">="),
    **dict.fromkeys(("≤", "≦", "⩽", "<="), "<="),
    **dict.fromkeys((">", "＞"), ">"),
    **dict.fromkeys(("<", "＜"), "<"),
}
_FILLER: Final = r"(?:(?!最[高低多少大小]|不[超低少高多])[^，。;:《》“”\d]){0,12}$"
_CEILING: Final = re.compile(
    r"(?:至多|最高(?!人民|法院|检察|学历|学位|级别|领导|权力)|最多|最长|最大|最迟|最晚|上限|封顶|限额|顶格|不超|控制在|仅限|限(?:报|申报|申请|领|购)|[多高长大]则)"
    + _FILLER
)
_FLOOR: Final = re.compile(
    r"(?:至少|起码|最低(?!工资|生活|保障|缴费|标准|基数)|最少|最短|最早|最小|下限|保底|不下|不少|[少低短]则)" + _FILLER
)
_ASIDE: Final = r"(?: ?\([^()]{0,40}\))? ?"
_AND: Final = r"(?:(?:及|或者?|和|含)?其?)"
_AFTER: Final = (
    (">=", re.compile(rf"{_ASIDE}{_AND}(?:以上|之上|起(?!草|点|步|算|至|到|征|诉|来)|以后|为下限|保底|起步)")),
    (
        "<=",
        re.compile(
            rf"{_ASIDE}{_AND}(?:以下|以内|之内|之下|以前|为上限|封顶|为限|为最高|内(?!容|部|外|涵|资|设|地|蒙|需|在|控|江|审))"
        ),
    ),
    ("~", re.compile(r" ?(?:左右|上下|前后)")),
)
_ITSELF: Final = (
    r"(?:本[数级日年月]|[此该]数|当[日天年月]|第?[\d零〇一二三四五六七八九十百千万两][^()，。;]{0,12})?"
    r"(?:，[^()]{1,12})? ?\)"
)
"""What 含 and 不含 may name to settle the edge: nothing or the number itself, but not 含税, 不含公示期."""


def _edge_pattern(words: str) -> re.Pattern[str]:
    """Return the pattern of a bracket behind a number; 均 speaks of the number before it as well."""
    return re.compile(
        rf"[^(),，。;\d]{{0,6}}\((?:{words}){_ITSELF}|[^(),，。;]{{0,16}}\((?:均|都|以上均)(?:{words}){_ITSELF}"
        rf"|[^(),，。;\d]{{0,6}}\([^()，。;]{{0,8}}，(?:{words}){_ITSELF}"
    )


_INCLUDED: Final = _edge_pattern("均?(?:含|包含|包括)")
_EXCLUDED: Final = _edge_pattern("均?(?:不含|不包含|不包括)")
_SIGNED_BEHIND: Final = re.compile(r" ?(?P<sign>≥|≧|⩾|>=|≤|≦|⩽|<=|>|<) ?(?=[\u4e00-\u9fffA-Za-z])")
_MIRRORED: Final = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}
_OUTSIDE: Final = re.compile(rf" ?\(均?(?:不含|不包含|不包括){_ITSELF}")
_BOTH_OUTSIDE: Final = re.compile(rf"[^(),，。;\d]{{0,6}}\((?:均|都)(?:不含|不包含|不包括){_ITSELF}")
_STRICT: Final = {">=": ">", "<=": "<"}
_LOOSE: Final = {">": ">=", "<": "<="}
_REACH: Final = 32
_TERM: Final = re.compile(r"\d{1,2}年期")
"""The term of a rate (不超过1年期LPR加50个基点), whose number is not the end of the words before another."""
_RATE_TERM: Final = re.compile(r"期(?:以上)?(?:LPR|贷款(?:市场|基准)|基准|央行|国债|存款)")
_GOES_ON: Final = re.compile(rf"((?:{'|'.join(_ALL)})于?)[，,] ?(?=[也又且并或但])")
"""A comma between two comparisons of one number (不得少于，也不得多于22天)."""
_CLAUSE: Final = re.compile(r"[，。;:!?\n]")
_PART: Final = re.compile(r"[%‰倍]|分之|个?百分点|基点|[Bb][Pp]|成$")
_SHARE: Final = re.compile(r"[%‰]|分之|成$")
_ABOUT: Final = re.compile(r"(?:约|大约|大概|将近|接近|(?<!最)近)(?:为|有)? ?$")
_ODD: Final = re.compile(r"[余多]")
_RECENT: Final = re.compile(r"年|月|日|天|周|期|季|届|次")


def bound_of(folded: str, start: int, end: int) -> str | None:
    """Return the bound that the words around the number set, or None for an exact one; 含 and 不含 settle the edge.

    What a word right behind the number says (50%以上) goes before a loose 最大 or 最低 somewhere before it.
    """
    window, printed = _clause_before(folded, start), folded[start:end]
    after = _bound_after(folded, end)
    close = None if _WAIVED.search(window) else _bound_before(window, printed)
    if close == _UNBOUNDED or _RATE_TERM.match(folded, end):
        return None
    bound = after if close is None or (close == ">=" and after) else close
    bound = bound or _loose_bound(window) or _bound_about(window, printed)
    if bound and _EXCLUDED.match(folded, end):
        return _STRICT.get(bound, bound)
    if bound and _INCLUDED.match(folded, end):
        return _LOOSE.get(bound, bound)
    return bound


def _bound_after(folded: str, end: int) -> str | None:
    """Return the bound of the words (以上) or of the sign (100万元＜投资额) behind a number."""
    if signed := _SIGNED_BEHIND.match(folded, end):
        return _MIRRORED[_SIGNS[signed["sign"]]]
    return next((sign for sign, words in _AFTER if words.match(folded, end)), None)


def edge_of(folded: str, start: int, end: int) -> str | None:
    """Return which ends of a range are said to be outside: ">" the lower, "<" the upper, "<>" both, or None.

    10万元（不含）至50万元（含） is ">".
    """
    lower = ">" if _OUTSIDE.search(folded, start, end) else ""
    upper = "<" if _OUTSIDE.match(folded, end) else ""
    if _BOTH_OUTSIDE.match(folded, end):
        return "<>"
    return (upper + lower) or None


def _clause_before(folded: str, start: int) -> str:
    """Return the words before the number, back to the last comma or to the number before it."""
    window = folded[max(0, start - _REACH) : start]
    parts = _CLAUSE.split(_GOES_ON.sub(r"\1", _TERM.sub("某年期", window)))
    tail = re.split(r"\d", parts[-1])[-1]
    return _DOUBLE.sub("必须", tail)


def _bound_before(window: str, printed: str) -> str | None:
    """Return the bound of a sign or comparison that leads up to a number.

    Args:
        window: the words before the number.
        printed: the number; where it is a share (50%), a comparison may name the whole (不超过实际租金的50%).

    """
    if sign := _SIGN.search(window):
        return _SIGNS[sign["sign"]]
    if _MORE_THAN.search(window):
        return ">"
    for match in _COMPARED.finditer(window):
        if (match["of"] and not _PART.search(printed)) or (match["word"] in _NEEDS_NEGATION and not match["neg"]):
            continue
        allowed = None if match["neg"] else _ALLOWED.search(window[: match.start()])
        if allowed:
            before = window[: allowed.start()]
            return _join_comparisons(before, None, is_negated=False) if _JOINED.search(before) else None
        direction = TURNED[_DIRECTION[match["word"]]] if match["neg"] else _DIRECTION[match["word"]]
        direction = _LOOSE.get(direction, direction) if match["equal"] else direction
        return _join_comparisons(window[: match.start()], direction, is_negated=bool(match["neg"]))
    whole = _COMPARED_WHOLE.search(window) if _SHARE.search(printed) else None
    return TURNED[_DIRECTION[whole["word"]]] if whole else None


def _join_comparisons(window: str, direction: str | None, *, is_negated: bool) -> str | None:
    """Return the bound of a comparison together with those that lead up to it (等于或低于, 既不低于也不超过).

    Args:
        window: the words before the comparison.
        direction: its own bound, or None where it is only allowed (不低于且可以高于60分).
        is_negated: whether it is negated; of two negated ones joined by 、 both hold.

    """
    sides = set(_SIDES[direction] if direction else _EVERY_SIDE)
    while joined := _JOINED.search(window):
        if not joined["joint"] and not joined["equal"]:
            break
        word = joined["word"]
        own = "=" if word is None else TURNED[_DIRECTION[word]] if joined["neg"] else _DIRECTION[word]
        more = set(_EVERY_SIDE if joined["free"] else _SIDES[own])
        both = not _EITHER.search(joined["joint"]) and word is not None and (is_negated or joined["joint"] != "、")
        sides = sides & more if both else sides | more
        window = window[: joined.start()]
    return _BOUNDS.get("".join(sorted(sides)), _UNBOUNDED)


def _loose_bound(window: str) -> str | None:
    """Return the bound of 最高, 至少 and the like, between which and the number other words may come."""
    if _WAIVED.search(window):
        return None
    if _CEILING.search(window):
        return "<="
    return ">=" if _FLOOR.search(window) else None


def _bound_about(window: str, printed: str) -> str | None:
    """Return "~" for 约200家 and 200余家; 近三年 is a time and no estimate."""
    about = _ABOUT.search(window)
    recent = about and about[0].startswith("近") and _RECENT.search(printed)
    return "~" if _ODD.search(printed) or (about and not recent) else None
