"""How the database compares with this program: behind it, ahead of it, or beside it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "applied_migrations",
    "migration_names",
    "pending_migrations",
    "program_migrations",
    "settle_before_changes",
    "unknown_migrations",
]

CHANGES = re.compile(r"\s*(CREATE|ALTER|DROP|TRUNCATE)\b", re.IGNORECASE)


def pending_migrations() -> list[str]:
    """The migrations that this program has and the database has not; raises DatabaseError where none answers."""
    return migration_names(program_migrations() - applied_migrations())


def unknown_migrations() -> list[str]:
    """The migrations that the database has and this program does not know: a newer program wrote it."""
    labels = {config.label for config in apps.get_app_configs()}
    return migration_names({(app, name) for app, name in applied_migrations() - program_migrations() if app in labels})


def applied_migrations() -> frozenset[tuple[str, str]]:
    """The migrations that the database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return frozenset()
        cursor.execute("SELECT app, name FROM django_migrations")
        return frozenset(cursor.fetchall())


@cache
def program_migrations() -> frozenset[tuple[str, str]]:
    """The migrations of this program."""
    return frozenset(MigrationLoader(None).disk_migrations)


def migration_names(migrations: frozenset[tuple[str, str]] | set[tuple[str, str]]) -> list[str]:
    """As people write them."""
    return [f"{app}.{name}" for app, name in sorted(migrations)]


@contextmanager
def settle_before_changes() -> Iterator[None]:
    """Let PostgreSQL check deferred constraints before each change of a table, so that a migration may do both.

    A migration that writes rows and then changes their table in the same transaction fails otherwise with "pending
    trigger events" as soon as the table holds rows; an empty one never shows it.
    """
    with connection.execute_wrapper(settle_first):
        yield


def settle_first(
    execute: Callable[..., Any],
    statement: Any,
    parameters: Any,
    many: bool,  # noqa: FBT001 - Django's own
    context: dict[str, Any],
) -> Any:
    """Check what is pending, then run the statement."""
    if connection.in_atomic_block and CHANGES.match(str(statement)):
        context["cursor"].cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return execute(statement, parameters, many, context)
