"""What the engine answers for one subject: verdicts, amounts with their working, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chuangbao.rules.model import Text

__all__ = ["AmountLine", "Answer", "ConditionAnswer", "Shown", "Status"]


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

    def to_dict(self) -> dict[str, object]:
        """The JSON form of the command line."""
        return {
            "id": self.id,
            "verdict": self.verdict,
            "value": as_json(self.value),
            "threshold": as_json(self.threshold),
            "distance": as_json(self.distance),
            "clause": self.clause,
        }


@dataclass(frozen=True, slots=True)
class AmountLine:
    """One line of the working: its name, its expression and its exact value (None while unknown)."""

    id: str
    label: Text
    value: Decimal | None
    expression: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One version of one measure judged for one subject (判定结果)."""

    measure: str
    version: str
    status: Status
    amount: Decimal | None
    unit: str
    kind: str
    conditions: tuple[ConditionAnswer, ...] = ()
    lines: tuple[AmountLine, ...] = ()
    missing: tuple[str, ...] = ()
    checks: tuple[Text, ...] = ()
    manual: Text | None = None
    near: bool = False
    confirmed: bool = False
    rule_hash: str = ""

    def to_dict(self) -> dict[str, object]:
        """The JSON form of the command line."""
        return {
            "measure": self.measure,
            "version": self.version,
            "status": str(self.status),
            "amount": None if self.amount is None else f"{self.amount:.2f}",
            "unit": self.unit,
            "conditions": [c.to_dict() for c in self.conditions],
            "missing": list(self.missing),
        }


def as_json(value: Shown) -> object:
    """Exact text for numbers and dates, plain values for the rest."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
