"""One spelling for wide and narrow signs (全角、半角): input methods write digits and Latin letters in either."""

from __future__ import annotations

__all__ = ["narrow"]

FIRST, LAST, APART = 0xFF01, 0xFF5E, 0xFEE0
CHINESE = "，；：？！（）"
"""Punctuation of Chinese text, which is wide by right."""
TABLE = {code: chr(code - APART) for code in range(FIRST, LAST + 1) if chr(code) not in CHINESE}
TABLE |= dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u202f"), " ")
TABLE |= {ord("￥"): "¥", ord("﹪"): "%", ord("−"): "-"}


def narrow(text: str) -> str:
    """Write wide digits, letters and signs narrow: ２０万 → 20万; Chinese punctuation stays. Keeps the length."""
    return text.translate(TABLE)
