"""The check-up of a person signed in: it starts from the facts of whom they act for, and keeps its answers there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.checkup.domain import checkups
from chuangbao.checkup.domain.life import is_life
from chuangbao.checkup.models import CheckUp, CheckUpAnswer
from chuangbao.checkup.permissions import may_open_checkup
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.current import current_pack
from chuangbao.facts.domain.granted import award_facts
from chuangbao.facts.domain.standing import holdings, raw_of
from chuangbao.facts.domain.stating import state, withdraw
from chuangbao.facts.domain.subjects import AUDIENCES, subject_of
from chuangbao.facts.models import Fact as FactRow
from chuangbao.facts.scopes import is_withheld

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Fact, Pack

__all__ = [
    "Answers",
    "Turn",
    "Verdict",
    "adopt_checkup",
    "answers_of",
    "begin_own_checkup",
    "keep_fact",
    "keep_verdicts",
    "list_changes",
    "read_known_start",
    "take_back_fact",
    "verdicts_of",
]

State = CheckUpAnswer.State


@dataclass(frozen=True, slots=True)
class Answers:
    """What a check-up is judged by: the answers as the page lists them, and the same as the engine takes them."""

    given: list[CheckUpAnswer]
    raw: dict[str, object]
    contradicted: frozenset[str] = frozenset()
    life: tuple[CheckUpAnswer, ...] = ()
    marks: frozenset[str] = frozenset()
    """Names of rows that are no answers: of a shared copy what it was made without."""


def answers_of(checkup: CheckUp, actor: Actor) -> Answers:
    """Return its answers; of a person signed in the facts in force, and what they do not know."""
    pack = current_pack()
    every = list(checkup.answers.all())
    rows, life = [row for row in every if row.fact in pack.facts], tuple(row for row in every if is_life(row))
    marks = frozenset(row.fact for row in every if row.fact not in pack.facts and not is_life(row))
    if checkup.subject is None:
        return Answers(rows, checkups.read_answers(pack, rows), life=life, marks=marks)
    permit(may_open_checkup, actor=actor, row=checkup)
    standing = holdings(checkup.subject, day=checkup.as_of, actor=actor, why="check-up")
    raw = raw_of(standing)
    granted = award_facts(checkup.subject, day=checkup.as_of, actor=actor, why="check-up")
    stated = [row_of(checkup, name, value) for name, value in raw.items()]
    unknown = [row for row in rows if row.fact not in raw]
    rivals = frozenset(held.fact.name for held in standing.values() if held.rivals)
    return Answers(stated + unknown, raw | granted, rivals, life)


def row_of(checkup: CheckUp, name: str, value: object) -> CheckUpAnswer:
    """A fact as the page lists an answer; it is never saved."""
    stated = State.ABSENT if value is None else State.GIVEN
    return CheckUpAnswer(
        checkup=checkup, fact=name, state=stated, value="" if value is None else checkups.store_value(value)
    )


def read_known_start(actor: Actor, pack: Pack) -> dict[str, str]:
    """Return what is known of whom one acts for and need not be asked: who it is, as the pack calls it, and where."""
    subject = subject_of(actor)
    who = next(iter(AUDIENCES.get(subject.organisation.kind, ())), "") if subject.organisation else ""
    known = {"who": who if any(each.id == who for each in pack.audiences) else "", "region": subject.region_id or ""}
    return {name: value for name, value in known.items() if value}


@transaction.atomic
def begin_own_checkup(*, actor: Actor, pack: Pack, who: str, want: str, day: date, region: str = "") -> CheckUp:
    """Begin from the facts; what the choice of “who” says becomes a fact where there is none yet."""
    subject = subject_of(actor)
    checkup = CheckUp.objects.create(
        subject=subject, who=who, want=want, as_of=day, region=region or subject.region_id or pack.region
    )
    known = answers_of(checkup, actor).raw
    audience = next((a for a in pack.audiences if a.id == who), None)
    for name, value in (audience.facts if audience else {}).items():
        if name not in known:
            state(subject=subject, name=name, value=value, actor=actor, as_of=day)
    return checkup


@transaction.atomic
def keep_fact(*, checkup: CheckUp, fact: Fact, value: object, actor: Actor) -> None:
    """Keep an answer as a fact, as of the day that is looked at, or of today where that is in the future."""
    day = min(checkup.as_of, timezone.localdate())
    state(subject=checkup.subject, name=fact.name, value=value, actor=actor, as_of=day)  # type: ignore[arg-type] # asked before
    checkups.withdraw_answer(checkup=checkup, fact=fact.name)


@transaction.atomic
def take_back_fact(*, checkup: CheckUp, fact: str, actor: Actor) -> None:
    """Retract an answer: what the person said of it, up to the day that is looked at."""
    checkups.withdraw_answer(checkup=checkup, fact=fact)
    rows = visible(FactRow, to=actor).filter(subject=checkup.subject_id, name=fact, source="self")
    for row in rows.exclude(stage="withdrawn").filter(as_of__lte=checkup.as_of):
        withdraw(fact=row, reason=_("Taken back in the check-up"), actor=actor)


@transaction.atomic
def adopt_checkup(*, checkup: CheckUp, names: Collection[str], actor: Actor) -> CheckUp:
    """Take the answers of an anonymous check-up over into the person's facts, and go on from there."""
    pack, subject = current_pack(), subject_of(actor)
    known = checkups.read_answers(pack, list(checkup.answers.all()))
    day = min(checkup.as_of, timezone.localdate())
    for name in known:
        if name in names:
            state(subject=subject, name=name, value=known[name], actor=actor, as_of=day)
    made = begin_own_checkup(
        actor=actor, pack=pack, who="", want=checkup.want, day=checkup.as_of, region=checkup.region
    )
    made.who = checkup.who
    made.save(update_fields=["who"])
    CheckUpAnswer.objects.bulk_create(
        CheckUpAnswer(checkup=made, fact=row.fact, state=row.state, value=row.value)
        for row in checkup.answers.all()
        if row.state == State.UNKNOWN or is_life(row)
    )
    return made


@dataclass(frozen=True, slots=True)
class Turn:
    """A measure that is decided otherwise than last time; ``before`` is empty where it was not there yet."""

    answer: Answer
    before: str
    amount_before: Decimal | None
    new_version: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out for one measure last time."""

    version: str
    status: str
    amount: Decimal | None


def keep_verdicts(checkup: CheckUp, answers: Iterable[Answer]) -> None:
    """Remember what came out, so that next time shows what changed; that a measure fits can tell a sealed fact."""
    checkup.outcome = write_verdicts(answers)
    checkup.save(update_fields=["outcome"])


def write_verdicts(answers: Iterable[Answer]) -> str:
    """What came out, as a row keeps it."""
    return json.dumps(
        {a.measure: (a.version, a.status, None if a.amount is None else f"{a.amount:f}") for a in answers}
    )


def verdicts_of(checkup: CheckUp) -> dict[str, Verdict]:
    """Return what came out of a check-up, by measure."""
    return read_verdicts(checkup.outcome)


def read_verdicts(written: str | None) -> dict[str, Verdict]:
    """Return the verdicts of a row, by measure."""
    rows = json.loads(written or "{}")
    return {
        measure: Verdict(version, status, None if amount is None else Decimal(amount))
        for measure, (version, status, amount) in rows.items()
    }


def list_changes(checkup: CheckUp, answers: Iterable[Answer], *, actor: Actor) -> tuple[CheckUp | None, list[Turn]]:
    """Return the check-up before this one, and every measure that is decided otherwise now.

    Earlier verdicts were worked out of everything stated; nothing of them where some of it is withheld today.
    """
    if checkup.subject is None or is_withheld(actor, checkup.subject):
        return None, []
    earlier = CheckUp.objects.filter(subject=checkup.subject_id, pk__lt=checkup.pk, outcome__isnull=False)
    last = earlier.order_by("-pk").first()
    if last is None:
        return None, []
    then = verdicts_of(last)
    found = (turn(then.get(answer.measure), answer) for answer in answers)
    return last, [one for one in found if one is not None]


def turn(was: Verdict | None, now: Answer) -> Turn | None:
    """What is otherwise now, if anything."""
    if was is None:
        return Turn(now, "", None, new_version=True) if now.status == "eligible" else None
    if (was.status, was.amount) == (now.status, now.amount):
        return None
    return Turn(now, was.status, was.amount, new_version=was.version != now.version)
