"""Departments by every name they go by (部门称谓): the pack's code, its label, and the short word of a post."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from chuangbao.policies.domain.registry import current_pack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.rules.model import CodeList

__all__ = ["aliases", "department_name", "named"]

SUFFIX = "部门"


def aliases(department: str) -> frozenset[str]:
    """Every name of a department; a name that the pack does not have stands for itself alone."""
    return names_in(current_pack().codes.get("department"), department)


@lru_cache(maxsize=256)
def names_in(listed: CodeList | None, department: str) -> frozenset[str]:
    """The same, remembered."""
    for entry in listed.codes if listed else ():
        names = {entry.code, entry.label.zh, entry.label.zh.removesuffix(SUFFIX), entry.label.en} - {""}
        if department in names:
            return frozenset(names)
    return frozenset({department})


def department_name(code: str) -> str:
    """The short name of a department of the pack, as posts have it."""
    listed = current_pack().codes.get("department")
    entry = listed.by_code.get(code) if listed else None
    return entry.label.zh.removesuffix(SUFFIX) if entry else code


def named(department: str, codes: Iterable[str]) -> bool:
    """Whether a department is one of some that a measure names."""
    return bool(aliases(department).intersection(codes))
