"""Reading and erasing the rows that carry a person, for every context's part of the map of personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress

from chuangbao.accounts.models import Person
from chuangbao.core.access.row_access import unscoped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import Model

__all__ = ["WHY", "addresses_of", "erase_rows", "export_rows"]

WHY = "a person's own data, for the person"


def export_rows(model: type[Model], field: str, *columns: str) -> Callable[[int], Iterable[Mapping[str, object]]]:
    """Make a reader of the rows that carry a person, in plain values."""

    def export(person: int) -> Iterable[Mapping[str, object]]:
        rows = unscoped(model, because=WHY).filter(**{field: person}).order_by("pk").values(*columns)
        return [{name: value if value is None else str(value) for name, value in row.items()} for row in rows]

    return export


def erase_rows(model: type[Model], field: str) -> Callable[[int], int]:
    """Make an eraser of the rows that carry a person."""
    return lambda person: unscoped(model, because=WHY).filter(**{field: person}).delete()[0]


def addresses_of(person: int) -> set[str]:
    """Return every e-mail address of a person, in small letters."""
    own = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    found = {*own, *Person.objects.filter(pk=person).values_list("email", flat=True)}
    return {address.lower() for address in found}
