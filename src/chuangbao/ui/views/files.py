"""The person's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from chuangbao.core.access.permissions import page, signed_in
from chuangbao.core.access.row_access import visible
from chuangbao.core.models import StoredFile
from chuangbao.core.storage.files import serve

if TYPE_CHECKING:
    from uuid import UUID

    from django.http.response import HttpResponseBase

    from chuangbao.core.http.requests import Request

__all__ = ["own_file"]


@page(permission=signed_in)
@require_GET
def own_file(request: Request, key: UUID) -> HttpResponseBase:
    """Give a file back to the person who uploaded it."""
    return serve(get_object_or_404(visible(StoredFile, to=request.actor), key=key), request)
