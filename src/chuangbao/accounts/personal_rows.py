"""Reading and erasing the rows that carry a person, for every context's part of the map of personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress

from chuangbao.accounts.models import Person
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from django.db.models import Model

__all__ = ["WHY", "Deed", "addresses_of", "erase_rows", "export_deeds", "export_rows"]

Deed = tuple[Any, str, tuple[str, ...]]
"""Rows that a person made: the model, the column that leads to the person, and the columns that are exported."""

WHY = "a person's own data, for the person"


def export_rows(model: type[Model], field: str, *columns: str) -> Callable[[int], Iterable[Mapping[str, object]]]:
    """Make a reader of the rows that carry a person, in plain values."""

    def export(person: int) -> Iterable[Mapping[str, object]]:
        rows = unscoped(model, because=WHY).filter(**{field: person}).order_by("pk").values(*columns)
        return [{name: value if value is None else str(value) for name, value in row.items()} for row in rows]

    return export


def export_deeds(deeds: Sequence[Deed]) -> Callable[[int], Iterator[Mapping[str, object]]]:
    """Make a reader of several kinds of rows that a person made, each under what it is called."""

    def export(person: int) -> Iterator[Mapping[str, object]]:
        for model, field, columns in deeds:
            called = KINDS[model._meta.label_lower].label
            for row in export_rows(model, field, *columns)(person):
                yield {"deed": str(called), **row}

    return export


def erase_rows(model: type[Model], field: str) -> Callable[[int], int]:
    """Make an eraser of the rows that carry a person."""
    return lambda person: unscoped(model, because=WHY).filter(**{field: person}).delete()[0]


def addresses_of(person: int) -> set[str]:
    """Return every e-mail address of a person, in small letters."""
    own = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    found = {*own, *Person.objects.filter(pk=person).values_list("email", flat=True)}
    return {address.lower() for address in found}
