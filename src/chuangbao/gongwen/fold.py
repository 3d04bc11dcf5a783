"""One spelling for the same sign (全角/半角), length kept, so that every position still fits the original."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["compact", "fold", "squeeze"]

_KEPT: Final = "，"  # a Chinese comma never stands inside a number


def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _KEPT}
    table.update(dict.fromkeys(map(ord, "\u3000\u00a0\t\u2002\u2003\u2009\u200b\ufeff"), " "))
    table.update(dict.fromkeys(map(ord, "[【［﹝⟦"), "〔"))
    table.update(dict.fromkeys(map(ord, "]】］﹞⟧"), "〕"))
    table.update(dict.fromkeys(map(ord, "○Ｏ"), "〇"))
    table.update(dict.fromkeys(map(ord, "–―─－﹣−"), "—"))
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
