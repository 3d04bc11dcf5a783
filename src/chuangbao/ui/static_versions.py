"""Addresses of static files that change with their content, so that a browser may keep a file for a year."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

__all__ = ["VersionedStaticFilesStorage", "keep_versioned_files"]

VERSION = "v"
A_YEAR = f"public, max-age={365 * 24 * 3600}, immutable"
OK = 200


class VersionedStaticFilesStorage(StaticFilesStorage):
    """Adds a fingerprint of the content to the address of each file: ``/static/ui/shell.css?v=…``."""

    def url(self, name: str | None) -> str:
        """Return the address of a file with its fingerprint; without one where the file is not found."""
        address = super().url(name)
        version = (fingerprint.__wrapped__ if settings.DEBUG else fingerprint)(name or "")
        return f"{address}?{VERSION}={version}" if version else address


@lru_cache(maxsize=512)
def fingerprint(name: str) -> str:
    """Return twelve characters that change with the content of a static file."""
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12] if isinstance(found, str) else ""


def keep_versioned_files(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a browser keeps a static file for a year where its address tells which content is meant."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if request.path_info.startswith(settings.STATIC_URL) and VERSION in request.GET and response.status_code == OK:
            response["Cache-Control"] = A_YEAR
        return response

    return handle
