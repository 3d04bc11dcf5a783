"""Copies of a check-up for others (分享): what goes along, what stays behind, and until when a copy is read.

What is sensitive is said by the pack: who one is (``audiences.yaml``), an answer of life (``interview.yaml``) and a
fact. It stays behind unless the owner ticks it. A question with a sensitive answer tells by its silence too, so of it
only the answers that tell nothing go along, and nothing is filled in from what was not chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from chuangbao.accounts.states import Standing
from chuangbao.checkup.domain.checkups import is_readable, read_answers
from chuangbao.checkup.domain.life import current_interview, is_life, life_of, name_of
from chuangbao.checkup.models import CheckUp, CheckUpAnswer, end_of_keeping
from chuangbao.core.access.tokens import derive_token
from chuangbao.core.engine.current import current_engine
from chuangbao.rules import tree
from chuangbao.rules.interview import interp_of, judge_life
from chuangbao.rules.model import tree_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from chuangbao.rules.interview import LifeQuestion, Lived
    from chuangbao.rules.model import Pack

__all__ = [
    "WHO",
    "count_left_out",
    "draft_copy",
    "list_hidden",
    "list_possible",
    "list_private_answers",
    "list_shared_copies",
    "list_unclear",
    "list_withheld",
    "share_copy",
    "tells_sensitive",
    "withdraw_copy",
]

WHO = "who"
LEFT = "left."
"""Name in a shared copy of an answer that was left out: of a question of life its name, which is the same whatever was
chosen; of a fact a number alone, so that not even the question is named."""
CLOSED = "closed"
"""Name in a shared copy from which no sensitive fact may follow: what was left out says otherwise than its answers."""
State = CheckUpAnswer.State


@transaction.atomic
def share_copy(
    *,
    checkup: CheckUp,
    pack: Pack,
    given: Iterable[CheckUpAnswer],
    membership: int | None = None,
    along: Collection[str] = (),
) -> CheckUp:
    """Freeze a copy under a new address; what is sensitive stays behind, except the answers named in ``along``.

    Of a fact that stays behind the copy keeps that there was one, and neither its question nor what it said.
    ``membership`` is the one in which a check-up of an organisation is shared; the copy ends with it.
    """
    CheckUp.objects.filter(pk=checkup.pk).update(expires_at=end_of_keeping())  # the copy goes with it, not before
    copy = CheckUp.objects.create(
        want=checkup.want, as_of=checkup.as_of, region=checkup.region, shared=True, copied_from=checkup,
        needs_verified=is_of_verified(checkup), shared_by_id=membership,
    )  # fmt: skip
    copy.give_token(derive_token(checkup.token, f"copy:{copy.pk}"))
    copy.who = who_in_copy(pack, checkup, along)  # sealed for the address that it has now
    copy.save(update_fields=["token_hash", "who"])
    every = [*given, *(row for row in checkup.answers.all() if is_life(row))]
    CheckUpAnswer.objects.bulk_create(list_rows(copy, checkup, pack, every, along))
    return copy


def draft_copy(*, checkup: CheckUp, pack: Pack, every: Iterable[CheckUpAnswer]) -> tuple[CheckUp, list[CheckUpAnswer]]:
    """Return the copy that would be made with nothing ticked, and its rows; nothing of it is saved."""
    copy = CheckUp(want=checkup.want, as_of=checkup.as_of, region=checkup.region, shared=True)
    copy.who = who_in_copy(pack, checkup, ())
    return copy, list_rows(copy, checkup, pack, list(every), ())


def who_in_copy(pack: Pack, checkup: CheckUp, along: Collection[str]) -> str:
    """Who one is, as a copy says it; empty where that stays behind."""
    return "" if tells_sensitive(pack, checkup.who) and WHO not in along else checkup.who


def list_rows(
    copy: CheckUp, checkup: CheckUp, pack: Pack, every: list[CheckUpAnswer], along: Collection[str]
) -> list[CheckUpAnswer]:
    """The rows of a copy: the answers that go along, and the marks of what stays behind."""
    private = list_private_answers(checkup.who, pack, every)
    behind = [row for row in private if row.fact not in along]
    kept = [
        row
        for row in every
        if is_readable_answer(pack, row) and (row in private or not is_private(pack, row, checkup.who))
    ]
    rows = [part for row in kept if (part := copy_row(copy, row, behind)) is not None]
    rows += mark_left(copy, [*([WHO] if copy.who != checkup.who else []), *name_left(behind)])
    if denies(pack, copy, rows, behind):
        rows.append(CheckUpAnswer(checkup=copy, fact=CLOSED, state=State.UNKNOWN))
    return rows


def copy_row(copy: CheckUp, row: CheckUpAnswer, behind: Collection[CheckUpAnswer]) -> CheckUpAnswer | None:
    """An answer as the copy has it: whole, the part of it that tells nothing sensitive, or nothing."""
    value = row.value
    if row in behind:
        question = question_of(row)
        if question is None or question.kind != "many":
            return None
        plain = {option.id for option in question.options if not option.sensitive}
        value = ",".join(code for code in row.value.split(",") if code in plain)
    return CheckUpAnswer(checkup=copy, fact=row.fact, state=row.state, value=value)


def name_left(behind: Iterable[CheckUpAnswer]) -> list[str]:
    """How a copy calls the answers that stay behind: a question of life by its name, a fact by a number."""
    return [row.fact if is_life(row) else str(place) for place, row in enumerate(behind)]


def mark_left(copy: CheckUp, names: Iterable[str]) -> list[CheckUpAnswer]:
    """One row for each answer that stays behind, wholly or in part."""
    return [CheckUpAnswer(checkup=copy, fact=f"{LEFT}{name}", state=State.UNKNOWN) for name in names]


def denies(pack: Pack, copy: CheckUp, rows: list[CheckUpAnswer], behind: Iterable[CheckUpAnswer]) -> bool:
    """Whether the copy's answers would fill a fact otherwise than what was stated of it and stays behind."""
    stated = read_answers(pack, list(behind))
    if not stated:
        return False
    known, life = read_answers(pack, rows), life_of(copy, rows)
    withheld = list_withheld(pack, {row.fact for row in rows})
    lived = judge_life(current_engine(), known, life, as_of=copy.as_of, region=copy.region, withheld=withheld)
    return any(name in lived.filled and lived.filled[name] != value for name, value in stated.items())


def list_withheld(pack: Pack, names: Collection[str]) -> set[str]:
    """The facts that nothing may be filled into, by the names of a copy's rows: those of what was left, or all."""
    if CLOSED in names:
        return {fact.name for fact in pack.facts.values() if fact.sensitive}
    left = [q for q in current_interview().questions if f"{LEFT}{name_of(q.name)}" in names]
    return {name for question in left for option in question.sensitive_options for name in option.facts}


def list_unclear(
    pack: Pack, lived: Lived, life: Mapping[str, str | frozenset[str]], withheld: Collection[str]
) -> set[str]:
    """The measures that something withheld may set aside: a copy does not promise them, whatever was answered."""
    interp = interp_of(current_engine(), lived.profile, life)
    hang = (
        (filling, tree_of(filling.when))
        for filling in (pack.interview.fillings if pack.interview else ())
        if filling.aside
    )
    return {
        name
        for filling, when in hang
        if not set(tree.names(when)).isdisjoint(withheld) and interp.truth(when) is not False
        for name in filling.aside
    }


def list_possible(pack: Pack, names: Collection[str]) -> frozenset[str]:
    """Whom the owner of a copy may be whose rows say that who one is stayed behind: any that is sensitive.

    What is for others alone does not concern the owner, whichever of these it is; empty where nothing stayed behind.
    """
    if f"{LEFT}{WHO}" not in names:
        return frozenset()
    left = [q for q in current_interview().questions if f"{LEFT}{name_of(q.name)}" in names]
    hinted = {name for question in left for option in question.sensitive_options for name in option.audiences}
    return frozenset(audience.id for audience in pack.audiences if audience.sensitive) | hinted


def question_of(row: CheckUpAnswer) -> LifeQuestion | None:
    """The question of life that an answer belongs to; None for a fact, and for a question that is no longer asked."""
    questions = {name_of(question.name): question for question in current_interview().questions}
    return questions.get(row.fact)


def is_readable_answer(pack: Pack, row: CheckUpAnswer) -> bool:
    """Whether an answer is one of life, or a fact that the catalogue still has."""
    return is_life(row) or row.fact in pack.facts


def is_private(pack: Pack, row: CheckUpAnswer, who: str) -> bool:
    """Whether an answer can say something sensitive of the person or the household.

    What was never offered to who one is tells nothing by its silence.
    """
    if not is_life(row):
        return pack.facts[row.fact].private
    question = question_of(row)
    return question is None or any(option.sensitive for option in question.options_for(who))


def list_private_answers(who: str, pack: Pack, rows: Iterable[CheckUpAnswer]) -> list[CheckUpAnswer]:
    """The answers that stay behind unless ticked; what was not known is none, nor what ``who`` says."""
    preset = {name for audience in pack.audiences if audience.id == who for name in audience.facts}
    said = [row for row in rows if row.state != State.UNKNOWN and row.fact not in preset]
    return [row for row in said if is_readable_answer(pack, row) and is_private(pack, row, who)]


def count_left_out(copy: CheckUp) -> int:
    """Return how many answers a shared copy was made without, or with a part of, who one is among them."""
    return copy.answers.filter(fact__startswith=LEFT).count()


def list_hidden(pack: Pack, copy: CheckUp) -> set[str]:
    """The facts that a copy may have been made without; any other that it does not know its owner did not say either.

    Which fact stayed behind is kept secret: where one did, every private one may be it.
    """
    names = set(copy.answers.values_list("fact", flat=True))
    hidden = list_withheld(pack, names)
    if any(name.removeprefix(LEFT).isdecimal() for name in names if name.startswith(LEFT)):
        hidden |= {fact.name for fact in pack.facts.values() if fact.private}
    if f"{LEFT}{WHO}" in names:
        hidden |= {name for audience in pack.audiences if audience.sensitive for name in audience.facts}
    return hidden


def tells_sensitive(pack: Pack, who: str) -> bool:
    """Whether who one is says something sensitive, as ``job_seeker`` says that one is out of work."""
    return any(audience.sensitive for audience in pack.audiences if audience.id == who)


def is_of_verified(checkup: CheckUp) -> bool:
    """Whether a check-up starts from the facts of a verified organisation, those of registers among them."""
    organisation = checkup.subject.organisation if checkup.subject else None
    return organisation is not None and organisation.stage == Standing.VERIFIED


def list_shared_copies(checkup: CheckUp) -> list[CheckUp]:
    """List the copies that were shared and can still be read, the newest first, with their tokens."""
    found = list(checkup.copies.filter(is_readable(), expires_at__gt=timezone.now()).order_by("-pk"))
    for copy in found:
        copy.token = checkup.token_of_copy(copy)
    return found


def withdraw_copy(*, checkup: CheckUp, copy: int) -> None:
    """Let the address of a shared copy lead nowhere from now on (撤回分享)."""
    checkup.copies.filter(pk=copy).delete()
