"""Every page is answered under the rules as they are published at its beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.core.engine.current import use_newest_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

__all__ = ["follow_the_register"]


def follow_the_register(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the engine is looked up when the page first needs it, and stays the same to its end."""

    def following(request: HttpRequest) -> HttpResponse:
        with use_newest_engine():
            return answer(request)

    return following
