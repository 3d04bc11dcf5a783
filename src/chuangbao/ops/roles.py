"""Two roles in PostgreSQL: the owner migrates, the application works and can rewrite nothing of the record.

``chuangbao up`` and ``chuangbao upgrade`` grant the application's role what it needs after every migration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections
from psycopg import sql

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

__all__ = ["APPLICATION", "grant_application"]

APPLICATION = "chuangbao_app"
KEPT = {"core_history": "SELECT, INSERT", "core_seal": "SELECT"}


def grant_application(*, role: str = APPLICATION, using: str = "default") -> None:
    """Create the application's role where it is missing, and give it exactly what it needs."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            run(cursor, "CREATE ROLE {} LOGIN", role)
        run(cursor, "GRANT USAGE ON SCHEMA public TO {}", role)
        run(cursor, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}", role)
        run(cursor, "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", role)
        run(cursor, "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}", role)
        for table, allowed in KEPT.items():
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(sql.Identifier(table), sql.Identifier(role)))
            grant = sql.SQL("GRANT " + allowed + " ON {} TO {}")
            cursor.execute(grant.format(sql.Identifier(table), sql.Identifier(role)))


def run(cursor: CursorWrapper, statement: str, role: str) -> None:
    """One statement about the role."""
    cursor.execute(sql.SQL(statement).format(sql.Identifier(role)))
