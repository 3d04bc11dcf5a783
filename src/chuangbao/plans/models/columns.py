"""A polygon as PostgreSQL keeps one, so that it can hold that no two overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PolygonField", "write_polygon"]


def write_polygon(points: Sequence[tuple[float, float]]) -> str:
    """Return points (x, y) as PostgreSQL reads a polygon: ``((0,0),(1,0),(1,1))``."""
    return f"({','.join(f'({x:g},{y:g})' for x, y in points)})" if points else ""


class PolygonField(models.Field):
    """A column of the type ``polygon``, as the text that PostgreSQL reads and writes; see ``write_polygon``."""

    def db_type(self, connection: Any) -> str | None:
        """Return the name of the type, which PostgreSQL alone has."""
        return "polygon" if connection.vendor == "postgresql" else None
