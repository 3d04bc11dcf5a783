"""Requests that no page can answer are refused at the door, once for all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from chuangbao.core.actors import Actor

__all__ = ["Request", "refuse_null_characters", "safe_place"]

NULL = "\x00"


class Request(HttpRequest):
    """A request of which it is known who acts; ``accounts.middleware`` sees to it for every one."""

    actor: Actor


def refuse_null_characters(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: an address with a null character is a mistake or an attack, and PostgreSQL cannot hold one."""

    def looked_at(request: HttpRequest) -> HttpResponse:
        values = (value for _, listed in request.GET.lists() for value in listed)
        if NULL in request.path or any(NULL in value for value in values):
            raise BadRequest("the address holds a null character")
        return answer(request)

    return looked_at


def safe_place(request: HttpRequest, place: str) -> str:
    """An address of this site as it is; nothing for one that leads elsewhere."""
    fine = url_has_allowed_host_and_scheme(place, {request.get_host()}, require_https=request.is_secure())
    return place if fine else ""
