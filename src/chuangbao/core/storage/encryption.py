"""Secrets at rest (敏感信息加密): a field or a file is sealed with AES-256-GCM, or SM4-GCM where the office wants it.

Keys come from ``CHUANGBAO_KEYS`` (``id:base64``, separated by commas, the first seals, all open) or from one made
at the first start in the data folder. A sealed text begins with its cipher and the id of its key, so keys can be
changed without touching what was written before; ``context`` binds it to its place and its row, a copy elsewhere
stays shut.
"""

from __future__ import annotations

import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["EncryptedTextField", "SealedBytes", "SealedError", "decrypt_bytes", "encrypt_bytes", "pad", "unpad"]

NONCE, TAG, SM4_KEY = 12, 16, 16


class SealedError(Exception):
    """Something sealed cannot be opened: its key is missing, or it was changed or moved."""


def aes(key: bytes, nonce: bytes, content: bytes, context: bytes) -> bytes:
    """AES-256-GCM."""
    return AESGCM(key).encrypt(nonce, content, context)


def un_aes(key: bytes, nonce: bytes, content: bytes, context: bytes) -> bytes:
    """The other way."""
    return AESGCM(key).decrypt(nonce, content, context)


def sm4(key: bytes, nonce: bytes, content: bytes, context: bytes) -> bytes:
    """SM4-GCM (GB/T 32907)."""
    at_work = Cipher(SM4(key[:SM4_KEY]), GCM(nonce)).encryptor()
    at_work.authenticate_additional_data(context)
    return at_work.update(content) + at_work.finalize() + at_work.tag


def un_sm4(key: bytes, nonce: bytes, content: bytes, context: bytes) -> bytes:
    """The other way."""
    at_work = Cipher(SM4(key[:SM4_KEY]), GCM(nonce, content[-TAG:])).decryptor()
    at_work.authenticate_additional_data(context)
    return at_work.update(content[:-TAG]) + at_work.finalize()


CIPHERS: dict[str, tuple[Callable[..., bytes], Callable[..., bytes]]] = {"aes": (aes, un_aes), "sm4": (sm4, un_sm4)}


@cache
def keys(given: str, folder: Path) -> dict[str, bytes]:
    """The keys by id, the one that seals first."""
    place = folder / "field-keys"
    text = given or (place.read_text(encoding="ascii") if place.is_file() else create_key_file(place))
    pairs = [entry.split(":", 1) for entry in text.strip().split(",")]
    return {name.strip(): urlsafe_b64decode(value) for name, value in pairs}


def create_key_file(place: Path) -> str:
    """Create a first key, readable by its owner alone."""
    text = f"k1:{urlsafe_b64encode(secrets.token_bytes(32)).decode()}"
    place.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
    return text


def encrypt_bytes(content: bytes, *, context: str) -> bytes:
    """Seal some bytes: ``cipher:key:`` and then nonce and cipher text."""
    held = keys(settings.FIELD_KEYS, settings.DATA_DIR)
    name, cipher = next(iter(held)), settings.FIELD_CIPHER
    nonce = secrets.token_bytes(NONCE)
    return f"{cipher}:{name}:".encode() + nonce + CIPHERS[cipher][0](held[name], nonce, content, context.encode())


def decrypt_bytes(content: bytes, *, context: str) -> bytes:
    """Open what was sealed in the same context; raises SealedError."""
    try:
        cipher, name, rest = bytes(content).split(b":", 2)
        key = keys(settings.FIELD_KEYS, settings.DATA_DIR)[name.decode()]
        return CIPHERS[cipher.decode()][1](key, rest[:NONCE], rest[NONCE:], context.encode())
    except (InvalidTag, KeyError, ValueError) as fault:
        raise SealedError("this cannot be opened: its key is missing from CHUANGBAO_KEYS, or it was changed") from fault


def pad(text: str, block: int) -> bytes:
    """Fill a text up to whole blocks of bytes, at least one, with NUL, which no text of PostgreSQL holds."""
    content = text.encode()
    return content.ljust(max(1, -(-len(content) // block)) * block, b"\0") if block > 1 else content


def unpad(text: str) -> str:
    """Return a text without what filled it up."""
    return text.rstrip("\0")


class SealedBytes(bytes):
    """A value as PostgreSQL holds it, not opened yet: only its row knows what it is bound to."""


class BoundAttribute(DeferredAttribute):
    """Decrypts a value with its row; one that was moved from another row raises SealedError."""

    field: EncryptedTextField

    def __get__(self, row: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        """The text of a row, or the attribute itself."""
        if row is None:
            return self
        held, name = row.__dict__, self.field.attname
        if name not in held:  # deferred: read alone, without the rest of its row
            rows = type(row)._base_manager.using(row._state.db).filter(pk=row.pk)
            held[name] = rows.values_list(name, flat=True).get()
        if isinstance(held[name], SealedBytes):
            held[name] = unpad(decrypt_bytes(held[name], context=self.field.context_of(row)).decode())
        return held[name]

    def __set__(self, row: models.Model, value: object) -> None:
        """Keep a text, or what is sealed; with this a value that is there is asked for here as well."""
        row.__dict__[self.field.attname] = value


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg] # generic in the stubs alone
    """A text that PostgreSQL only ever sees sealed (加密字段); it can be read by its row, never searched.

    ``bound_to`` names fields of the row that never change: a value copied into another row stays shut there. It is
    read and written with its row; ``values_list`` gives it as it is sealed. Texts are filled up to whole blocks of
    ``block`` bytes, so that the length of what is sealed does not tell a yes from a no.
    """

    descriptor_class = BoundAttribute

    def __init__(self, *args: Any, bound_to: tuple[str, ...] = (), block: int = 1, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)
        self.bound_to, self.block = bound_to, block

    def _check_str_default_value(self) -> list[Any]:
        """A default is a text here, which is sealed with its row (Django expects bytes of a BinaryField)."""
        return []

    @property
    def context(self) -> str:
        """The place it belongs to."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def context_of(self, row: models.Model) -> str:
        """The place and the row it belongs to."""
        return ":".join([self.context, *(str(getattr(row, name)) for name in self.bound_to)])

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        """Seal it for its row on the way in."""
        value = super().pre_save(model_instance, add)
        return None if value is None else self.seal(value, model_instance)

    def seal(self, text: object, row: models.Model) -> SealedBytes:
        """Return what the database holds for a text of a row."""
        return SealedBytes(encrypt_bytes(pad(str(text), self.block), context=self.context_of(row)))

    def get_prep_value(self, value: Any) -> Any:
        """What was sealed for its row; raises TypeError for a text, which no row comes with."""
        if value is not None and not isinstance(value, SealedBytes):
            raise TypeError(f"{self.context} is written with its row: set the attribute and save()")
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """The driver wants its own binary."""
        return super().get_db_prep_value(value if prepared else self.get_prep_value(value), connection, prepared=True)

    def from_db_value(self, value: Any, *_: Any) -> SealedBytes | None:
        """As it is sealed, until its row asks for it."""
        return None if value is None else SealedBytes(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is one can be asked."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: models.Model) -> str:
        """As text, for exports."""
        return str(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:
        """A text stays a text."""
        return value
