"""Reading what an officer types under the facts of this installation, and running its worked cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.core.engine.current import current_pack
from chuangbao.policies.domain.doubts import doubts_of
from chuangbao.policies.enums import Stage
from chuangbao.rules.diagnostics import Finding
from chuangbao.rules.trial import tried
from chuangbao.rules.writing import Reading, put_period, read_measure_text

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.policies.domain.doubts import Doubt
    from chuangbao.policies.models import MeasureVersion
    from chuangbao.rules.model import Measure
    from chuangbao.rules.trial import Outcome

__all__ = ["LONGEST", "dated_text", "doubts_about", "period_of", "read_text", "worked_cases"]

LONGEST = 200_000
"""Characters of one version; its time to be checked is bounded with it."""


def read_text(content: str) -> Reading:
    """What a text says, with every error at its line."""
    if len(content) > LONGEST:
        message = f"the text has {len(content)} characters, more than {LONGEST}"
        return Reading(None, (Finding("", 1, 1, "too_long", message),))
    return read_measure_text(content, current_pack())


def period_of(content: str) -> tuple[date | None, date | None]:
    """The first and the last day (施行期间) that a text says; none of either while it cannot be read."""
    version = read_text(content).version
    return (version.valid_from, version.valid_to) if version else (None, None)


def dated_text(row: MeasureVersion) -> str:
    """The text of a version with the days of its row: a version may be ended after it was published."""
    if row.stage not in {Stage.IN_FORCE, Stage.RETIRED}:
        return row.content
    try:
        return put_period(row.content, row.valid_from, row.valid_to)
    except ValueError:
        return row.content


def doubts_about(row: MeasureVersion, measure: Measure, content: str = "") -> list[Doubt]:
    """What speaks against the text of a version, or against ``content`` in its place, beside the one it revises."""
    before = row.based_on
    return doubts_of(
        content or row.content, measure, before=read_text(before.content).measure if before is not None else None
    )


def worked_cases(measure: Measure) -> list[Outcome]:
    """Each worked case against what it expects."""
    return tried(current_pack(), measure)
