"""Departments by every name they go by (部门称谓): the pack's code, its label, and the short word of a post."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from chuangbao.core.engine.current import current_pack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.rules.model import CodeList

__all__ = ["aliases", "department_name", "is_named_in"]

AROUND = re.compile(r"^[省市州县区]?(.+?)(?:部门|委员会|局|厅|委)?$")
ENDINGS = ("", "部门", "局", "厅", "委", "委员会")
PLACES = ("", "省", "市", "州", "县", "区")


def aliases(department: str) -> frozenset[str]:
    """Every name of a department: 科技, 科技局, 省科技厅, and what the pack calls it."""
    return names_in(current_pack().codes.get("department"), department)


@lru_cache(maxsize=256)
def names_in(listed: CodeList | None, department: str) -> frozenset[str]:
    """The same, remembered."""
    for entry in listed.codes if listed else ():
        own = {entry.code, entry.label.en, *list_spoken_names(entry.label.zh)} - {""}
        if department in own:
            return frozenset(own)
    return frozenset(list_spoken_names(department))


def list_spoken_names(name: str) -> set[str]:
    """The names that people give to one department at every level."""
    word = stem(name)
    return {name, *(f"{place}{word}{ending}" for place in PLACES for ending in ENDINGS)}


def stem(name: str) -> str:
    """The word that all of them share: 省科技厅 → 科技."""
    found = AROUND.match(name)
    return found[1] if found else name


def department_name(code: str) -> str:
    """The short name of a department of the pack."""
    listed = current_pack().codes.get("department")
    entry = listed.by_code.get(code) if listed else None
    return stem(entry.label.zh) if entry else code


def is_named_in(department: str, codes: Iterable[str]) -> bool:
    """Whether a department is one of some that a measure names."""
    return bool(aliases(department).intersection(codes))
