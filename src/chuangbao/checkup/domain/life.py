"""The first pages of a check-up: what people know of themselves, in their words (先说生活).

Which questions there are, and which facts follow from the answers, is said by the pack (``interview.yaml``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.checkup.models import CheckUpAnswer
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.rules.interview import NONE, Interview, judge_life

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuangbao.checkup.models import CheckUp
    from chuangbao.rules.interview import LifePage, Lived

__all__ = [
    "PREFIX",
    "current_interview",
    "find_pending",
    "follow_life",
    "is_life",
    "life_of",
    "name_of",
]

PREFIX = "life."
UNSAID = "unknown"
State = CheckUpAnswer.State


def name_of(question: str) -> str:
    """The name under which the answer of a question of life is kept."""
    return f"{PREFIX}{question}"


def is_life(row: CheckUpAnswer) -> bool:
    """Whether an answer is one of life, and not a fact."""
    return row.fact.startswith(PREFIX)


def life_of(checkup: CheckUp, rows: Iterable[CheckUpAnswer]) -> dict[str, str | frozenset[str]]:
    """What was said of life, in the engine's shape; what was left open is left out."""
    kinds = {question.name: question.kind for question in current_interview().questions}
    found: dict[str, str | frozenset[str]] = {"who": checkup.who or NONE, "want": checkup.want or NONE}
    for row in rows:
        name = row.fact.removeprefix(PREFIX)
        if is_life(row) and row.state == State.GIVEN and name in kinds:
            many = frozenset(code for code in row.value.split(",") if code and code != NONE)
            found[name] = many if kinds[name] == "many" else row.value
    return found


def follow_life(checkup: CheckUp, rows: Iterable[CheckUpAnswer]) -> Mapping[str, object]:
    """What follows from what was said of life alone, as facts."""
    life = life_of(checkup, rows)
    return judge_life(current_engine(), {}, life, as_of=checkup.as_of, region=checkup.region).filled


def current_interview() -> Interview:
    """The interview of the pack in use."""
    return current_pack().interview or Interview()


def find_pending(lived: Lived, rows: Iterable[CheckUpAnswer]) -> LifePage | None:
    """Return the first page with an unanswered question whose fact is not known."""
    said = {row.fact for row in rows}
    known = lived.profile.given
    for page in lived.pages:
        if any(q.name not in known and q.name not in said and name_of(q.name) not in said for q in page.questions):
            return page
    return None
