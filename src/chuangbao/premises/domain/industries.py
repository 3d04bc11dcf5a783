"""The nearest industries of GB/T 4754—2017 to words of a business (行业用语): suggestions, never a condition.

New trades may be named freely (2.5.3); the statistics need a code, so that one is kept beside the words: a class
(小类, four digits; ``industry_classes.csv`` holds the 1,380 of the standard) or a division (大类, two digits).
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.width import narrow
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain.words import segment_words

if TYPE_CHECKING:
    from chuangbao.rules.model import Code, CodeList

__all__ = ["Nearest", "describe_industry", "find_classes", "find_industries", "list_choices", "read_industry"]

FOLDER = Path(__file__).parents[1]
FILE, CLASSES = FOLDER / "industry_words.yaml", FOLDER / "industry_classes.csv"
LIST = "industry"
MOST = 5
MOST_CLASSES = 8
EVERYDAY = 12.0
"""What an everyday word weighs: more than any word of a name of the standard alone."""
OWN_WORD, NEAR_WORD = 2, 3
LEAST_LENGTH = 2
EVERY_NAME = {  # words that name no trade: they are in the names of many divisions
    "行业",
    "其他",
    "服务",
    "服务业",
    "活动",
    "相关",
    "专业",
    "有限公司",
    "公司",
    "经营",
    "销售",
    "制造",
    "制造业",
}


@dataclass(frozen=True, slots=True)
class Nearest:
    """A division or class near the words: its code, its name, what it belongs to, and the words that led to it."""

    code: str
    label: str
    section: str
    words: tuple[str, ...]


@cache
def list_words(kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the everyday words with the ``codes`` of divisions or the ``classes`` near them, the longest first."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    pairs = ((word, tuple(row.get(kind, ()))) for row in rows for word in row["words"])
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def read_list() -> CodeList | None:
    """Return the list of divisions of the pack in force; None where it has none."""
    return current_pack().codes.get(LIST)


@cache
def read_classes() -> dict[str, str]:
    """Return the classes of the standard, their names by their codes of four digits."""
    with CLASSES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


@cache
def index_classes() -> tuple[dict[str, frozenset[str]], Counter[str]]:
    """Return the words in the name of each class, and in how many names each word is."""
    words = {code: frozenset(list_telling_words(name)) for code, name in read_classes().items()}
    return words, Counter(word for each in words.values() for word in each)


def list_telling_words(text: str) -> list[str]:
    """Return the words of a text that can tell one trade from another."""
    found = (word for word in segment_words(text) if len(word) >= LEAST_LENGTH and word not in EVERY_NAME)
    return list(dict.fromkeys(found))


def find_classes(text: str) -> list[Nearest]:
    """Return the classes nearest to words of a business, the nearest first; none where no word leads to one.

    Everyday words of the house come first, then the names of the standard: a word that few of them have weighs more.
    """
    listed = read_list()
    if listed is None or not text.strip():
        return []
    typed = narrow(text).lower()
    points: dict[str, float] = {}
    reasons: dict[str, list[str]] = {}
    for code, word, weight in [*match_everyday(typed), *match_names(typed)]:
        points[code] = points.get(code, 0) + weight
        reasons.setdefault(code, []).append(word)
    best = sorted(points, key=lambda code: (-points[code], code))[:MOST_CLASSES]
    return [describe_class(listed, code, tuple(dict.fromkeys(reasons[code]))) for code in best]


def match_everyday(typed: str) -> list[tuple[str, str, float]]:
    """Return each class that an everyday word leads to, with the word and how much it weighs: the first the most."""
    found = (pair for pair in list_words("classes") if pair[0] in typed)
    return [(code, word, EVERYDAY - place) for word, codes in found for place, code in enumerate(codes)]


def match_names(typed: str) -> list[tuple[str, str, float]]:
    """Return each class whose name has a telling word of what was typed, with the word and how much it weighs."""
    words, names = index_classes()
    rarity = {word: log(len(words) / names[word]) for word in list_telling_words(typed) if word in names}
    return [
        (code, word, weight / len(own) ** 0.5)
        for code, own in words.items()
        for word, weight in rarity.items()
        if word in own
    ]


def describe_class(listed: CodeList, code: str, words: tuple[str, ...]) -> Nearest:
    """Return a class with its division; the standard has its name in Chinese alone."""
    return Nearest(code, read_classes()[code], name_code(listed.by_code[code[:2]]), words)


def find_industries(text: str) -> list[Nearest]:
    """Return the divisions nearest to words of a business, the nearest first; none where no word leads to one."""
    listed = read_list()
    if listed is None or not text.strip():
        return []
    points: dict[str, int] = {}
    reasons: dict[str, list[str]] = {}
    for code, word, weight in match_words(listed, narrow(text).lower()):
        points[code] = points.get(code, 0) + weight
        reasons.setdefault(code, []).append(word)
    best = sorted(points, key=lambda code: (-points[code], code))[:MOST]
    return [describe_code(listed, listed.by_code[code], tuple(reasons[code])) for code in best]


def match_words(listed: CodeList, typed: str) -> list[tuple[str, str, int]]:
    """Return each code that a word leads to, with the word and how much it weighs."""
    found = [
        (code, word, NEAR_WORD + (place == 0))
        for word, codes in list_words("codes")
        if word in typed
        for place, code in enumerate(codes)
        if code in listed.by_code
    ]
    words = {word for word in segment_words(typed) if len(word) >= LEAST_LENGTH} - EVERY_NAME
    found += [(one.code, word, OWN_WORD) for one in listed.codes for word in sorted(words) if word in one.label.zh]
    return found


def describe_code(listed: CodeList, code: Code, words: tuple[str, ...]) -> Nearest:
    """Return a division with its name and section in the reader's language."""
    sections = {group.code: group for group in listed.groups}
    section = sections.get(code.group)
    return Nearest(code.code, name_code(code), name_code(section) if section else "", words)


def name_code(code: Code) -> str:
    """Return the name of a code in the reader's language."""
    return code.label.get(get_language() or "zh")


def describe_industry(code: str) -> Nearest | None:
    """Return the division or class of a code that was kept; None where none was."""
    listed = read_list()
    if listed is None or code[:2] not in listed.by_code:
        return None
    if code in read_classes():
        return describe_class(listed, code, ())
    return describe_code(listed, listed.by_code[code], ()) if code in listed.by_code else None


def list_choices() -> list[tuple[str, str]]:
    """Return the divisions with their names, as suggestions while a code is typed."""
    listed = read_list()
    return [(code.code, name_code(code)) for code in listed.codes] if listed else []


def read_industry(text: str) -> str:
    """Return the code of a division or class that was typed, by its digits or by its whole name; none of none.

    Raises Refused: no_industry (industry_code), with the nearest classes in its words.
    """
    typed = narrow(text).strip()
    code = next(iter(typed.split()), "").upper()
    code = code[1:] if code[:1].isalpha() and code[1:].isdigit() else code  # I6513: with the letter of its section
    if not typed or describe_industry(code):
        return code
    known = {name: code for code, name in (*list_choices(), *read_classes().items())}
    if typed in known:
        return known[typed]
    raise Refused("no_industry", refuse_words(typed), field="industry_code")


def refuse_words(typed: str) -> str:
    """Say that the standard has no such code, and what is near where something is."""
    said = _("GB/T 4754—2017 has no division or class of this code or name. Type two or four digits, such as 6513.")
    near = [f"{one.code} {one.label}" for one in find_classes(typed)]
    return f"{said} {_('Near it: %s.') % '、'.join(near)}" if near else said
