"""Requests that no page can answer are refused at the door, once for all pages."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from chuangbao.core.actors import Actor

__all__ = ["Request", "client_address", "figure_in", "keep_no_copies", "refuse_null_characters", "safe_place"]

NULL = "\x00"
KEYS = {"token", "key"}
"""The parts of addresses that open something by themselves."""


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


def keep_no_copies(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what is shown to one person, or behind an address that is a key, is kept by no browser or proxy."""

    def uncopied(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        match = request.resolver_match
        personal = bool(match and KEYS & match.kwargs.keys()) or any(
            settings.SESSION_COOKIE_NAME in cookies for cookies in (request.COOKIES, response.cookies)
        )
        if personal and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    return uncopied


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: told by the last of our own proxies, and by nobody where there is none."""
    told = request.headers.get("X-Forwarded-For", "").split(",") if settings.PROXIES else []
    if len(told) >= settings.PROXIES > 0:
        with suppress(ValueError):
            return str(ip_address(told[-settings.PROXIES].strip()))
    return str(request.META.get("REMOTE_ADDR", ""))


def safe_place(request: HttpRequest, place: str) -> str:
    """An address of this site as it is; nothing for one that leads elsewhere, or for a word that is no address."""
    fine = url_has_allowed_host_and_scheme(place, {request.get_host()}, require_https=request.is_secure())
    return place if fine and place.startswith(("/", f"{request.scheme}://")) else ""


def figure_in(text: str, default: int = 0, *, digits: int = 9) -> int:
    """The whole number that a form brought; the default for anything else, and for more digits than a column holds."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else default
