"""Requests that no page can answer are refused at the door, once for all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

__all__ = ["refuse_null_characters"]

NULL = "\x00"


def refuse_null_characters(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: an address with a null character is a mistake or an attack, and PostgreSQL cannot hold one."""

    def looked_at(request: HttpRequest) -> HttpResponse:
        values = (value for _, listed in request.GET.lists() for value in listed)
        if NULL in request.path or any(NULL in value for value in values):
            raise BadRequest("the address holds a null character")
        return answer(request)

    return looked_at
