"""Which side of a number counts (以上、以下、不低于、不超过): ">=", "<=", ">", "<" or "~"."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["bound_of"]

_BEFORE: Final = (
    (
        ">=",
        re.compile(
            r"(?:不(?:得|应|能)?(?:低|少|小|短|早|慢)于|至少|最低|最少|达到|达|不下|满|力争达|下限为?)"
            r"(?:为|到|人民币)? ?$"
        ),
    ),
    (
        "<=",
        re.compile(
            r"(?:不(?:得|应|能)?(?:超过|高于|多于|大于|超出|长于|晚于|突破)|至多|最高|最多|最长|上限为?|不超|控制在)"
            r"(?:为|到|人民币|补助|奖励|给予|不超过)? ?$"
        ),
    ),
    (">", re.compile(r"(?:超过|高于|大于|多于|超出|突破|逾) ?$")),
    ("<", re.compile(r"(?:低于|少于|小于|不足|不满|未满|未达到|未达|不到|短于) ?$")),
)
_AFTER: Final = (
    (">=", re.compile(r" ?(?:\(含\))?(?:\(不含\))?(?:及其?)?(?:以上|之上|起(?!草|点|步)|以后)")),
    (
        "<=",
        re.compile(r" ?(?:\(含\))?(?:\(不含\))?(?:及其?)?(?:以下|以内|之内|之下|以前|内(?!容|部|外|涵|资|设|地))"),
    ),
    ("~", re.compile(r" ?(?:左右|上下)")),
)
_INCLUDED: Final = re.compile(r"[^()]{0,4}\((?:含|包含|包括)")
_EXCLUDED: Final = re.compile(r"[^()]{0,4}\((?:不含|不包括)")
_STRICT: Final = {">=": ">", "<=": "<"}
_LOOSE: Final = {">": ">=", "<": "<="}
_REACH: Final = 12


def bound_of(folded: str, start: int, end: int) -> str | None:
    """The bound that the words around the number set, or None for an exact one; 含 and 不含 settle the edge."""
    window = folded[max(0, start - _REACH) : start]
    found = next((sign for sign, words in _BEFORE if words.search(window)), None)
    suffix = next((sign for sign, words in _AFTER if words.match(folded, end)), None)
    bound = suffix if found is None or (found == ">=" and suffix) else found
    if bound and _EXCLUDED.match(folded, end):
        return _STRICT.get(bound, bound)
    if bound and _INCLUDED.match(folded, end):
        return _LOOSE.get(bound, bound)
    return bound
