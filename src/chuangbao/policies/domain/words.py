"""Chinese text as search sees it: segmented words, sounds, and document numbers in any brackets."""

from __future__ import annotations

import re

import rjieba
from pypinyin import Style, lazy_pinyin

__all__ = ["folded_number", "query_words", "segmented", "sounds"]

BRACKETS = str.maketrans({**dict.fromkeys("[【(（〈<［﹝「", "〔"), **dict.fromkeys("]】)）〉>］﹞」", "〕")})
NUMBER = re.compile(r"〔?\s*(\d{4})\s*〕?\s*(?:年)?\s*第?\s*(\d+)\s*号?")
WORD = re.compile(r"\w+")


def folded_number(text: str) -> str:
    """A document number with one style of brackets and no blanks: 吉政办发[2015] 31号 → 吉政办发〔2015〕31号."""
    folded = text.translate(BRACKETS).replace(" ", "")
    return NUMBER.sub(lambda m: f"〔{m[1]}〕{m[2]}号", folded, count=1)


def segmented(text: str) -> list[str]:
    """The words of a text, lower case, in search grain (long words also by their parts)."""
    return [word.lower() for word in rjieba.cut_for_search(text) if WORD.fullmatch(word)]


def sounds(text: str) -> str:
    """Pinyin and initials of a title, each without blanks: 创业 → ``chuangye cy``."""
    full = "".join(lazy_pinyin(text, style=Style.NORMAL))
    initials = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return f"{full} {initials}".lower()


def query_words(text: str, synonyms: tuple[tuple[str, ...], ...]) -> list[list[str]]:
    """What must be found: one list per word of the query, each with the words that mean the same."""
    same = {word.lower(): group for group in synonyms for word in group}
    lowered = text.strip().lower()
    if lowered in same:
        return [sorted({" ".join(cut(word)) for word in same[lowered]})]
    return [sorted({" ".join(cut(w)) for w in same.get(word, (word,))} | {word}) for word in cut(text)]


def cut(text: str) -> list[str]:
    """The words of a query, lower case, each as long as it can be."""
    return [word.lower() for word in rjieba.cut(text) if WORD.fullmatch(word)]
