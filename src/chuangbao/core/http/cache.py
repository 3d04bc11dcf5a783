"""The cache (缓存): JSON in PostgreSQL, so that a row of the database is data and never code, and no row is forgotten.

Limits of sign-in and sign-up are counted here. Django's own table of the cache keeps pickled objects, which anyone who
may write one row could make run anything, and throws rows away beyond three hundred, locks and counts included.
This one forgets what has expired, and nothing else.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Cache", "sweep"]

GET = "SELECT value FROM core_cache WHERE cache_key = %(key)s AND expires > clock_timestamp()"
UNTIL = "coalesce(clock_timestamp() + make_interval(secs => %(seconds)s), 'infinity')"
PUT = f"INSERT INTO core_cache AS c (cache_key, value, expires) VALUES (%(key)s, %(value)s, {UNTIL})"  # noqa: S608 - our own words
SET = f"{PUT} ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires RETURNING 1"
ADD = SET.replace("RETURNING", "WHERE c.expires <= clock_timestamp() RETURNING")
TOUCH = f"UPDATE core_cache SET expires = {UNTIL} WHERE cache_key = %(key)s AND expires > clock_timestamp() RETURNING 1"  # noqa: S608 - our own words
DELETE = "DELETE FROM core_cache WHERE cache_key = %(key)s RETURNING expires > clock_timestamp()"
EXPIRED = "DELETE FROM core_cache WHERE expires <= clock_timestamp()"


class Cache(BaseCache):
    """Django's interface to the table ``core_cache``; a value is whatever JSON can write."""

    def __init__(self, _location: str, params: Mapping[str, Any]) -> None:
        super().__init__(dict(params))

    def ask(self, statement: str, key: str, version: int | None, **values: object) -> Any:
        """The first value of the answer about a key, or None."""
        with connection.cursor() as cursor:
            given: dict[str, Any] = {"key": self.make_and_validate_key(key, version=version), **values}
            cursor.execute(statement, given)
            row = cursor.fetchone()
        return row[0] if row else None

    def seconds(self, timeout: float | object | None) -> float | None:
        """How long a value is kept; None for ever."""
        return self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout  # type: ignore[return-value] # Django's mark is an object

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value; the default also for what is no JSON."""
        try:
            text = self.ask(GET, key, version)
            return default if text is None else json.loads(text)
        except ValueError:
            return default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value; raises TypeError for one that JSON cannot write."""
        self.ask(SET, key, version, value=json.dumps(value), seconds=self.seconds(timeout))

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value unless there is one; of two that add at once one gets True."""
        return self.ask(ADD, key, version, value=json.dumps(value), seconds=self.seconds(timeout)) is not None

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep what there is for longer."""
        return self.ask(TOUCH, key, version, seconds=self.seconds(timeout)) is not None

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a value; whether there was one."""
        return bool(self.ask(DELETE, key, version))

    def clear(self) -> None:
        """Forget everything."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM core_cache")


def sweep() -> int:
    """Forget what has expired; how many values."""
    with connection.cursor() as cursor:
        cursor.execute(EXPIRED)
        return int(cursor.rowcount)
