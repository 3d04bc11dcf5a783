"""Sealing a column in a migration: for the first time, or bound to its row where it was bound to its place alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from psycopg import sql

from chuangbao.core.storage.encryption import SealedError, decrypt_bytes, encrypt_bytes, pad, unpad

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["Column", "open_column", "reseal", "rewrite_table", "seal_column"]

PART = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column: its table and name, the context of its field, what of the row binds it, its blocks in bytes."""

    table: str
    name: str
    place: str
    bound_to: tuple[str, ...]
    block: int = 1

    def context_of(self, parts: Sequence[object]) -> str:
        """The place and the row that a value belongs to."""
        return ":".join([self.place, *map(str, parts)])


def reseal(
    connection: BaseDatabaseWrapper, table: str, column: str, *, place: str, bound_to: Sequence[str], back: bool = False
) -> int:
    """Seal each value of a column for its row, a part at a time; how many were.

    Args:
        connection: the database.
        table: its table.
        column: the sealed column.
        place: the context that all of the column had.
        bound_to: the columns of the row that are part of the context from now on.
        back: the other way round.

    A value that no key opens stays as it is: it was lost before.
    """
    sealing = Column(table, column, place, tuple(bound_to))

    def change(value: bytes, parts: Sequence[object]) -> bytes | None:
        contexts = [place, sealing.context_of(parts)]
        before, after = reversed(contexts) if back else contexts
        try:
            return encrypt_bytes(decrypt_bytes(value, context=before), context=after)
        except SealedError:
            return None

    return convert(connection, sealing, source=column, target=column, change=change)


def seal_column(connection: BaseDatabaseWrapper, column: Column, *, plain: str) -> int:
    """Fill a sealed column from one in clear, a part at a time; how many values were sealed."""

    def change(value: str, parts: Sequence[object]) -> bytes:
        return encrypt_bytes(pad(value, column.block), context=column.context_of(parts))

    return convert(connection, column, source=plain, target=column.name, change=change)


def open_column(connection: BaseDatabaseWrapper, column: Column, *, plain: str) -> int:
    """The way back of ``seal_column``: fill the column in clear; a value that no key opens stays empty."""

    def change(value: bytes, parts: Sequence[object]) -> str | None:
        try:
            return unpad(decrypt_bytes(value, context=column.context_of(parts)).decode())
        except SealedError:
            return None

    return convert(connection, column, source=column.name, target=plain, change=change)


def convert(
    connection: BaseDatabaseWrapper,
    column: Column,
    *,
    source: str,
    target: str,
    change: Callable[..., bytes | str | None],
) -> int:
    """Write what ``change`` makes of each value of ``source`` and its row into ``target``; None leaves it as it is."""
    names = {"table": sql.Identifier(column.table), "source": sql.Identifier(source), "target": sql.Identifier(target)}
    bound = sql.SQL(", ").join(map(sql.Identifier, column.bound_to))
    select = sql.SQL(
        "SELECT id, {source}, {bound} FROM {table} WHERE {source} IS NOT NULL AND id > %s ORDER BY id LIMIT %s"
    ).format(bound=bound, **names)
    update = sql.SQL("UPDATE {table} SET {target} = %s WHERE id = %s").format(**names)
    last, count = 0, 0
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        while True:
            cursor.execute(select, [last, PART])
            rows = cursor.fetchall()
            if not rows:
                return count
            for row, value, *parts in rows:
                changed = change(value, parts)
                if changed is not None:
                    cursor.execute(update, [changed, row])
                    count += 1
            last = rows[-1][0]


def rewrite_table(connection: BaseDatabaseWrapper, table: str) -> None:
    """Write a table into a new file: what columns held that are gone, and rows of before, leave the disk with the old.

    PostgreSQL only hides a dropped column; its values stay in the file of the table until each row is written again.
    """
    names = {"table": sql.Identifier(table), "index": sql.Identifier(f"{table}_pkey")}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CLUSTER {table} USING {index}").format(**names))
        cursor.execute(sql.SQL("ALTER TABLE {table} SET WITHOUT CLUSTER").format(**names))
