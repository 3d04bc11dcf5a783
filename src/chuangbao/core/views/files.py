"""One's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from chuangbao.core.access import page, signed_in
from chuangbao.core.files import serve
from chuangbao.core.models import StoredFile
from chuangbao.core.scope import visible

if TYPE_CHECKING:
    from uuid import UUID

    from django.http.response import HttpResponseBase

    from chuangbao.core.requests import Request

__all__ = ["own_file"]


@page(permission=signed_in)
@require_GET
def own_file(request: Request, key: UUID) -> HttpResponseBase:
    """Give back a file to whoever brought it."""
    return serve(get_object_or_404(visible(StoredFile, to=request.actor), key=key), request)
