"""The nearest divisions of GB/T 4754—2017 to words of a business (行业用语): suggestions, never a condition.

New trades may be named freely (2.5.3); the statistics need a code, so that one is kept beside the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
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

__all__ = ["Nearest", "describe_industry", "find_industries", "list_choices", "read_industry"]

FILE = Path(__file__).parents[1] / "industry_words.yaml"
LIST = "industry"
MOST = 5
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
    """A division that is near the words: its code, its name with its section, and the words that led to it."""

    code: str
    label: str
    section: str
    words: tuple[str, ...]


@cache
def list_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the everyday words with the codes near them, the longest words first."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    pairs = ((word, tuple(row["codes"])) for row in rows for word in row["words"])
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def read_list() -> CodeList | None:
    """Return the list of divisions of the pack in force; None where it has none."""
    return current_pack().codes.get(LIST)


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
        for word, codes in list_words()
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
    """Return the division of a code that was kept; None where none was."""
    listed = read_list()
    return describe_code(listed, listed.by_code[code], ()) if listed and code in listed.by_code else None


def list_choices() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """Return the divisions to choose from, by section, with none first."""
    listed = read_list()
    if listed is None:
        return [("", "")]
    sections: dict[str, list[tuple[str, str]]] = {group.code: [] for group in listed.groups}
    for code in listed.codes:
        sections.setdefault(code.group, []).append((code.code, f"{code.code} {name_code(code)}"))
    names = {group.code: name_code(group) for group in listed.groups}
    return [("", ""), *((names.get(key, key), rows) for key, rows in sections.items() if rows)]


def read_industry(code: str) -> str:
    """Let a code through that the list has, or none. Raises Refused: no_industry (industry_code)."""
    listed = read_list()
    if code and (listed is None or code not in listed.by_code):
        raise Refused("no_industry", _("The standard has no division of this code."), field="industry_code")
    return code
