"""What a person will have once they have become something else (毕业以后): the same person, judged for that day.

Nothing but what the pack says of the turn is otherwise then; what is asked and had today is not touched by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangbao.rules.interview import days_of_turns, judge_life

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from chuangbao.rules.engine import Engine
    from chuangbao.rules.interview import Lived
    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Text

__all__ = ["Turned", "list_turned"]


@dataclass(frozen=True, slots=True)
class Turned:
    """From which day, and what the person has become by then."""

    day: date
    label: Text


def list_turned(
    engine: Engine,
    raw: Mapping[str, object],
    life: Mapping[str, str | frozenset[str]],
    now: Lived,
    *,
    region: str,
    withheld: Collection[str],
) -> Iterator[tuple[Turned, Lived, list[Answer]]]:
    """Yield each day ahead on which the person becomes something else, who they are then, and every verdict of it."""
    for day in days_of_turns(engine, now.profile):
        then = judge_life(engine, raw, life, as_of=day, region=region, withheld=withheld)
        if then.turn is not None:
            yield Turned(day, then.turn.label), then, list(engine.judge_all(then.profile))
