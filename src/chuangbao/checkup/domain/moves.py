"""What an answer, a day or a place moved (变动): which measures came, which went, which stand otherwise.

Compared is everything that the result lists: what may be had now, applied for, had later, and what an answer decides.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy

from chuangbao.checkup.domain.life import PREFIX
from chuangbao.checkup.domain.result import DUE, OPEN_TO
from chuangbao.checkup.models import CheckUp
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import text
from chuangbao.ui.presentation.conditions import fact_label, join_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from chuangbao.checkup.domain.result import Found, Result
    from chuangbao.rules.model import Measure

__all__ = ["DAY", "Move", "Moves", "Stand", "count_decided", "forget_moves", "keep_before", "moves_of", "says_alike"]

DAY = "day"
"""The cause of a change of the day or the place; any other is the name of an answer."""


WORDS = {
    "due": gettext_lazy("You qualify"),
    "apply": gettext_lazy("You can apply"),
    "first": gettext_lazy("First get what is needed, then apply"),
    "office": gettext_lazy("The department decides"),
    "later": gettext_lazy("Yours once this is done"),
    "one": gettext_lazy("One answer away"),
    "unsure": gettext_lazy("Decided once you find out what you did not know"),
    "open": gettext_lazy("A few more answers are needed"),
    "near": gettext_lazy("Almost there"),
    "errand": gettext_lazy("How to get things done"),
}
"""The lists of a result by the names under which a row keeps them; what does not fit is in none."""
ORDER = {tense: place for place, tense in enumerate(WORDS)}
OUTSIDE = {"", "near"}
"""What does not fit, and what misses by a figure; what waits for answers was on the page all along."""
ASKED = "?"
"""Before the name of a fact that is missing, beside the ids of conditions."""
DECIDED = {"due", "apply", "first", "office", "later"}
"""Lists of what may be had, now or later."""
WAITING = {"one", "unsure", "open"}
"""Lists of what waits for answers."""


@dataclass(frozen=True, slots=True)
class Stand:
    """The list that one measure is in (empty where it does not fit), and the sum that it brings there."""

    tense: str = ""
    amount: Decimal | None = None

    @property
    def words(self) -> str:
        """The list as the page calls it."""
        return str(WORDS.get(self.tense, ""))


@dataclass(frozen=True, slots=True)
class Move:
    """One measure that has changed its list or its sum."""

    measure: Measure
    unit: str
    before: Stand
    now: Stand
    asks: tuple[str, ...] = ()
    """The names of the facts without which it is not decided; empty where it is decided now."""
    over: str = ""
    """What is over by now: the rule, or this year's time to apply; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class GapMove:
    """One measure with what is no longer in the way, and what is now, in words."""

    measure: Measure
    gone: str
    left: str


@dataclass(frozen=True)
class Moves:
    """Everything that one change moved, and what was changed."""

    cause: str
    came: tuple[Move, ...]
    went: tuple[Move, ...]
    moved: tuple[Move, ...]
    """What is in another list now."""
    changed: tuple[Move, ...]
    """What brings another sum, in the same list."""
    following: str = ""
    """The question that is asked next, where something became open."""
    gaps: tuple[GapMove, ...] = ()
    """What stands where it stood, with other conditions in the way."""

    @property
    def is_nothing(self) -> bool:
        """Whether every list is as it was, with its sums and with what is in the way."""
        return not (self.came or self.went or self.moved or self.changed or self.gaps)


def stands_of(result: Result) -> dict[str, Stand]:
    """Where each measure stands; one that does not fit is left out."""
    return {found.measure.id: Stand(tense, amount_in(found, tense)) for tense, found in list_tenses(result)}


def gaps_of(result: Result) -> dict[str, list[str]]:
    """What is in the way of each measure that is not had: ids of conditions, and facts that are missing."""
    every = (*result.later, *result.open, *result.near, *result.refused, *result.manual)
    return {
        found.measure.id: sorted({*(c.id for c in found.failing), *(f"{ASKED}{name}" for name in found.open_facts)})
        for found in every
    }


def list_gap_moves(then: Mapping[str, list[str]], result: Result, moved: Collection[str]) -> list[GapMove]:
    """List what has other conditions in the way than before; what is listed as moved says so by itself."""
    found = []
    measures = current_pack().measures
    for name, now in gaps_of(result).items():
        before = then.get(name)
        if before is None or name in moved or before == now:
            continue
        gone, left = ([gap for gap in one if gap not in other] for one, other in ((before, now), (now, before)))
        measure = measures[name]
        found.append(GapMove(measure, name_gaps(measure, gone), name_gaps(measure, left)))
    return found


def name_gaps(measure: Measure, gaps: Iterable[str]) -> str:
    """Conditions and facts in words."""
    labels = {condition.id: condition.label for version in measure.versions for condition in version.conditions}
    return join_words(
        fact_label(gap.removeprefix(ASKED)) if gap.startswith(ASKED) else text(labels.get(gap, "")) for gap in gaps
    )


def says_alike(result: Result, other: Result) -> bool:
    """Whether two results list the same measures in the same lists with the same sums."""
    return stands_of(result) == stands_of(other)


def count_decided(result: Result, other: Result) -> tuple[int, int]:
    """Count what a result decides, and how much of that another says alike."""
    mine = {name: stand for name, stand in stands_of(result).items() if stand.tense in DECIDED}
    theirs = stands_of(other)
    return len(mine), sum(theirs.get(name) == stand for name, stand in mine.items())


def list_tenses(result: Result) -> Iterator[tuple[str, Found]]:
    """Yield each measure with the list that it is in; what is folded into the row of another counts as had."""
    for found in result.eligible:
        yield tense_of(found), found
    lists = {"later": result.later, "one": result.one_away, "unsure": result.unsure, "open": result.more_away}
    lists |= {"near": result.near, "errand": result.errands}
    lists["office"] = [found for found in result.manual if not found.is_errand]
    for tense, rows in lists.items():
        yield from ((tense, found) for found in rows)


def tense_of(found: Found) -> str:
    """The list of a measure whose conditions are met."""
    grant = found.version.grant
    if found.first and grant in DUE | OPEN_TO:
        return "first"
    return "due" if grant in DUE else "apply" if grant in OPEN_TO else "office"


def amount_in(found: Found, tense: str) -> Decimal | None:
    """What a measure brings where it stands: of a refusal that will turn, what it brings then."""
    return found.amount_then if tense == "later" else found.answer.amount


def keep_before(checkup: CheckUp, cause: str, result: Result) -> None:
    """Keep where everything stood before a change; ``cause`` is the answer that changes, or DAY."""
    stands = {
        name: [stand.tense, None if stand.amount is None else f"{stand.amount:f}"]
        for name, stand in stands_of(result).items()
    }
    checkup.moved_from = json.dumps({"cause": cause, "stands": stands, "gaps": gaps_of(result)})
    checkup.save(update_fields=["moved_from"])


def forget_moves(checkup: CheckUp) -> None:
    """Forget it where a new answer comes: what moved would no longer be the work of the change."""
    if checkup.moved_from is not None:
        CheckUp.objects.filter(pk=checkup.pk).update(moved_from=None)


def moves_of(checkup: CheckUp, result: Result) -> Moves | None:
    """Return what the last change moved; None where nothing was changed since an answer came.

    A row of a release that kept less than where everything stood cannot be compared: None as well.
    """
    kept = json.loads(checkup.moved_from) if checkup.moved_from else None
    if not isinstance(kept, dict):
        return None
    then = {
        name: Stand(tense, None if amount is None else Decimal(amount))
        for name, (tense, amount) in kept["stands"].items()
    }
    every = list_moves(then, result)
    came = [move for move in every if move.before.tense in OUTSIDE and move.now.tense not in OUTSIDE]
    went = [move for move in every if move.before.tense not in OUTSIDE and move.now.tense in {"", "near"}]
    rest = [move for move in every if move not in came and move not in went]
    opened = any(move.now.tense in WAITING for move in every)
    return Moves(
        cause=cause_words(kept["cause"]),
        came=tuple(came),
        went=tuple(went),
        moved=tuple(move for move in rest if move.before.tense != move.now.tense),
        changed=tuple(move for move in rest if move.before.tense == move.now.tense),
        following=following_words(result) if opened else "",
        gaps=tuple(list_gap_moves(kept.get("gaps", {}), result, {move.measure.id for move in every})),
    )


def following_words(result: Result) -> str:
    """The question that is asked next; empty where none is."""
    if result.pending is not None:
        return text(result.pending.title)
    return fact_label(result.question.fact) if result.question is not None else ""


def list_moves(then: Mapping[str, Stand], result: Result) -> list[Move]:
    """List the measures whose list or sum has changed, in the order of a result's lists; unknown ones are left out."""
    now, units = stands_of(result), {answer.measure: answer.unit for answer in result.answers}
    asks = {found.measure.id: found.open_facts for found in result.open}
    over = {found.measure.id: found.over_words for found in (*result.later, *result.unfit)}
    every = [
        Move(
            measure,
            units.get(name, measure.versions[-1].benefit.unit),
            then.get(name, Stand()),
            now.get(name, Stand()),
            asks=asks.get(name, ()),
            over=over.get(name, ""),
        )
        for name, measure in current_pack().measures.items()
    ]
    other = [move for move in every if move.before != move.now]
    return sorted(other, key=lambda move: min(ORDER.get(stand.tense, len(ORDER)) for stand in (move.before, move.now)))


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
