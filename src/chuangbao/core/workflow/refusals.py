"""Saying no (不予办理): a verb that must not happen says which rule stops it, in words a person can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["Refused"]


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A verb was not carried out and nothing has changed.

    ``code`` is for programs and tests, ``message`` for people (what, why, what to do), ``field`` names the
    form field it belongs to; empty where it concerns the whole.
    """

    def __init__(self, code: str, message: str | _StrPromise = "", *, field: str = "") -> None:
        super().__init__(code)
        self.code, self.message, self.field = code, message or code, field

    def __str__(self) -> str:
        """The words for people."""
        return str(self.message)
