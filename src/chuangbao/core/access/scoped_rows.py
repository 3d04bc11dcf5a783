"""Rows that refuse to be read while a request is answered, unless the query says for whom (数据范围).

``core.access.row_access`` says so for a query; models take their manager from here.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import Manager, Model, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ScopedManager", "ScopedQuerySet", "UnscopedQueryError", "forbid_unscoped_reads"]

Row = TypeVar("Row", bound=Model)
watching: ContextVar[bool] = ContextVar("watching", default=False)


class UnscopedQueryError(Exception):
    """A page read rows without saying for whom: a mistake in the program, never shown as data."""


@contextmanager
def forbid_unscoped_reads() -> Iterator[None]:
    """While a request is answered, an unscoped read of a scoped model is an error."""
    token = watching.set(True)
    try:
        yield
    finally:
        watching.reset(token)


class ScopedQuerySet(QuerySet[Row]):
    """Refuses to read while a request is answered unless it was narrowed to an actor's sight."""

    _scoped = ""

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc] # not in the stubs
        clone._scoped = self._scoped
        return clone

    def within_sight(self) -> None:
        """Raise where this query would show rows outside an actor's sight."""
        if watching.get() and not self._scoped and "instance" not in self._hints:  # type: ignore[attr-defined] # Django's own
            raise UnscopedQueryError(
                f"{self.model.__name__} is read without a scope; use visible({self.model.__name__}, to=actor)"
            )

    def _fetch_all(self) -> None:
        self.within_sight()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        self.within_sight()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        """As Django's."""
        self.within_sight()
        return super().count()

    def exists(self) -> bool:
        """As Django's."""
        self.within_sight()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As Django's."""
        self.within_sight()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """As Django's."""
        self.within_sight()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """As Django's."""
        self.within_sight()
        return super().delete()


ScopedManager = Manager.from_queryset(ScopedQuerySet)
