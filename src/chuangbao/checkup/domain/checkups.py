"""What a visitor does in a check-up: start, answer, change the day, share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chuangbao.accounts.states import Standing
from chuangbao.checkup.domain.life import is_life, name_of
from chuangbao.checkup.domain.life import tells_sensitive as life_tells_sensitive
from chuangbao.checkup.models import CheckUp, CheckUpAnswer, end_of_keeping
from chuangbao.core.access.tokens import derive_token, hash_token
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuangbao.rules.model import Fact, Pack

__all__ = [
    "begin_checkup",
    "count_left_out",
    "find_checkup",
    "keep_answer",
    "keep_life_answers",
    "list_private_answers",
    "list_shared_copies",
    "read_answers",
    "set_day",
    "share_copy",
    "tells_sensitive",
    "withdraw_answer",
    "withdraw_copy",
]

State = CheckUpAnswer.State
LEFT = "left."
"""Name in a shared copy of an answer that was left out, by its number alone: the question is not named either."""


def begin_checkup(*, pack: Pack, who: str, want: str, day: date, region: str = "") -> CheckUp:
    """Begin a check-up with what the choice of who one is already says."""
    with transaction.atomic():
        CheckUp.objects.filter(subject=None, expires_at__lt=timezone.now()).delete()
        checkup = CheckUp.objects.create(who=who, want=want, as_of=day, region=region or pack.region)
        audience = next((a for a in pack.audiences if a.id == who), None)
        for fact, value in (audience.facts if audience else {}).items():
            keep_answer(checkup=checkup, fact=pack.facts[fact], value=value)
    return checkup


def find_checkup(token: str, *, shared: bool = False) -> CheckUp | None:
    """Return the check-up at an address that has not expired; one of a known subject does not.

    A shared copy opens only while ``is_readable`` holds.
    """
    rows = CheckUp.objects.filter(token_hash=hash_token(token), shared=shared).select_related("subject__organisation")
    rows = rows.filter(Q(expires_at__gt=timezone.now()) | Q(subject__isnull=False))
    found = (rows.filter(is_readable()) if shared else rows).first()
    if found is not None:
        found.token = token
    return found


def is_readable() -> Q:
    """The shared copies that may still be read: what made sharing right is asked again at each look.

    One of an organisation ends with the membership in which it was shared, when the organisation is closed, and when
    it is no longer verified where it was. Joining again is another membership: an ended copy stays ended.
    """
    stage = "copied_from__subject__organisation__stage"
    by_member = Q(shared_by__isnull=False, shared_by__ended_at=None, shared_by__person__is_active=True)
    standing = Q(needs_verified=False) | Q(**{stage: Standing.VERIFIED})
    of_organisation = by_member & standing & ~Q(**{stage: Standing.CLOSED})
    active = ~Q(copied_from__subject__person__is_active=False)
    return Q(copied_from__subject__organisation=None) & active | of_organisation


def keep_answer(*, checkup: CheckUp, fact: Fact, value: object, unknown: bool = False) -> None:
    """Keep one answer; a later one replaces it."""
    state = State.UNKNOWN if unknown else State.ABSENT if value is None else State.GIVEN
    CheckUpAnswer.objects.update_or_create(
        checkup=checkup,
        fact=fact.name,
        defaults={"state": state, "value": store_value(value) if state == State.GIVEN else ""},
    )


def keep_life_answers(*, checkup: CheckUp, answers: Mapping[str, str | None]) -> None:
    """Keep what was said of life; None is what was left open, so that it is not asked again."""
    with transaction.atomic():
        for question, value in answers.items():
            CheckUpAnswer.objects.update_or_create(
                checkup=checkup,
                fact=name_of(question),
                defaults={"state": State.UNKNOWN if value is None else State.GIVEN, "value": value or ""},
            )


def withdraw_answer(*, checkup: CheckUp, fact: str) -> None:
    """Forget one answer."""
    CheckUpAnswer.objects.filter(checkup=checkup, fact=fact).delete()


def set_day(*, checkup: CheckUp, day: date, region: str) -> None:
    """Look at the same facts as of another day or in another place."""
    CheckUp.objects.filter(pk=checkup.pk).update(as_of=day, region=region)


def share_copy(
    *, checkup: CheckUp, pack: Pack, given: Iterable[CheckUpAnswer], membership: int | None = None
) -> CheckUp:
    """Freeze a copy under a new address; sensitive answers stay behind, and who one is where that tells them.

    Of an answer that stays behind the copy keeps that there was one, and neither its question nor what it said.

    ``membership`` is the one in which a check-up of an organisation is shared; the copy ends with it.
    """
    with transaction.atomic():
        CheckUp.objects.filter(pk=checkup.pk).update(expires_at=end_of_keeping())  # the copy goes with it, not before
        copy = CheckUp.objects.create(
            want=checkup.want, as_of=checkup.as_of, region=checkup.region, shared=True, copied_from=checkup,
            needs_verified=is_of_verified(checkup), shared_by_id=membership,
        )  # fmt: skip
        copy.give_token(derive_token(checkup.token, f"copy:{copy.pk}"))
        copy.who = "" if tells_sensitive(pack, checkup.who) else checkup.who  # sealed for the address that it has now
        copy.save(update_fields=["token_hash", "who"])
        every = [*given, *(a for a in checkup.answers.all() if is_life(a))]
        kept = [a for a in every if is_readable_answer(pack, a) and not tells_private(pack, a)]
        behind = range(len(list_private_answers(checkup.who, pack, every)))
        CheckUpAnswer.objects.bulk_create(
            [CheckUpAnswer(checkup=copy, fact=a.fact, state=a.state, value=a.value) for a in kept]
            + [CheckUpAnswer(checkup=copy, fact=f"{LEFT}{n}", state=State.UNKNOWN) for n in behind]
        )
    return copy


def is_readable_answer(pack: Pack, row: CheckUpAnswer) -> bool:
    """Whether an answer is one of life, or a fact that the catalogue still has."""
    return is_life(row) or row.fact in pack.facts


def tells_private(pack: Pack, row: CheckUpAnswer) -> bool:
    """Whether an answer says something sensitive of the person or the household."""
    return life_tells_sensitive(pack, row) if is_life(row) else pack.facts[row.fact].sensitive


def list_private_answers(who: str, pack: Pack, rows: Iterable[CheckUpAnswer]) -> list[CheckUpAnswer]:
    """The answers that a shared copy would leave behind; what was not known is none, nor what ``who`` says."""
    preset = {name for audience in pack.audiences if audience.id == who for name in audience.facts}
    said = [row for row in rows if row.state != State.UNKNOWN and row.fact not in preset]
    return [row for row in said if is_readable_answer(pack, row) and tells_private(pack, row)]


def count_left_out(copy: CheckUp) -> int:
    """Return how many answers a shared copy was made without, the answer to who one is among them."""
    return copy.answers.filter(fact__startswith=LEFT).count() + (not copy.who)


def tells_sensitive(pack: Pack, who: str) -> bool:
    """Whether the choice of who one is says a sensitive fact, as ``veteran`` says the group of people."""
    audience = next((a for a in pack.audiences if a.id == who), None)
    said = [audience.facts] if audience else []
    said += [f.facts for f in (pack.interview.fillings if pack.interview else ()) if f"'{who}'" in f.when]
    return any(pack.facts[name].sensitive for facts in said for name in facts)


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


def read_answers(pack: Pack, answers: list[CheckUpAnswer]) -> dict[str, object]:
    """The answers in the engine's shape; facts the catalogue no longer has are left out."""
    return {
        a.fact: None if a.state == State.ABSENT else load_value(pack.facts[a.fact], a.value)
        for a in answers
        if a.state != State.UNKNOWN and a.fact in pack.facts
    }


def store_value(value: object) -> str:
    """A value as a row keeps it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(str(part) for part in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def load_value(fact: Fact, value: str) -> object:
    """A value out of its row."""
    if fact.type is FactType.BOOLEAN:
        return value == "true"
    if fact.type is FactType.CODES:
        return value.split(",") if value else []
    if fact.type.numeric:
        figure = Decimal(value)
        return int(figure) if figure == figure.to_integral_value() else figure
    return value
