"""Addresses that are keys (链接口令): an invitation, a check-up, a shared copy.

The token is in the address alone; the database keeps its SHA-256, so that no one who reads a table or a backup of
it can open anything. A token has 256 random bits: its hash needs no salt and is found by an index, which says nothing
of a token by the time it takes.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import models
from psycopg import sql

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps

__all__ = ["KeyedByAddress", "derive_token", "hash_token", "hash_tokens_of", "new_token"]


def new_token() -> str:
    """Return an unguessable token of 256 bits."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What the database keeps of a token: SHA-256 in hexadecimal digits."""
    return sha256(token.encode()).hexdigest()


def derive_token(token: str, purpose: str) -> str:
    """A token that only the holder of another one can work out again, one for each purpose."""
    return urlsafe_b64encode(hmac.digest(token.encode(), purpose.encode(), "sha256")).decode().rstrip("=")


class KeyedByAddress(models.Model):
    """A row whose address is its key: ``token`` is known when it is made and to those who come by the address."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    token = ""

    class Meta:
        """Models inherit it."""

        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Make a token for a new row that has none."""
        if not self.token_hash:
            self.give_token(new_token())
        super().save(*args, **kwargs)

    def give_token(self, token: str) -> None:
        """Let the row be found by a token from now on; the caller saves it."""
        self.token, self.token_hash = token, hash_token(token)


def hash_tokens_of(table: str) -> Any:
    """A step of a migration: hash the tokens of a table where they stand, so that addresses in use keep working."""

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        hashed = sql.SQL("UPDATE {} SET token_hash = encode(sha256(convert_to(token_hash, 'UTF8')), 'hex')")
        with editor.connection.cursor() as cursor:
            cursor.execute(hashed.format(sql.Identifier(table)))

    return forwards
