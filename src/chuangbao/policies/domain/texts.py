"""Reading what an officer types under the facts of this installation, and running its worked cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.policies.domain.registry import current_pack
from chuangbao.rules.trial import tried
from chuangbao.rules.writing import read_measure_text

if TYPE_CHECKING:
    from chuangbao.rules.model import Measure
    from chuangbao.rules.trial import Outcome
    from chuangbao.rules.writing import Reading

__all__ = ["read_text", "worked_cases"]


def read_text(content: str) -> Reading:
    """What a text says, with every error at its line."""
    return read_measure_text(content, current_pack())


def worked_cases(measure: Measure) -> list[Outcome]:
    """Each worked case against what it expects."""
    return tried(current_pack(), measure)
