"""What a database holds, as figures that do not depend on where PostgreSQL put it: rows and a digest per table.

A table's digest is the sum of the digests of its rows, so neither their order nor their place matters.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

__all__ = ["Holding", "digest_tables", "list_differences", "total"]

TABLES = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname COLLATE "C" """
SAME_TEXT = (
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'iso_8601';"
    " SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'"
)
# two halves of 62 bits each stay positive and add up without overflow
DIGEST = """SELECT count(*), coalesce(sum((('x' || substr(h, 1, 16))::bit(64)::bigint >> 2)::numeric), 0),
    coalesce(sum((('x' || substr(h, 17, 16))::bit(64)::bigint >> 2)::numeric), 0)
FROM (SELECT encode(sha256(convert_to(t::text, 'UTF8')), 'hex') AS h FROM {} t) hashed"""


@dataclass(frozen=True, slots=True)
class Holding:
    """What one table holds."""

    rows: int
    digest: str


def digest_tables(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, Holding]:
    """Every table, within the transaction that the connection is in."""
    found: dict[str, Holding] = {}
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(SAME_TEXT)
        names = [str(name) for (name,) in cursor.execute(TABLES).fetchall()]
        for name in names:
            row = cursor.execute(sql.SQL(DIGEST).format(sql.Identifier(name))).fetchone() or (0, 0, 0)
            found[name] = Holding(int(str(row[0])), sha256(f"{row[0]} {row[1]} {row[2]}".encode()).hexdigest())
    return found


def total(held: Mapping[str, Holding]) -> str:
    """One digest for all."""
    lines = "".join(f"{name} {holding.rows} {holding.digest}\n" for name, holding in sorted(held.items()))
    return sha256(lines.encode()).hexdigest()


def list_differences(before: Mapping[str, Holding], after: Mapping[str, Holding]) -> list[str]:
    """The tables that do not hold the same, and how many rows each had."""
    return [
        f"{name}: {describe_digest(before.get(name))} → {describe_digest(after.get(name))}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def describe_digest(holding: Holding | None) -> str:
    """A table in words."""
    return "no table" if holding is None else "{rows} rows, {digest:.12}…".format(**asdict(holding))
