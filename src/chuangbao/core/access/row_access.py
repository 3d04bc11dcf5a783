"""Reads within an actor's sight (数据范围), by construction: an unscoped read inside a request is refused.

A context registers what an actor may see of a model with ``@scope(Model)``; pages read with
``visible(Model, to=actor)``. ``Model.objects`` of a scoped model refuses to be read while a request is
answered, unless it was reached from a row already in sight, or ``unscoped`` says why it may be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, Q, QuerySet

from chuangbao.core.access.scoped_rows import ScopedManager, UnscopedQueryError, forbid_unscoped_reads

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuangbao.core.access.actors import Actor

__all__ = ["SCOPES", "ScopedManager", "UnscopedQueryError", "forbid_unscoped_reads", "scope", "unscoped", "visible"]

Row = TypeVar("Row", bound=Model)
SCOPES: dict[type[Model], Callable[[Any], Q]] = {}
EVERYTHING, NOTHING = Q(), Q(pk__in=[])


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
