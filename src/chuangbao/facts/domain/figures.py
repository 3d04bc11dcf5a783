"""Figures as people write them beside the plain ones (口语数字): 六十万, 60w, 8人, 百分之十, 八成, -20万, 60万左右.

A unit that is counted is taken off. A span of time is read apart (半年, 两年, 18个月) and turned into the unit that is
asked for: two years are 24 where months are.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from chuangbao.core.localization.width import narrow
from chuangbao.gongwen.numerals import to_decimal

__all__ = ["is_share", "read_figure", "read_span"]

ABOUT: Final = r"(?:约|大约|大概|差不多|将近)?"
DIGITS: Final = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d{1,8})?|\d{1,15}(?:\.\d{1,8})?|\.\d{1,8}"
HAN: Final = (
    r"[零〇一二三四五六七八九十百千两][零〇一二三四五六七八九十百千两万亿]{0,14}(?:点[零〇一二三四五六七八九]{1,8})?"
)
SCALES: Final[dict[str, Decimal | int]] = {
    "%": Decimal("0.01"), "‰": Decimal("0.001"), "十万": 10**5, "百万": 10**6, "千万": 10**7, "百亿": 10**10,
    "千亿": 10**11, "十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "w": 10**4, "k": 1000,
    "thousand": 1000, "million": 10**6, "billion": 10**9, "m": 10**6,
}  # fmt: skip
UNITS: Final = (
    "元人民币|人民币|yuan|rmb|cny|元|圆|块钱|块|人次|人|名|位|个人|个|家|户|项|件|次|场次|场|期|例|套"
    "|台|个工位|工位|平方米|平米|平|㎡|m2|份|股"
)
FIGURE: Final = re.compile(
    rf"{ABOUT}\s*+(?P<minus>-|负|亏损|亏)?\s*+(?:[¥]|rmb|cny)?\s*+(?P<number>{DIGITS}|{HAN})\s*+"
    rf"(?P<scale>{'|'.join(SCALES)})?\s*+(?:{UNITS})?\s*+(?:左右|上下)?",
    re.IGNORECASE,
)
PARTS: Final = re.compile(rf"(?P<minus>-|负)?\s*+(?P<of>百|千)分之\s*+(?P<number>{DIGITS}|{HAN})")
TENTHS: Final = re.compile(
    rf"{ABOUT}\s*+(?:一(?P<half>半)|(?P<tenths>[一二两三四五六七八九十]|10|[1-9])\s*+成\s*+"
    r"(?P<more>[半一二三四五六七八九])?)\s*+(?:左右|上下|多)?"
)
"""一半, 八成, 七成半, 三成三."""

COUNT: Final = rf"半|{DIGITS}|{HAN}"
SPAN: Final = re.compile(
    rf"{ABOUT}\s*+(?:(?P<years>{COUNT})\s*+年(?P<half_year>半)?)?\s*+[零又]?\s*+"
    rf"(?:(?P<months>{COUNT})\s*+个?(?P<half_month>半)?月)?\s*+(?:左右|上下|多)?"
)
MONTHS: Final = {"month": 1, "year": 12}
HALF: Final = Decimal("0.5")


def read_figure(text: str) -> Decimal | None:
    """Read a figure in words, with a scale, a sign or a unit; None where it is none."""
    plain = narrow(text).strip().lower()
    part = PARTS.fullmatch(plain)
    if part:
        return apply_sign(part, number_of(part["number"]) / (100 if part["of"] == "百" else 1000))
    tenths = TENTHS.fullmatch(plain)
    if tenths:
        return HALF if tenths["half"] else number_of(tenths["tenths"]) / 10 + hundredths_of(tenths["more"])
    found = FIGURE.fullmatch(plain)
    return apply_sign(found, number_of(found["number"]) * SCALES.get(found["scale"] or "", 1)) if found else None


def read_span(text: str, unit: str) -> Decimal | None:
    """Read a span of time in months or years, whichever ``unit`` is; None where it is none: 一年半 is 18 months."""
    found = SPAN.fullmatch(narrow(text).strip().lower())
    if found is None or unit not in MONTHS or not any(found[part] for part in ("years", "months")):
        return None
    months = 12 * part_of(found["years"], found["half_year"]) + part_of(found["months"], found["half_month"])
    return months / MONTHS[unit]


def part_of(written: str | None, half: str | None) -> Decimal:
    """The count of a unit of time, with the half behind it."""
    whole = Decimal(0) if written is None else HALF if written == "半" else number_of(written)
    return whole + (HALF if half else 0)


def hundredths_of(written: str | None) -> Decimal:
    """What follows the tenths: 半 of 七成半 is five hundredths, 三 of 三成三 three."""
    return Decimal(0) if written is None else (Decimal(5) if written == "半" else number_of(written)) / 100


def is_share(text: str) -> bool:
    """Whether a figure says by its own words that it is a share: 百分之十, 千分之五, 5‰, 八成."""
    return "分之" in text or text.endswith("‰") or TENTHS.fullmatch(text) is not None


def number_of(written: str) -> Decimal:
    """The number of digits or of Chinese numerals (十 → 10, 三点五 → 3.5, 六十万 → 600000)."""
    plain = written.replace("，", ",")
    return to_decimal(f"0{plain}" if plain.startswith(".") else plain)


def apply_sign(found: re.Match[str], figure: Decimal) -> Decimal:
    """With its sign; a loss (亏损) is below zero."""
    return -figure if found["minus"] else figure
