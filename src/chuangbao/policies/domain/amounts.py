"""Amounts of money in texts and queries (金额检索): 20万, 20万元, 200000元, 200,000 yuan and 二十万元 are one amount.

The index holds a word of its own for each amount, and a query looks for that word, however either was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chuangbao.core.localization.width import narrow
from chuangbao.gongwen.numerals import to_decimal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

__all__ = ["Amount", "amounts_in", "spellings_of", "without_amounts", "word_of"]

DIGITS: Final = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d{1,8})?|\d{1,15}(?:\.\d{1,8})?"
HAN: Final = r"[一二三四五六七八九十百千两][零〇一二三四五六七八九十百千两万亿]{0,12}"
SCALES: Final = {
    "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5,
    "万": 10**4, "千": 10**3, "百": 100, "w": 10**4, "million": 10**6, "billion": 10**9,
}  # fmt: skip
UNITS: Final = r"元人民币|人民币|元|圆|块钱|块|yuan|rmb|cny"
COUNTED: Final = "个名人家户次件项平亩吨年月日天岁倍张套台号"
AMOUNT: Final = re.compile(
    rf"(?<![\d.第a-z])(?P<sign>¥|rmb|cny)?\s?(?P<number>{DIGITS}|{HAN})\s?(?P<scale>{'|'.join(SCALES)})?\s?"
    rf"(?P<unit>{UNITS})?(?![\d.a-z{COUNTED}])",
    re.IGNORECASE,
)
LARGE: Final = 10_000
"""A bare figure from here on can only be an amount; below it may be a year or a number of a document."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a text: where it is, in yuan, and whether the figure stood there without any unit."""

    start: int
    end: int
    yuan: Decimal
    bare: bool


def amounts_in(text: str) -> Iterator[Amount]:
    """Find what can be read as an amount of money, in order; of figures without a unit only large ones."""
    for match in AMOUNT.finditer(narrow(text).lower()):
        number, scale = match["number"], match["scale"] or ""
        yuan = to_decimal(number.replace("，", ",")) * SCALES.get(scale, 1)
        bare = not (scale or match["unit"] or match["sign"] or {"万", "亿"} & set(number))
        if bare and not number[0].isdecimal():
            continue
        if not bare or yuan >= LARGE:
            yield Amount(match.start(), match.end(), yuan, bare)


def word_of(yuan: Decimal) -> str:
    """The word of an amount in the index; letters only, so that no parser cuts it: 200000 → ``yuanczzzzz``."""
    return "yuan" + f"{yuan.normalize():f}".replace(".", "p").translate(str.maketrans("0123456789", "zabcdefghi"))


def without_amounts(text: str) -> tuple[str, list[Amount]]:
    """A text with blanks where the amounts were, and the amounts."""
    found, rest = list(amounts_in(text)), list(text)
    for amount in found:
        rest[amount.start : amount.end] = " " * (amount.end - amount.start)
    return "".join(rest), found


def spellings_of(yuan: Decimal) -> list[str]:
    """How texts print an amount, the longest first: 20万元, 200,000, 200000."""
    plain = f"{yuan.normalize():f}"
    short = [f"{(yuan / size).normalize():f}{name}" for name, size in (("亿", 10**8), ("万", LARGE)) if yuan >= size]
    written = [f"{yuan.normalize():,f}", plain]
    return [f"{figure}元" for figure in (*short, *written)] + short + [w for w in written if yuan >= LARGE]
