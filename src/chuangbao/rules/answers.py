"""The parts of an answer: verdicts, conditions in words, lines of a working."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chuangbao.rules.model import Text

__all__ = ["AmountLine", "ConditionAnswer", "Shown", "Status", "as_json"]


Shown = Decimal | str | bool | date | tuple[str, ...] | None


class Status(StrEnum):
    """The three verdicts (可享受 · 暂不符合 · 待定)."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class ConditionAnswer:
    """One condition judged: ``value op threshold``, and by how much it holds or fails.

    ``distance`` is never negative: the margin when the condition is met, the shortfall when it is not.
    """

    id: str
    label: Text
    verdict: bool | None
    value: Shown = None
    threshold: Shown = None
    op: str | None = None
    distance: Decimal | None = None
    unit: str | None = None
    fact: str | None = None
    clause: str | None = None
    missing: tuple[str, ...] = ()
    reason: str | None = None
    beside: bool = False
    """Whether it holds because it is for others (企业申请的， for a person), and asks nothing of this one."""


@dataclass(frozen=True, slots=True)
class AmountLine:
    """One line of the working: its name, its expression, its exact value (None while unknown) and its unit."""

    id: str
    label: Text
    value: Decimal | None
    expression: str
    unit: str = "CNY"


def as_json(value: Shown) -> object:
    """Exact text for numbers and dates, plain values for the rest."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
