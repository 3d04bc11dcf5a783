"""Who read sensitive data of whom (敏感信息查阅留痕): written by one function, shown to those whom it concerns.

``record_reading`` names the person or the organisation that the data are about, so whatever is read, a sealed value,
its evidence, a list or a workbook, they see it. A pass over everybody is one row; a context says whom it concerned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.audit.log import READS, record
from chuangbao.core.models import History

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model, QuerySet

    from chuangbao.core.access.actors import Actor

__all__ = [
    "OTHER_READINGS",
    "READ_SENSITIVE",
    "readings_of_organisation",
    "readings_of_person",
    "record_reading",
]

READ_SENSITIVE = "read_sensitive"
READS.add(READ_SENSITIVE)
OTHER_READINGS: list[Callable[[str, int], Q]] = []
"""Of ``person`` or ``organisation`` and its number, rows that concern it without naming it: runs over everybody, and
rows that were sealed before readings named whom they are about."""


def record_reading(  # noqa: PLR0913 - a reading has as many parts
    actor: Actor,
    row: Model | None,
    *,
    person: int | None = None,
    organisation: int | None = None,
    reason: str,
    facts: Iterable[str] = (),
    verb: str = READ_SENSITIVE,
) -> History:
    """Put on record that sensitive data of a person or of an organisation were read, by whom and why."""
    about = {"about": person} if person is not None else {"about_organisation": organisation}
    return record(actor, verb, row, reason=reason, data={**about, "facts": sorted(facts)})


def readings_of_person(person: int) -> QuerySet[History]:
    """Return who else read the person's sensitive data, the newest first."""
    rows = readings(Q(data__about=person), "person", person)
    return rows.exclude(person=person)


def readings_of_organisation(organisation: int) -> QuerySet[History]:
    """Return who outside the organisation read its sensitive data, the newest first."""
    rows = readings(Q(data__about_organisation=organisation), "organisation", organisation)
    return rows.exclude(acting__startswith="member:")


def readings(named: Q, kind: str, number: int) -> QuerySet[History]:
    """Return the rows that name it, and those that concern it without."""
    for other in OTHER_READINGS:
        named |= other(kind, number)
    return History.objects.filter(named, verb__in=sorted(READS)).select_related("person").order_by("-pk")
