"""What an answer, a day or a place moved (变动): which measures came, which went, whose sum is another."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chuangbao.checkup.domain.life import PREFIX
from chuangbao.checkup.domain.own import read_verdicts, write_verdicts
from chuangbao.checkup.models import CheckUp
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import text
from chuangbao.ui.presentation.conditions import fact_label

if TYPE_CHECKING:
    from decimal import Decimal

    from chuangbao.checkup.domain.own import Verdict
    from chuangbao.checkup.domain.result import Result
    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Measure

__all__ = ["DAY", "Move", "Moves", "forget_moves", "keep_before", "moves_of"]

DAY = "day"
"""The cause of a change of the day or the place; any other is the name of an answer."""


@dataclass(frozen=True, slots=True)
class Move:
    """One measure that is otherwise now."""

    measure: Measure
    unit: str
    before: Decimal | None
    now: Decimal | None


@dataclass(frozen=True)
class Moves:
    """Everything that one change moved, and what was changed."""

    cause: str
    came: tuple[Move, ...]
    went: tuple[Move, ...]
    changed: tuple[Move, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether everything that may be had is as it was."""
        return not (self.came or self.went or self.changed)


def keep_before(checkup: CheckUp, cause: str, result: Result) -> None:
    """Keep what came out before a change; ``cause`` is the answer that changes, or DAY."""
    checkup.moved_from = json.dumps([cause, write_verdicts(result.answers)])
    checkup.save(update_fields=["moved_from"])


def forget_moves(checkup: CheckUp) -> None:
    """Forget it where a new answer comes: what moved would no longer be the work of the change."""
    if checkup.moved_from is not None:
        CheckUp.objects.filter(pk=checkup.pk).update(moved_from=None)


def moves_of(checkup: CheckUp, result: Result) -> Moves | None:
    """Return what the last change moved; None where nothing was changed since an answer came."""
    if not checkup.moved_from:
        return None
    cause, written = json.loads(checkup.moved_from)
    then, now = read_verdicts(written), {answer.measure: answer for answer in result.answers}
    had = {name for name, verdict in then.items() if verdict.status == "eligible"}
    has = {name for name, answer in now.items() if answer.status == "eligible"}
    return Moves(
        cause=cause_words(cause),
        came=list_moves(has - had, then, now),
        went=list_moves(had - has, then, now),
        changed=list_moves({name for name in had & has if then[name].amount != now[name].amount}, then, now),
    )


def list_moves(names: set[str], then: dict[str, Verdict], now: dict[str, Answer]) -> tuple[Move, ...]:
    """The moves of some measures, in the order of the pack; one that the pack no longer has is left out."""
    return tuple(
        Move(
            measure,
            now[name].unit if name in now else measure.versions[-1].benefit.unit,
            then[name].amount if name in then else None,
            now[name].amount if name in now else None,
        )
        for name, measure in current_pack().measures.items()
        if name in names
    )


def cause_words(cause: str) -> str:
    """What was changed, in words."""
    if cause == DAY:
        return gettext("day or place")
    if cause.startswith(PREFIX):
        interview = current_pack().interview
        pages = interview.pages if interview else ()
        words = {page.id: page.title for page in pages} | {q.name: q.label for page in pages for q in page.questions}
        asked = cause.removeprefix(PREFIX)
        return text(words.get(asked, asked))
    return fact_label(cause)
