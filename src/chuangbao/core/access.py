"""Who may open a page: every view says it, and a test fails on one that does not.

Accounts do not exist yet, so the only declaration so far is ``public``. A page without a declaration is
a mistake that the resolver test (tests/portal/test_access.py) finds by walking every URL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

__all__ = ["access_of", "public"]

View = TypeVar("View", bound="Callable[..., HttpResponseBase]")

DECLARATION = "chuangbao_access"


def public(view: View) -> View:
    """Declare that anyone may open this page, with no account (公开服务)."""
    setattr(view, DECLARATION, "public")
    return view


def access_of(view: object) -> str | None:
    """Return what a view declared, or None when it declared nothing."""
    declared = getattr(view, DECLARATION, None)
    return declared if isinstance(declared, str) else None
