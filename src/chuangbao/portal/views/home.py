"""The first page: what this is, three ways in, who you are, and what there is to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import public
from chuangbao.core.engine.current import current_pack
from chuangbao.portal.figures import count, newest

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

__all__ = ["home"]


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """首页: everything on it is counted from the loaded pack."""
    pack = current_pack()
    return render(
        request,
        "portal/home.html",
        {"figures": count(pack), "audiences": pack.audiences, "documents": newest(pack), "region": pack.title},
    )
