"""Rows that many tests begin with, written by the system's own code once a process and copied from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from psycopg.sql import SQL, Identifier

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARY = ("policies_entry", "policies_loadedpack")
REGIONS = ("core_region", "core_regionperiod")
KEPT: dict[str, dict[str, bytes]] = {}
"""By what was loaded: the rows of each table as PostgreSQL's own copy has them."""


def put_library() -> None:
    """Write the library of the pack of this installation."""
    from chuangbao.core.engine.current import current_pack
    from chuangbao.policies.domain.load import load_library

    pack = current_pack()
    load_kept(f"library {pack.digest}", lambda: load_library(pack=pack), *LIBRARY)


def put_regions() -> None:
    """Write the regions of the pack."""
    from chuangbao.core.engine.regions import load_regions

    load_kept("regions", load_regions, *REGIONS)


def load_kept(what: str, load: Callable[[], object], *tables: str) -> None:
    """Load rows into empty tables: the first time by ``load``, then from a copy of what it wrote."""
    if any(count_rows(table) for table in tables):
        load()
    elif what in KEPT:
        for table in tables:
            copy_in(table, KEPT[what][table])
    else:
        load()
        KEPT[what] = {table: copy_out(table) for table in tables}


def count_rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SQL("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1) AS first").format(Identifier(table)))
        return cursor.fetchone()[0]


def copy_out(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as rows:
        return b"".join(bytes(row) for row in rows)


def copy_in(table: str, rows: bytes) -> None:
    with connection.cursor() as cursor, cursor.cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
        copy.write(rows)
