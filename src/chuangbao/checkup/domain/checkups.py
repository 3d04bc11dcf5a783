"""What a visitor does in a check-up: start, answer, change the day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chuangbao.accounts.states import Standing
from chuangbao.checkup.domain.life import name_of
from chuangbao.checkup.models import CheckUp, CheckUpAnswer
from chuangbao.core.access.tokens import hash_token
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.rules.model import Fact, Pack

__all__ = [
    "begin_checkup",
    "find_checkup",
    "is_readable",
    "keep_answer",
    "keep_life_answers",
    "read_answers",
    "set_day",
    "withdraw_answer",
]

State = CheckUpAnswer.State


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
