"""The map of personal data (个人信息清单): each context says what it holds of a person, why, and for how long.

The personal data centre shows the map, exports by it and erases by it (个人信息保护法 第四十四条至第四十七条).
``core.completeness`` refuses to start where a column that leads to a person is in no entry of the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import ForeignObjectRel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import Model
    from django.utils.functional import _StrPromise

__all__ = [
    "HOLDINGS",
    "KEPT_AS_NUMBER",
    "PERSONAL_MODELS",
    "Holding",
    "erase_holdings",
    "holds_personal",
    "is_about_people",
    "keep_as_number",
    "rows_pointed_at",
]


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of data that is held: what, why, how long; how it is read, and how it is erased."""

    name: str
    label: str | _StrPromise
    purpose: str | _StrPromise
    kept: str | _StrPromise
    export: Callable[[int], Iterable[Mapping[str, object]]]
    """Takes the person's id; gives rows of plain values."""
    erase: Callable[[int], int] | None = None
    """Takes the person's id; gives how many rows were erased or emptied. None: the law makes us keep it."""
    covers: tuple[str, ...] = ()
    """The columns that it accounts for, as ``accounts.Membership.person``."""

    @property
    def erases(self) -> bool:
        """Whether it goes with the account; a template must never reach for ``erase``, which it would call."""
        return self.erase is not None


HOLDINGS: dict[str, Holding] = {}
KEPT_AS_NUMBER: dict[str, str] = {}
"""Columns that keep the number of a person whose name is gone, each with the reason and the law."""
PERSONAL_MODELS: set[str] = set()
"""Models whose rows are people: a column that points to one of them leads to a person."""


def holds_personal(*holdings: Holding) -> None:
    """Add to the map. Raises ValueError for a name that another holding has."""
    for holding in holdings:
        if HOLDINGS.setdefault(holding.name, holding) is not holding:
            raise ValueError(f"two holdings are called {holding.name}")


def keep_as_number(reason: str, *columns: str) -> None:
    """Say why some columns keep the number of a person after the account is erased."""
    KEPT_AS_NUMBER.update(dict.fromkeys(columns, reason))


def is_about_people(*models: str) -> None:
    """Say that the rows of some models, such as ``facts.Subject``, may be people."""
    PERSONAL_MODELS.update(models)


def erase_holdings(person: int) -> dict[str, int]:
    """Erase all of the map that the law does not keep, and return how many rows of each kind.

    The last that was declared goes first: a context builds on those before it, and lets go before they do.
    """
    return {name: holding.erase(person) for name, holding in reversed(HOLDINGS.items()) if holding.erase}


def rows_pointed_at(model: type[Model], ids: Iterable[int]) -> set[int]:
    """Return those of some rows that rows of other models still point to."""
    found: set[int] = set()
    wanted = list(ids)
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": wanted})
            found.update(rows.values_list(relation.field.name, flat=True))
    return found
