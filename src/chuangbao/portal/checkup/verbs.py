"""What a visitor does in a check-up: start, answer, change the day, share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chuangbao.portal.models import CheckUp, CheckUpAnswer
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.rules.model import Fact, Pack

__all__ = ["answer", "find", "known", "set_day", "share", "start", "withdraw"]

State = CheckUpAnswer.State


def start(*, pack: Pack, who: str, want: str, day: date) -> CheckUp:
    """Begin a check-up with what the choice of who one is already says."""
    with transaction.atomic():
        CheckUp.objects.filter(subject=None, expires_at__lt=timezone.now()).delete()
        checkup = CheckUp.objects.create(who=who, want=want, as_of=day, region=pack.region)
        audience = next((a for a in pack.audiences if a.id == who), None)
        for fact, value in (audience.facts if audience else {}).items():
            answer(checkup=checkup, fact=pack.facts[fact], value=value)
    return checkup


def find(token: str, *, shared: bool = False) -> CheckUp | None:
    """The check-up at an address that has not expired; one of somebody signed in does not."""
    rows = CheckUp.objects.filter(token=token, shared=shared).select_related("subject__organisation")
    return rows.filter(Q(expires_at__gt=timezone.now()) | Q(subject__isnull=False)).first()


def answer(*, checkup: CheckUp, fact: Fact, value: object, unknown: bool = False) -> None:
    """Keep one answer; a later one replaces it."""
    state = State.UNKNOWN if unknown else State.ABSENT if value is None else State.GIVEN
    CheckUpAnswer.objects.update_or_create(
        checkup=checkup,
        fact=fact.name,
        defaults={"state": state, "value": written(value) if state == State.GIVEN else ""},
    )


def withdraw(*, checkup: CheckUp, fact: str) -> None:
    """Forget one answer."""
    CheckUpAnswer.objects.filter(checkup=checkup, fact=fact).delete()


def set_day(*, checkup: CheckUp, day: date, region: str) -> None:
    """Look at the same facts as of another day or in another place."""
    CheckUp.objects.filter(pk=checkup.pk).update(as_of=day, region=region)


def share(*, checkup: CheckUp, pack: Pack, given: Iterable[CheckUpAnswer]) -> CheckUp:
    """Freeze a copy under a new address; sensitive answers stay behind."""
    with transaction.atomic():
        copy = CheckUp.objects.create(
            who=checkup.who, want=checkup.want, as_of=checkup.as_of, region=checkup.region, shared=True
        )
        kept = [a for a in given if a.fact in pack.facts and not pack.facts[a.fact].sensitive]
        CheckUpAnswer.objects.bulk_create(
            CheckUpAnswer(checkup=copy, fact=a.fact, state=a.state, value=a.value) for a in kept
        )
    return copy


def known(pack: Pack, answers: list[CheckUpAnswer]) -> dict[str, object]:
    """The answers in the engine's shape; facts the catalogue no longer has are left out."""
    return {
        a.fact: None if a.state == State.ABSENT else read(pack.facts[a.fact], a.value)
        for a in answers
        if a.state != State.UNKNOWN and a.fact in pack.facts
    }


def written(value: object) -> str:
    """A value as a row keeps it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(str(part) for part in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def read(fact: Fact, value: str) -> object:
    """A value out of its row."""
    if fact.type is FactType.BOOLEAN:
        return value == "true"
    if fact.type is FactType.CODES:
        return value.split(",") if value else []
    if fact.type.numeric:
        figure = Decimal(value)
        return int(figure) if figure == figure.to_integral_value() else figure
    return value
