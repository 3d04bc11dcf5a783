"""Reads within an actor's sight (数据范围), by construction: an unscoped read inside a request is refused.

A context registers what an actor may see of a model with ``@scope(Model)``; pages read with
``visible(Model, to=actor)``. ``Model.objects`` of a scoped model refuses to be read while a request is
answered, unless it was reached from a row already in sight, or ``unscoped`` says why it may be.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import Manager, Model, Q, QuerySet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chuangbao.core.access.actors import Actor

__all__ = ["SCOPES", "ScopedManager", "UnscopedQueryError", "forbid_unscoped_reads", "scope", "unscoped", "visible"]

Row = TypeVar("Row", bound=Model)
SCOPES: dict[type[Model], Callable[[Any], Q]] = {}
EVERYTHING, NOTHING = Q(), Q(pk__in=[])
watching: ContextVar[bool] = ContextVar("watching", default=False)


class UnscopedQueryError(Exception):
    """A page read rows without saying for whom: a mistake in the program, never shown as data."""


def scope(model: type[Model]) -> Callable[[Callable[[Actor], Q]], Callable[[Actor], Q]]:
    """Register what an actor may see of a model; the function gives the condition (Q() is everything)."""

    def register(function: Callable[[Actor], Q]) -> Callable[[Actor], Q]:
        SCOPES[model] = function
        return function

    return register


def visible(rows: type[Row] | QuerySet[Row], *, to: Actor) -> QuerySet[Row]:
    """The rows of a model, or of a query, that an actor may see."""
    found: QuerySet[Row] = rows if isinstance(rows, QuerySet) else rows._default_manager.all()
    return allow_unscoped(found.filter(SCOPES[found.model](to)), f"visible to {to.acting}")


def unscoped(model: type[Row], *, because: str) -> QuerySet[Row]:
    """All rows; ``because`` says to the reader of the code why no one sees what is not theirs."""
    return allow_unscoped(model._default_manager.all(), because)


def allow_unscoped(rows: QuerySet[Row], why: str) -> QuerySet[Row]:
    """The same query, allowed to run."""
    rows._scoped = why  # type: ignore[attr-defined] # noqa: SLF001 - our own mark
    return rows


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
