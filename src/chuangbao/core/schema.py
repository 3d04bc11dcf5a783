"""How the database stands to this program: behind it, ahead of it, or beside it."""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

__all__ = ["applied", "named", "ours", "pending", "unknown"]


def pending() -> list[str]:
    """The migrations that this program has and the database has not; raises DatabaseError where none answers."""
    return named(ours() - applied())


def unknown() -> list[str]:
    """The migrations that the database has and this program does not know: a newer program wrote it."""
    labels = {config.label for config in apps.get_app_configs()}
    return named({(app, name) for app, name in applied() - ours() if app in labels})


def applied() -> frozenset[tuple[str, str]]:
    """The migrations that the database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return frozenset()
        cursor.execute("SELECT app, name FROM django_migrations")
        return frozenset(cursor.fetchall())


@cache
def ours() -> frozenset[tuple[str, str]]:
    """The migrations of this program."""
    return frozenset(MigrationLoader(None).disk_migrations)


def named(migrations: frozenset[tuple[str, str]] | set[tuple[str, str]]) -> list[str]:
    """As people write them."""
    return [f"{app}.{name}" for app, name in sorted(migrations)]
