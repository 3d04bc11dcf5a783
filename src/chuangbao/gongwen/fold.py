"""One spelling for the same sign (全角/半角), length kept, so that every position still fits the original."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["compact", "fold", "name_radicals", "squeeze"]

_KEPT: Final = "，"  # a Chinese comma never stands inside a number

_SUPPLEMENT: Final = (
    "⺁厂⺄乙⺊卜⺓幺⺙攵⺛旡⺝月⺟母⺠民⺢水⺤爪⺥爪⺧牛⺩王⺪疋⺫目⺬示⺮竹⺯糸⺳网⺶羊⺷羊⺹老⺻聿⺼肉⺽臼⻁虎⻃西⻄西⻅见⻆角⻇角"
    "⻉贝⻊足⻋车⻑長⻓长⻔门⻕阜⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟"
)
"""Radicals of the supplement block, each with the character that it is printed for."""
_RADICALS: Final = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | {
    ord(sign): plain for sign, plain in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)
}


def name_radicals(text: str) -> str:
    """Return the text with characters where a PDF names radicals (⼀, ⻓ for 一, 长); the length never changes."""
    return text.translate(_RADICALS)


def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _KEPT}
    table.update(_RADICALS)
    table.update(dict.fromkeys(map(ord, "\u3000\u00a0\t\u2002\u2003\u2009\u200b\ufeff"), " "))
    table.update(dict.fromkeys(map(ord, "[【［﹝⟦"), "〔"))
    table.update(dict.fromkeys(map(ord, "]】］﹞⟧"), "〕"))
    table.update(dict.fromkeys(map(ord, "○Ｏ"), "〇"))
    table.update(dict.fromkeys(map(ord, "–―─－﹣−"), "—"))
    table.update(dict.fromkeys(map(ord, "∶︰﹕"), ":"))
    table.update({ord("﹪"): "%", ord("～"): "~", ord("〜"): "~", ord("﹙"): "(", ord("﹚"): ")", ord("㎡"): "㎡"})
    table.update(dict.fromkeys(map(ord, "\r\f\v\u2028\u2029\u0085"), "\n"))
    return table


_TABLE: Final = _table()


def fold(text: str) -> str:
    """The text with digits, Latin letters, brackets and spaces in one form; the length never changes."""
    return text.translate(_TABLE)


def compact(text: str) -> str:
    """Without any white space, for comparing lines that are spread out to be centred (居中排版)."""
    return "".join(text.split())


def squeeze(text: str) -> str:
    """Runs of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()
